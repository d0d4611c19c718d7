import type { TableName } from "@saldo/schema";
import type { LocalDatabase, LocalTransaction } from "../store/local-database.ts";
import type { LoadedSnapshot, ShapeCheckpoint } from "./checkpoint.ts";
import { echoOfText, takeEchoes, withEchoes, type Echo } from "./echo.ts";
import type { JsonSlice } from "./json-slices.ts";
import { beginLoad, loadMessages, loadText } from "./load.ts";
import { isReadBySql } from "./message-text.ts";
import type { ShapeBatch, ShapeMessage } from "./message.ts";
import { stageMessages } from "./staging.ts";

/** Most messages of one shape held in memory until a checkpoint; the rest waits in the database. */
export const messagesInMemoryMax = 5_000;

/** Where a shape's stream goes on. */
export interface Cursor {
  readonly handle: string | null;
  readonly offset: string;
}

/** What has arrived of one shape and is not applied yet. */
export interface ShapeLog {
  readonly name: TableName;
  /** True while its snapshot is arriving. */
  snapshot: boolean;
  /** What its snapshot brought, from its first row until a checkpoint puts it in place; null for none. */
  load: LoadedSnapshot | null;
  cursor: Cursor | undefined;
  /** Highest commit that arrived. */
  lastLsn: bigint;
  /** Place of the last message put aside in the database; null when none is there. */
  stagedThrough: number | null;
  messages: ShapeMessage[];
  /** What came back of this device's own imports: nothing to write, but its cursor moves and its sum grows. */
  echoes: readonly Echo[];
  /** True while a deletion waits for its checkpoint. */
  holdsDelete: boolean;
}

/** A shape's log as a session begins: going on from a cursor, in the middle of a snapshot, or before one. */
export function createShapeLog(name: TableName, cursor: Cursor | undefined, loading?: Cursor): ShapeLog {
  const load = loading ? { hasRows: true, offset: loading.offset } : null;
  return { name, snapshot: cursor === undefined, load, cursor: cursor ?? loading, lastLsn: 0n, stagedThrough: null, messages: [], echoes: [], holdsDelete: false };
}

/** What taking batches in works with. */
export interface BatchIntake {
  readonly database: LocalDatabase;
  /** Gives out places in the staging table, in order of arrival. */
  readonly positions: (count: number) => number;
  /** See {@link messagesInMemoryMax}. */
  readonly messagesInMemoryMax: number;
  /** See {@link textBytesMin}. */
  readonly textBytesMin: number;
}

/**
 * Takes a batch in: a snapshot goes into its load table together with its cursor, in one transaction; later messages wait in memory, and what
 * is too much for it in the database. Rows that are here exactly so are not kept at all ({@link takeEchoes}). Returns how many changes were of rows that are not there.
 */
export async function takeBatch(intake: BatchIntake, log: ShapeLog, batch: ShapeBatch, cursor: Cursor): Promise<number> {
  if (log.snapshot) return takeSnapshot(intake.database, log, batch, cursor);
  // A snapshot that waits for its place takes away what is not in it.
  const isDeleting = log.holdsDelete || log.load !== null || batch.messages.some(({ operation }) => operation === "delete");
  const { kept, echoes } = isDeleting ? { kept: batch.messages, echoes: [] } : await takeEchoes(intake.database, log.name, batch.messages);
  log.holdsDelete ||= isDeleting;
  log.echoes = withEchoes(log.echoes, echoes);
  const last = batch.messages.at(-1);
  if (last && last.lsn > log.lastLsn) log.lastLsn = last.lsn;
  log.cursor = cursor;
  if (log.messages.length === 0) log.messages = [...kept];
  else for (const message of kept) log.messages.push(message);
  if (log.messages.length === 0 || (log.stagedThrough === null && log.messages.length <= intake.messagesInMemoryMax)) return 0;
  const messages = log.messages;
  log.messages = [];
  const first = intake.positions(messages.length);
  log.stagedThrough = first + messages.length - 1;
  await intake.database.transaction((transaction: LocalTransaction) => stageMessages(transaction, log.name, messages, first), { mayBeLost: true });
  return 0;
}

/**
 * Takes messages in as text, where the database reads them faster than this code: rows of a snapshot, and rows that are here exactly so. Returns how
 * many; undefined when they have to be read and given to {@link takeBatch}: nothing is taken then.
 */
export async function takeText({ database, textBytesMin }: BatchIntake, log: ShapeLog, slice: JsonSlice, cursor: Cursor): Promise<number | undefined> {
  if (!database.readsJson || slice.text.length < textBytesMin || !isReadBySql(log.name)) return undefined;
  if (log.snapshot) return takeSnapshotText(database, log, slice, cursor);
  if (log.holdsDelete || log.load !== null) return undefined;
  const echo = await echoOfText(database, log.name, slice);
  if (!echo) return undefined;
  log.echoes = withEchoes(log.echoes, [echo]);
  if (echo.lsn > log.lastLsn) log.lastLsn = echo.lsn;
  log.cursor = cursor;
  return echo.sum.rows;
}

async function takeSnapshotText(database: LocalDatabase, log: ShapeLog, { text }: JsonSlice, cursor: Cursor): Promise<number | undefined> {
  const load = async (transaction: LocalTransaction) => {
    if (log.load === null) await beginLoad(transaction, log.name);
    const taken = await loadText(transaction, log.name, text);
    if (taken !== undefined) await noteLoading(transaction, log.name, cursor);
    return taken;
  };
  const taken = await database.transaction(load, { mayBeLost: true });
  if (taken === undefined) return undefined;
  log.cursor = cursor;
  log.load = { hasRows: true, offset: cursor.offset };
  return taken;
}

/** Notes where a snapshot goes on, with the rows that came before. */
async function noteLoading(transaction: LocalTransaction, shape: TableName, { handle, offset }: Cursor): Promise<void> {
  await transaction.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], [[shape, handle, offset, "0", "initial"]], "replace");
}

async function takeSnapshot(database: LocalDatabase, log: ShapeLog, { messages, upToDate }: ShapeBatch, cursor: Cursor): Promise<number> {
  const isFirst = log.load === null && messages.length > 0;
  const hasRows = log.load?.hasRows === true || isFirst;
  log.cursor = cursor;
  if (hasRows || upToDate !== undefined) log.load = { hasRows, offset: cursor.offset };
  if (!hasRows) return 0;
  const load = async (transaction: LocalTransaction) => {
    if (isFirst) await beginLoad(transaction, log.name);
    await noteLoading(transaction, log.name, cursor);
    return loadMessages(transaction, log.name, messages);
  };
  // What a power cut takes away goes with its cursor, and is asked for again.
  return database.transaction(load, { mayBeLost: true });
}

/** What a shape brings to a checkpoint at an LSN, or undefined when that is nothing. */
export function dueOf(log: ShapeLog, lsn: bigint): ShapeCheckpoint | undefined {
  const beyond = log.messages.findIndex((message) => message.lsn > lsn);
  const messages = beyond < 0 ? log.messages : log.messages.slice(0, beyond);
  const echoes = log.echoes.filter((echo) => echo.lsn <= lsn);
  if (messages.length === 0 && log.stagedThrough === null && log.load === null && echoes.length === 0) return undefined;
  const complete = log.lastLsn <= lsn;
  const { handle = null, offset = "-1" } = log.cursor ?? {};
  return { name: log.name, handle, offset, complete, load: log.load, stagedThrough: log.stagedThrough, messages: [...messages], echoes };
}

/** Forgets what a checkpoint has applied; what arrived meanwhile stays. */
export function settle(log: ShapeLog, applied: ShapeCheckpoint): void {
  log.messages.splice(0, applied.messages.length);
  log.load = null;
  log.echoes = log.echoes.filter((echo) => !applied.echoes?.includes(echo));
  if (!applied.complete) return;
  if (log.stagedThrough === applied.stagedThrough) log.stagedThrough = null;
  log.holdsDelete &&= log.messages.length > 0 || log.stagedThrough !== null;
}
