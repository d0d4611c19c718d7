import { isTableName, tableNames, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase } from "../store/local-database.ts";
import { createArrivals, type Arrivals } from "./arrivals.ts";
import { applyCheckpoint, type Checkpoint, type CheckpointResult } from "./checkpoint.ts";
import { readBatch } from "./message.ts";
import { readSetting } from "./settings.ts";
import { createShapeLog, dueOf, settle, takeBatch, type Cursor, type ShapeLog } from "./shape-log.ts";
import { clearStaged } from "./staging.ts";

/** What a checkpointer needs and tells. */
export interface CheckpointerOptions {
  readonly database: LocalDatabase;
  readonly clientId: string;
  /** The present instant by the device's clock. */
  readonly now: () => string;
  /** Applies one checkpoint in one transaction. */
  readonly apply?: (database: LocalDatabase, checkpoint: Checkpoint) => Promise<CheckpointResult>;
  /** A check has to be announced before anything may be applied. */
  readonly askForCheck: () => void;
  /** The shape has lost step: its stream has to end, `refetch` be called, and a new stream start from nothing. */
  readonly restart: (shape: TableName) => void;
  /** A checkpoint was reached; `rowsWritten` is 0 when nothing visible changed. */
  readonly reached: (result: CheckpointResult) => void;
}

/** Turns what streams and announcements bring into checkpoints of the store. It does no IO but the store's. */
export interface Checkpointer {
  readonly arrivals: Arrivals;
  /** Where each shape's stream goes on; a shape that is not here begins with its snapshot. */
  readonly cursors: ReadonlyMap<TableName, Cursor>;
  /** A stream brought messages; resolves when they are taken in. Returns how many. */
  batch(shape: TableName, raw: readonly unknown[], cursor: Cursor): Promise<number>;
  /** The server's log of the shape began anew: what came of it so far is void. */
  refetch(shape: TableName): Promise<void>;
  /** Applies what may be applied now, one checkpoint after another until `signal` aborts. One call at a time. */
  advance(signal?: AbortSignal): Promise<void>;
}

const nothingWritten: CheckpointResult = { rowsWritten: 0, confirmedThrough: undefined, refetch: new Set() };

/** Makes a checkpointer that goes on from the last checkpoint of the store; what was put aside beyond it comes again from the server. */
export async function createCheckpointer(options: CheckpointerOptions): Promise<Checkpointer> {
  const { database, clientId, apply = applyCheckpoint } = options;
  const { cursors, lastApplied } = await readCursors(database);
  await database.transaction((transaction) => clearStaged(transaction));
  const arrivals = createArrivals(tableNames, new Set(cursors.keys()), lastApplied);
  const logs = new Map<TableName, ShapeLog>(tableNames.map((name) => [name, createShapeLog(name, cursors.get(name))]));
  let stagePosition = 0;
  const positions = (count: number) => (stagePosition += count) - count;

  const refetch = async (shape: TableName) => {
    arrivals.snapshotStarted(shape);
    logs.set(shape, createShapeLog(shape, undefined));
    await database.transaction((transaction) => clearStaged(transaction, shape));
  };

  const applyAt = async (lsn: bigint) => {
    const due = [...logs.values()].flatMap((log) => {
      const shape = dueOf(log, lsn);
      return shape ? [{ log, shape }] : [];
    });
    const shapes = due.map(({ shape }) => shape);
    const result = due.length === 0 ? nothingWritten : await apply(database, { lsn, clientId, appliedAt: options.now(), shapes });
    for (const { log, shape } of due) settle(log, shape);
    arrivals.applied(lsn);
    options.reached(result);
    for (const shape of result.refetch) options.restart(shape);
  };

  return {
    arrivals,
    cursors,
    refetch,
    async batch(shape, raw, cursor) {
      const log = logs.get(shape);
      if (!log) return 0;
      const batch = readBatch(shape, raw);
      await takeBatch(database, log, batch, cursor, positions);
      // A log that began anew meanwhile has no use for it.
      if (batch.upToDate === undefined || logs.get(shape) !== log) return batch.messages.length;
      arrivals.arrived(shape, batch.upToDate);
      if (log.snapshot) {
        log.snapshot = false;
        if (arrivals.snapshotFinished(shape)) options.askForCheck();
      }
      return batch.messages.length;
    },
    async advance(signal) {
      for (let lsn = arrivals.target(); lsn !== undefined && signal?.aborted !== true; lsn = arrivals.target()) await applyAt(lsn);
    },
  };
}

async function readCursors(database: LocalDatabase): Promise<{ cursors: Map<TableName, Cursor>; lastApplied: bigint | undefined }> {
  const cursors = new Map<TableName, Cursor>();
  const checkpoint = await readSetting(database, "sync.checkpoint");
  if (!checkpoint) return { cursors, lastApplied: undefined };
  for (const { name, handle, offset } of await database.query(sql`select "name", "handle", "offset" from "sync_shape" where "status" = 'live'`)) {
    if (isTableName(name) && typeof handle === "string" && typeof offset === "string") cursors.set(name, { handle, offset });
  }
  return { cursors, lastApplied: BigInt(checkpoint.lsn) };
}
