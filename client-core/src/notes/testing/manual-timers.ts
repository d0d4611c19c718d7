import type { Timers } from "../note-document.ts";

/** Timers that run when a test says so. */
export interface ManualTimers extends Timers {
  /** Runs everything due within this long from now. */
  pass(delayMs: number): void;
  /** How many wait. */
  count(): number;
}

/** Makes {@link ManualTimers}. */
export function manualTimers(): ManualTimers {
  let nowMs = 0;
  const waiting = new Map<symbol, { readonly atMs: number; readonly run: () => void }>();
  return {
    after(delayMs, run) {
      const key = Symbol("timer");
      waiting.set(key, { atMs: nowMs + delayMs, run });
      return () => void waiting.delete(key);
    },
    pass(delayMs) {
      nowMs += delayMs;
      for (const [key, { atMs, run }] of [...waiting].toSorted(([, a], [, b]) => a.atMs - b.atMs)) {
        if (atMs <= nowMs && waiting.delete(key)) run();
      }
    },
    count: () => waiting.size,
  };
}
