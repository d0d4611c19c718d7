import type { Clock } from "./ports.ts";

/** Mean first delay of a retry. */
const firstDelayMs = 250;
/** Longest delay between two tries. */
const delayMsMax = 15_000;

/** Waits between tries, longer each time. */
export interface Backoff {
  /** Waits a random part of a delay that doubles up to its cap (full jitter, AWS Architecture Blog 2015); `floorMs` is what the server asked for. */
  wait(signal: AbortSignal, floorMs?: number): Promise<void>;
  /** Cuts the present wait short and starts from the first delay again. */
  wake(): void;
  /** Starts from the first delay again. */
  reset(): void;
}

/** Makes a {@link Backoff}. */
export function createBackoff(clock: Clock, random: () => number): Backoff {
  let attempt = 0;
  let cut = new AbortController();
  return {
    async wait(signal, floorMs = 0) {
      const cap = Math.min(delayMsMax, firstDelayMs * 2 ** attempt);
      attempt++;
      cut = new AbortController();
      await clock.sleep(Math.max(floorMs, random() * cap), AbortSignal.any([signal, cut.signal]));
    },
    wake() {
      attempt = 0;
      cut.abort();
    },
    reset() {
      attempt = 0;
    },
  };
}
