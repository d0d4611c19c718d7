/*
 *              failure, the 5th in a row
 *   closed ───────────────────────────────► open
 *     ▲  ▲ success                           │ pause over
 *     │  └──────────────── half_open ◄───────┘
 *     │                       │ failure: open again, for twice as long
 *     └── success             ▼
 */

/** Failures in a row that open a breaker. */
const failuresMax = 5;
const firstPauseMs = 30_000;
const pauseMsMax = 15 * 60_000;

type BreakerState = "closed" | "open" | "half_open";

/** Keeps requests from a provider that is down, and tries it with one request when a pause is over. */
export interface CircuitBreaker {
  /** Whether a request may go out now. In `half_open` only one may, until it is told how it went. */
  mayTry(): boolean;
  succeeded(): void;
  failed(): void;
  /** A request that went out and says nothing of the provider (stopped by us). */
  undecided(): void;
}

/** A breaker that is closed. The clock is in milliseconds. */
export function createBreaker(nowMs: () => number): CircuitBreaker {
  let state: BreakerState = "closed";
  let failures = 0;
  let pauseMs = firstPauseMs;
  let openedAtMs = 0;
  let isTrialOut = false;
  const open = (forMs: number) => {
    state = "open";
    pauseMs = Math.min(forMs, pauseMsMax);
    openedAtMs = nowMs();
    isTrialOut = false;
  };
  const onFailure: Readonly<Record<BreakerState, () => void>> = {
    closed: () => {
      if (++failures >= failuresMax) open(firstPauseMs);
    },
    open: () => undefined,
    half_open: () => open(pauseMs * 2),
  };
  return {
    mayTry: () => {
      if (state === "open" && nowMs() - openedAtMs >= pauseMs) state = "half_open";
      if (state === "closed") return true;
      if (state === "open" || isTrialOut) return false;
      return (isTrialOut = true);
    },
    succeeded: () => {
      if (state === "open") return; // an answer from before it opened
      state = "closed";
      failures = 0;
      isTrialOut = false;
    },
    failed: () => onFailure[state](),
    undecided: () => {
      isTrialOut = false;
    },
  };
}
