import type { TableName } from "@saldo/schema";
import type { LocalDatabase, LocalTransaction } from "../store/local-database.ts";
import type { ShapeCheckpoint } from "./checkpoint.ts";
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
  /** True until a snapshot that has arrived is applied. */
  replace: boolean;
  cursor: Cursor | undefined;
  /** Highest commit that arrived. */
  lastLsn: bigint;
  /** Place of the last message put aside in the database; null when none is there. */
  stagedThrough: number | null;
  messages: ShapeMessage[];
}

/** A shape's log as a session begins: going on from a cursor, or from a snapshot. */
export function createShapeLog(name: TableName, cursor: Cursor | undefined): ShapeLog {
  const snapshot = cursor === undefined;
  return { name, snapshot, replace: snapshot, cursor, lastLsn: 0n, stagedThrough: null, messages: [] };
}

/** Gives out places in the staging table, in order of arrival. */
export type StagePositions = (count: number) => number;

/** Takes a batch in. Rows of a snapshot, and what is too much for memory, are put aside in the database. */
export async function takeBatch(database: LocalDatabase, log: ShapeLog, batch: ShapeBatch, cursor: Cursor, positions: StagePositions): Promise<void> {
  const last = batch.messages.at(-1);
  if (last && last.lsn > log.lastLsn) log.lastLsn = last.lsn;
  log.cursor = cursor;
  if (log.messages.length === 0) log.messages = [...batch.messages];
  else for (const message of batch.messages) log.messages.push(message);
  // A snapshot is always put aside whole: the checkpoint asks the database which rows are not in it.
  if (log.messages.length === 0 || (!log.snapshot && log.stagedThrough === null && log.messages.length <= messagesInMemoryMax)) return;
  const messages = log.messages;
  log.messages = [];
  const first = positions(messages.length);
  log.stagedThrough = first + messages.length - 1;
  await database.transaction((transaction: LocalTransaction) => stageMessages(transaction, log.name, messages, first));
}

/** What a shape brings to a checkpoint at an LSN, or undefined when that is nothing. */
export function dueOf(log: ShapeLog, lsn: bigint): ShapeCheckpoint | undefined {
  const beyond = log.messages.findIndex((message) => message.lsn > lsn);
  const messages = beyond < 0 ? log.messages : log.messages.slice(0, beyond);
  if (messages.length === 0 && log.stagedThrough === null && !log.replace) return undefined;
  const complete = log.lastLsn <= lsn;
  const { handle = null, offset = "-1" } = log.cursor ?? {};
  return { name: log.name, handle, offset, complete, replace: log.replace, stagedThrough: log.stagedThrough, messages: [...messages] };
}

/** Forgets what a checkpoint has applied; what arrived meanwhile stays. */
export function settle(log: ShapeLog, applied: ShapeCheckpoint): void {
  log.messages.splice(0, applied.messages.length);
  log.replace = false;
  if (applied.complete && log.stagedThrough === applied.stagedThrough) log.stagedThrough = null;
}
