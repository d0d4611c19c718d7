/** Where the service reports what it does; a pino logger fits. Never given row values. */
export interface ShapeServiceLog {
  info(detail: Readonly<Record<string, unknown>>, message: string): void;
  warn(detail: Readonly<Record<string, unknown>>, message: string): void;
  error(detail: Readonly<Record<string, unknown>>, message: string): void;
}

/** What the service needs from whoever starts it. */
export interface ShapeServiceOptions {
  /** A role that may replicate, and own (or pre-publish) the tables. */
  readonly databaseUrl: string;
  /** Holds snapshots and logs; belongs to one slot. */
  readonly storageDir: string;
  readonly slotName: string;
  readonly publicationName: string;
  readonly log: ShapeServiceLog;
  /** Default 10 MiB: a response ends with the chunk that reaches it. */
  readonly chunkBytesMin?: number;
  /** Default 20 s: how long a live request is held. */
  readonly longPollMs?: number;
  /** Default 60 s: after this an event stream is closed and the client reconnects. */
  readonly sseMs?: number;
  /** Default 60: `max-age` of answers that are neither initial nor live. */
  readonly cacheMaxAgeSeconds?: number;
  /** Default 300: their `stale-while-revalidate`. */
  readonly cacheStaleAgeSeconds?: number;
  /** Default 20,000: beyond it the least recently asked shape is dropped. */
  readonly shapesMax?: number;
  /** Default 4: snapshots read from Postgres at once. */
  readonly snapshotsMax?: number;
  /** Default 60 s: how often tables are compared with the catalogue for changes that no row has told of. */
  readonly reconcileMs?: number;
  /** Default false: tables are added to the publication when a first shape asks for them. */
  readonly manualTablePublishing?: boolean;
  /** Default false: a table that no shape reads any more stays in the publication. */
  readonly unpublishUnusedTables?: boolean;
  /** Defaults: the process's clock and randomness. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
}

/** Options with every default filled in. */
export type ResolvedOptions = Required<ShapeServiceOptions>;

/** Fills in the defaults. */
export function resolveOptions(options: ShapeServiceOptions): ResolvedOptions {
  return {
    chunkBytesMin: 10 * 1024 * 1024,
    longPollMs: 20_000,
    sseMs: 60_000,
    cacheMaxAgeSeconds: 60,
    cacheStaleAgeSeconds: 300,
    shapesMax: 20_000,
    snapshotsMax: 4,
    reconcileMs: 60_000,
    manualTablePublishing: false,
    unpublishUnusedTables: false,
    nowMs: Date.now,
    random: Math.random,
    ...options,
  };
}
