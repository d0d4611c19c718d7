import type { SyncClient } from "@saldo/client-core/sync";

/** How often the worker looks at the clock. */
const tickMs = 15_000;
/** A tick this late means that the device slept: connections it held are dead, though nobody has told. */
const sleptMs = 30_000;
/** Tried again at least this often while there is something to send or no connection, whatever else happens. */
const tryAgainMs = 5 * 60_000;

/** Time and events as the worker has them. */
export interface OccasionPorts {
  readonly nowMs: () => number;
  every(delayMs: number, run: () => void): void;
  onOnline(run: () => void): void;
}

/** Makes sync try at once instead of waiting: when the network is back, after the device slept, and now and then while changes wait. */
export function syncOnOccasion(openSync: () => Pick<SyncClient, "now" | "status"> | undefined, { nowMs, every, onOnline }: OccasionPorts): void {
  const now = (): void => openSync()?.now();
  let lookedMs = nowMs();
  let triedMs = lookedMs;
  onOnline(now);
  every(tickMs, () => {
    const before = lookedMs;
    lookedMs = nowMs();
    const slept = lookedMs - before - tickMs > sleptMs;
    const state = openSync()?.status().state ?? "saved";
    const isDue = lookedMs - triedMs >= tryAgainMs && state !== "saved";
    if (!slept && !isDue) return;
    triedMs = lookedMs;
    now();
  });
}
