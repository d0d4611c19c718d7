/** Told of what happens, for counting; all calls are synchronous and cheap. */
export interface ShapeServiceObserver {
  /** Committed transactions became visible, with this many row changes between them. */
  published(transactions: number, rowChanges: number): void;
  /** Touched logs and the position were made durable. */
  synced(durationMs: number): void;
  /** A shape ended although clients may hold its handle. */
  rotated(reason: string): void;
  /** The old part of a log was rewritten. */
  compacted(beforeBytes: number, afterBytes: number): void;
}

/** Counts nothing. */
export const noObserver: ShapeServiceObserver = { published: () => undefined, synced: () => undefined, rotated: () => undefined, compacted: () => undefined };

/** What the slot and the stream looked like when last asked. */
export interface SlotSample {
  /** `reserved`, `extended`, `unreserved` or `lost` (the manual's `wal_status`). */
  readonly status: string;
  /** WAL the server keeps for the slot. */
  readonly retainedBytes: number;
  /** WAL written that is not in the logs yet. */
  readonly lagBytes: number;
  /** How long the oldest of it has been waiting, as far as asking from time to time can tell. */
  readonly lagMs: number;
}

/** The service in figures. */
export interface ShapeServiceStatistics {
  readonly shapes: number;
  readonly logBytes: number;
  readonly snapshotBytes: number;
  /** Live requests parked at this moment, over all shapes. */
  readonly waiting: number;
  /** `undefined` until the slot was seen for the first time. */
  readonly slot: SlotSample | undefined;
}
