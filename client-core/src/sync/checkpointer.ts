import { isTableName, tableNames, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase } from "../store/local-database.ts";
import { createArrivals, type Arrivals } from "./arrivals.ts";
import { applyCheckpoint, type Checkpoint, type CheckpointResult } from "./checkpoint.ts";
import { noneCompared } from "./compare-sums.ts";
import type { JsonSlice } from "./json-slices.ts";
import { dropLoad, dropOtherLoads, loadedRows } from "./load.ts";
import { textBytesMin } from "./message-text.ts";
import { readBatch, type ShapeMessage } from "./message.ts";
import { resentThrough } from "./outbox.ts";
import { readSetting } from "./settings.ts";
import { createShapeLog, dueOf, messagesInMemoryMax, settle, takeBatch, takeText, type BatchIntake, type Cursor, type ShapeLog } from "./shape-log.ts";
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
  /** Last mutation the server has answered to this store; any number when left out. */
  readonly sentThrough?: () => number;
  /** The next checkpoint would confirm a mutation the server has not answered to this store: it waits until `advance` is called again. */
  readonly awaitsAnswer?: (serverSeq: number) => void;
  /** Most messages of one shape held in memory; {@link messagesInMemoryMax} when left out. */
  readonly messagesInMemoryMax?: number;
  /** Shortest text of messages the database is asked to read; {@link textBytesMin} when left out. */
  readonly textBytesMin?: number;
}

/** Turns what streams and announcements bring into checkpoints of the store. It does no IO but the store's. */
export interface Checkpointer {
  readonly arrivals: Arrivals;
  /** Where each shape's stream goes on; a shape that is not here begins with its snapshot. */
  readonly cursors: ReadonlyMap<TableName, Cursor>;
  /** Where snapshots go on that were arriving when the store was last used. */
  readonly loading: ReadonlyMap<TableName, Cursor>;
  /** A stream brought messages; resolves when they are taken in. Returns how many. */
  batch(shape: TableName, raw: readonly unknown[], cursor: Cursor): Promise<number>;
  /** The same for messages as text, where they need not be read. Returns how many; undefined when they have to be read first, and nothing was taken in. */
  text(shape: TableName, slice: JsonSlice, cursor: Cursor): Promise<number | undefined>;
  /** The server's log of the shape began anew: what came of it so far is void. */
  refetch(shape: TableName): Promise<void>;
  /** Rows of a shape have been counted: its sum can be compared. `advance` does. */
  counted(shape: TableName): void;
  /** Applies what may be applied now, one checkpoint after another until `signal` aborts. One call at a time. */
  advance(signal?: AbortSignal): Promise<void>;
}

const nothingWritten: CheckpointResult = { rowsWritten: 0, confirmedThrough: undefined, refetch: new Set(), compared: noneCompared };

/** Makes a checkpointer that goes on from the last checkpoint of the store; what was put aside beyond it comes again from the server. */
export async function createCheckpointer(options: CheckpointerOptions): Promise<Checkpointer> {
  const { database, clientId, apply = applyCheckpoint } = options;
  const { cursors, loading, lastApplied } = await readCursors(database);
  await database.transaction(async (transaction) => {
    await clearStaged(transaction);
    await dropOtherLoads(transaction, loading);
  });
  const arrivals = createArrivals(tableNames, new Set(cursors.keys()), lastApplied);
  const logs = new Map<TableName, ShapeLog>(tableNames.map((name) => [name, createShapeLog(name, cursors.get(name), loading.get(name))]));
  let stagePosition = 0;
  const intake: BatchIntake = {
    database,
    positions: (count) => (stagePosition += count) - count,
    messagesInMemoryMax: options.messagesInMemoryMax ?? messagesInMemoryMax,
    textBytesMin: options.textBytesMin ?? textBytesMin,
  };

  const confirmations = createConfirmations(clientId);
  /** Where a restored server has to be before anything of it is applied: what it lost would be gone from every screen meanwhile. */
  let runAgainThrough = await resentThrough(database);
  if (runAgainThrough > 0 && loading.has("client")) confirmations.loaded(await loadedRows(database, "client", "id", clientId));
  let position = lastApplied;
  /** Shapes whose rows were not counted yet when their sums were to be compared. */
  const uncounted = new Set<TableName>();

  const refetch = async (shape: TableName) => {
    arrivals.snapshotStarted(shape);
    if (shape === "client") confirmations.clear();
    logs.set(shape, createShapeLog(shape, undefined));
    await database.transaction(async (transaction) => {
      await clearStaged(transaction, shape);
      await dropLoad(transaction, shape);
      await transaction.execute(sql`delete from "sync_shape" where "name" = ${shape} and "status" = 'initial'`, ["sync_shape"]);
    });
  };

  const applyAt = async (lsn: bigint) => {
    const due = [...logs.values()].flatMap((log) => {
      const shape = dueOf(log, lsn);
      return shape ? [{ log, shape }] : [];
    });
    const serverSums = arrivals.sumsAt(lsn);
    const isNews = due.length > 0 || serverSums.size > 0;
    const shapes = due.map(({ shape }) => shape);
    const result = isNews ? await apply(database, { lsn, clientId, appliedAt: options.now(), shapes, serverSums }) : nothingWritten;
    for (const { log, shape } of due) settle(log, shape);
    arrivals.applied(lsn);
    confirmations.applied(lsn);
    position = lsn;
    told(result);
  };
  const told = (result: CheckpointResult) => {
    const { same, different } = result.compared;
    arrivals.compared([...same, ...different.map(({ shape }) => shape)]);
    for (const shape of result.compared.uncounted) uncounted.add(shape);
    options.reached(result);
    for (const shape of result.refetch) options.restart(shape);
  };
  /** Sums that came, or can be told here, after the checkpoint they hold at. */
  const compareLate = async () => {
    const serverSums = arrivals.sumsHere();
    if (position === undefined || [...serverSums.keys()].every((shape) => uncounted.has(shape))) return;
    told(await apply(database, { lsn: position, clientId, appliedAt: options.now(), shapes: [], serverSums }));
  };

  return {
    arrivals,
    cursors,
    loading,
    refetch,
    counted: (shape) => void uncounted.delete(shape),
    async batch(shape, raw, cursor) {
      const log = logs.get(shape);
      if (!log) return 0;
      const batch = readBatch(shape, raw);
      if (shape === "client") confirmations.take(batch.messages);
      const missing = await takeBatch(intake, log, batch, cursor);
      // A log that began anew meanwhile has no use for it.
      if (logs.get(shape) !== log) return batch.messages.length;
      if (missing > 0) options.restart(shape);
      if (missing > 0 || batch.upToDate === undefined) return batch.messages.length;
      arrivals.arrived(shape, batch.upToDate);
      if (log.snapshot) {
        log.snapshot = false;
        if (arrivals.snapshotFinished(shape)) options.askForCheck();
      }
      return batch.messages.length;
    },
    async text(shape, slice, cursor) {
      const log = logs.get(shape);
      // What the server has answered is read out of each of its messages.
      if (!log || shape === "client") return undefined;
      return takeText(intake, log, slice, cursor);
    },
    async advance(signal) {
      for (let lsn = arrivals.target(); lsn !== undefined && signal?.aborted !== true; lsn = arrivals.target()) {
        const serverSeq = confirmations.at(lsn);
        // Our own answer may still be on its way; or another copy of this store sent that number, and ours under it was never sent.
        if (serverSeq > (options.sentThrough?.() ?? serverSeq)) return options.awaitsAnswer?.(serverSeq);
        if (serverSeq < runAgainThrough) return;
        await applyAt(lsn);
        runAgainThrough = 0;
      }
      if (signal?.aborted !== true) await compareLate();
    },
  };
}

/** Keeps which mutation the server had answered at which LSN, until a checkpoint has applied it. */
function createConfirmations(clientId: string) {
  let known: { readonly lsn: bigint; readonly seq: number }[] = [];
  return {
    take(messages: readonly ShapeMessage[]) {
      for (const { rowId, operation, value, lsn } of messages) {
        if (rowId === clientId && operation !== "delete" && value["last_seq"] !== undefined) known.push({ lsn, seq: Number(value["last_seq"]) });
      }
    },
    /** Rows of its snapshot that arrived in an earlier session. */
    loaded(rows: readonly Readonly<Record<string, unknown>>[]) {
      for (const row of rows) known.push({ lsn: 0n, seq: Number(row["last_seq"]) });
    },
    at: (through: bigint) => known.reduce((seq, each) => (each.lsn <= through ? Math.max(seq, each.seq) : seq), 0),
    applied(through: bigint) {
      known = known.filter(({ lsn }) => lsn > through);
    },
    clear() {
      known = [];
    },
  };
}

interface StoredCursors {
  readonly cursors: Map<TableName, Cursor>;
  readonly loading: Map<TableName, Cursor>;
  readonly lastApplied: bigint | undefined;
}

async function readCursors(database: LocalDatabase): Promise<StoredCursors> {
  const checkpoint = await readSetting(database, "sync.checkpoint");
  const stored: StoredCursors = { cursors: new Map(), loading: new Map(), lastApplied: checkpoint && BigInt(checkpoint.lsn) };
  for (const { name, handle, offset, status } of await database.query(sql`select "name", "handle", "offset", "status" from "sync_shape"`)) {
    if (!isTableName(name) || typeof handle !== "string" || typeof offset !== "string") continue;
    if (status === "live" && checkpoint) stored.cursors.set(name, { handle, offset });
    // From its beginning a snapshot may be another one now: what came of it is void.
    if (status === "initial" && offset !== "-1") stored.loading.set(name, { handle, offset });
  }
  return stored;
}
