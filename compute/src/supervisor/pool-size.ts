/** What the number of worker processes depends on. */
export interface PoolLoad {
  readonly size: number;
  /** How long the job that has waited longest has been waiting for a worker. */
  readonly waitMs: number;
  /** Time since the number changed last. */
  readonly steadyMs: number;
  /** Time since a job last had to wait. */
  readonly quietMs: number;
}

/** Between which bounds the number of processes moves, and how fast. */
export interface PoolRules {
  readonly min: number;
  readonly max: number;
  /** A wait beyond this asks for one more process. */
  readonly waitMsMax: number;
  /** A new process is given so long to take effect before the next. */
  readonly growAfterMs: number;
  /** Nothing waited for so long: one process less. */
  readonly shrinkAfterMs: number;
}

/** How many worker processes there should be: one more while jobs wait, one less after a quiet while, never beyond the bounds. */
export function poolSize({ size, waitMs, steadyMs, quietMs }: PoolLoad, { min, max, waitMsMax, growAfterMs, shrinkAfterMs }: PoolRules): number {
  const wanted = size + (waitMs > waitMsMax && steadyMs >= growAfterMs ? 1 : 0) - (quietMs >= shrinkAfterMs && steadyMs >= shrinkAfterMs ? 1 : 0);
  return Math.min(max, Math.max(min, wanted));
}
