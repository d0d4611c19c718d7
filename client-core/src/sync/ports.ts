import type { IdSource } from "@saldo/schema";
import type { LocalDatabase } from "../store/local-database.ts";

/** Time as sync sees it: passed in, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Resolves after a while, or at once when the signal aborts; never rejects. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** The platform's clock. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, delayMs);
        signal.addEventListener("abort", done);
      }),
  };
}

/** Where sync tells what it does. The detail never has row values, tokens or file contents. */
export type SyncLog = (level: "info" | "warn" | "error", event: string, detail: Readonly<Record<string, string | number | boolean>>) => void;

/** What the parts of sync share. */
export interface SyncPorts {
  readonly database: LocalDatabase;
  /** Base address of the relay, without a trailing slash. */
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** A number in [0, 1): jitter only. */
  readonly random: () => number;
  readonly ids: IdSource;
  readonly log: SyncLog;
}
