import { keepAliveDelayMsDefault, silenceMsDefault } from "./connection-settings.ts";
import type { RowTap } from "./replication/row-tap.ts";
import { noObserver, type ShapeServiceObserver } from "./metrics/observer.ts";

/** Where the service reports what it does; a pino logger fits. Never given row values. */
export interface ShapeServiceLog {
  info(detail: Readonly<Record<string, unknown>>, message: string): void;
  warn(detail: Readonly<Record<string, unknown>>, message: string): void;
  error(detail: Readonly<Record<string, unknown>>, message: string): void;
}

/** How many requests are answered at the same time; more are answered 503. */
export interface AdmissionLimits {
  /** Requests with `offset=-1` (or `now`). */
  readonly initialMax: number;
  /** All others, live ones included. */
  readonly existingMax: number;
}

/** What the service needs from whoever starts it. */
export interface ShapeServiceOptions {
  /** A role that may replicate, and own (or pre-publish) the tables. */
  readonly databaseUrl: string;
  /** Default `databaseUrl`: where everything but replication goes; may be a pooler in front of the same server. */
  readonly queryDatabaseUrl?: string;
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
  /** Default unlimited: beyond it, snapshots and logs together, the least recently asked shapes are dropped. */
  readonly storageBytesMax?: number;
  /** Default unlimited: a shape nobody asked for that long is dropped. */
  readonly unusedMsMax?: number;
  /** Default 10 s: how often sizes and ages are looked at. */
  readonly maintenanceMs?: number;
  /** Default false: old parts of logs are rewritten so that each row appears once. */
  readonly compaction?: boolean;
  /** Default 300 and 10,000. */
  readonly admission?: AdmissionLimits;
  /** Default 20: connections for everything but replication. */
  readonly poolConnectionsMax?: number;
  /** Default 15 s: a database that says nothing for so long, although it was asked, is taken for gone. */
  readonly silenceMs?: number;
  /** Default 4: snapshots read from Postgres at once. */
  readonly snapshotsMax?: number;
  /** Default false: tables are added to the publication when a first shape asks for them. */
  readonly manualTablePublishing?: boolean;
  /** Default false: the slot ends with the connection, and every shape with it. */
  readonly temporarySlot?: boolean;
  /** Default 0, never: after this time without a change the database is left alone until the next request. */
  readonly replicationIdleMs?: number;
  /** Default 5 s: how long a request waits for a service that is starting, or waiting to take over, before it is answered 503. */
  readonly readyWaitMs?: number;
  /** Default 60 s: how often tables are compared with the catalogue for changes that no row has told of. */
  readonly reconcileMs?: number;
  /** Default false: a table that no shape reads any more stays in the publication. */
  readonly unpublishUnusedTables?: boolean;
  /** Told of what happens, for metrics. */
  readonly observer?: ShapeServiceObserver;
  /** Hears every row change of the publication; nobody when left out. */
  readonly rowTap?: RowTap;
  /** Called when the database the service had followed turns out to be another one, or an older copy of itself; every shape starts over then. */
  readonly databaseReplaced?: () => void;
  /** Default 10 s: idle time of a database connection before TCP asks whether the other side is there. */
  readonly keepAliveDelayMs?: number;
  /** Defaults: the process's clock and randomness. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
}

/** Options with every default filled in. */
export type ResolvedOptions = Required<Omit<ShapeServiceOptions, "rowTap" | "databaseReplaced">> & Pick<ShapeServiceOptions, "rowTap" | "databaseReplaced">;

/** Fills in the defaults. */
export function resolveOptions(options: ShapeServiceOptions): ResolvedOptions {
  return {
    queryDatabaseUrl: options.databaseUrl,
    chunkBytesMin: 10 * 1024 * 1024,
    longPollMs: 20_000,
    sseMs: 60_000,
    cacheMaxAgeSeconds: 60,
    cacheStaleAgeSeconds: 300,
    shapesMax: 20_000,
    storageBytesMax: Infinity,
    unusedMsMax: Infinity,
    maintenanceMs: 10_000,
    compaction: false,
    admission: { initialMax: 300, existingMax: 10_000 },
    poolConnectionsMax: 20,
    snapshotsMax: 4,
    silenceMs: silenceMsDefault,
    manualTablePublishing: false,
    temporarySlot: false,
    replicationIdleMs: 0,
    readyWaitMs: 5_000,
    reconcileMs: 60_000,
    unpublishUnusedTables: false,
    observer: noObserver,
    keepAliveDelayMs: keepAliveDelayMsDefault,
    nowMs: Date.now,
    random: Math.random,
    ...options,
  };
}
