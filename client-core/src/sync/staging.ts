import { fromStored, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalTransaction, SqlReader } from "../store/local-database.ts";
import { lsnOf, type ShapeMessage, type WireRow } from "./message.ts";

const columns = ["position", "shape", "lsn", "operation", "row_id", "value"];

/** Messages read back at a time. */
const pageMessagesMax = 2_000;

/** Puts messages aside until a checkpoint may apply them, in order of arrival. `firstPosition` grows over all shapes of a session. */
export async function stageMessages(transaction: LocalTransaction, shape: TableName, messages: readonly ShapeMessage[], firstPosition: number): Promise<void> {
  await transaction.insertRows(
    "sync_staged",
    columns,
    messages.map(({ lsn, operation, rowId, value, position }, index) => [
      firstPosition + index,
      shape,
      position === 0 ? `${lsn}` : `${lsn}_${position}`,
      operation,
      rowId,
      JSON.stringify(value),
    ]),
    "fail",
  );
}

/** Forgets what was put aside for one shape, or for all. */
export async function clearStaged(transaction: LocalTransaction, shape?: TableName): Promise<void> {
  await transaction.execute(sql`delete from "sync_staged" where ${shape === undefined ? sql`true` : sql`"shape" = ${shape}`}`, ["sync_staged"]);
}

/** Forgets what a checkpoint has applied: messages of a shape through a place. */
export async function clearStagedThrough(transaction: LocalTransaction, shape: TableName, through: number): Promise<void> {
  await transaction.execute(sql`delete from "sync_staged" where "shape" = ${shape} and "position" <= ${through}`, ["sync_staged"]);
}

/** The place of a message that was put aside; undefined for one held in memory. */
export function stagedPlaceOf(message: ShapeMessage): number | undefined {
  return isStaged(message) ? message.staged : undefined;
}

function isStaged(message: ShapeMessage): message is StagedMessage {
  return "staged" in message;
}

/** A message put aside, with the place it was given. */
export interface StagedMessage extends ShapeMessage {
  readonly staged: number;
}

/** What was put aside for a shape through a place, in order, a page at a time. */
export async function* stagedMessages(reader: SqlReader, shape: TableName, through: number): AsyncGenerator<StagedMessage[]> {
  let after = -1;
  for (;;) {
    const rows = await reader.query(
      sql`select "position", "lsn", "operation", "row_id", "value" from "sync_staged"
        where "shape" = ${shape} and "position" > ${after} and "position" <= ${through} order by "position" limit ${sql.raw(String(pageMessagesMax))}`,
    );
    if (rows.length === 0) return;
    const page = rows.map(messageOf);
    yield page;
    after = page.at(-1)?.staged ?? after;
  }
}

function messageOf({ position, lsn, operation, row_id: rowId, value }: Readonly<Record<string, unknown>>): StagedMessage {
  if (operation !== "insert" && operation !== "update" && operation !== "delete") throw new TypeError("not a staged message");
  if (typeof rowId !== "string" || typeof lsn !== "string") throw new TypeError("not a staged message");
  const [commit, place] = lsn.split("_");
  return { staged: Number(position), lsn: lsnOf(commit), position: Number(place ?? 0), operation, rowId, value: wireRow(fromStored("json", value)) };
}

function wireRow(value: unknown): WireRow {
  if (typeof value !== "object" || value === null) throw new TypeError("not a staged row");
  return { ...value };
}
