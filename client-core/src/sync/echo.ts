import { rowHasher, rowTextSql, runningSum, sqlName, sumOfJoinedRows, tables, type RowsSum, type RunningSum, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { SqlReader, SqlRow } from "../store/local-database.ts";
import type { JsonSlice } from "./json-slices.ts";
import { messagesIn, tellsSameRow } from "./message-text.ts";
import { readBatch, type ShapeMessage } from "./message.ts";
import { chunksOf, rowWriter } from "./visible-rows.ts";

/** Rows of one commit that came back and are here exactly so: all a checkpoint has to know of them. */
export interface Echo {
  readonly lsn: bigint;
  /** Place of the last of them in the commit. */
  readonly position: number;
  readonly sum: RowsSum;
  readonly firstId: string;
  readonly lastId: string;
}

/**
 * Takes out of arrived messages the rows of an import that this device already shows exactly so: its own import coming back. Half a million of
 * them would wait in the staging table for their checkpoint and then be read again one by one, in one transaction, only to write nothing.
 *
 * What is taken out is the server's row already, whatever is recorded meanwhile: a change made here keeps the row it changes as its base. Only a
 * deletion or a snapshot that waits for its checkpoint could take the row away after it was looked at; while one waits nothing may be taken out.
 */
export async function takeEchoes(reader: SqlReader, shape: TableName, messages: readonly ShapeMessage[]): Promise<{ readonly kept: readonly ShapeMessage[]; readonly echoes: readonly Echo[] }> {
  const known = await importsSeen(reader, shape, messages);
  if (known.size === 0) return { kept: messages, echoes: [] };
  const kept: ShapeMessage[] = [];
  const gathered = new Map<bigint, { readonly sum: RunningSum; echo: Omit<Echo, "sum"> }>();
  const writer = rowWriter(shape, reader.dialect);
  const hasher = rowHasher(tables[shape]);
  for (const chunk of chunksOf(messages)) {
    const stored = await storedRows(reader, shape, chunk.filter((message) => isOfImport(message, known)));
    for (const message of chunk) {
      const { rowId, value, lsn, position } = message;
      const before = isOfImport(message, known) ? stored.get(rowId) : undefined;
      const row = before && writer.bind({ kind: "row", value, isNew: true }, undefined);
      if (before === undefined || row === undefined || !writer.same(row, before)) kept.push(message);
      else {
        const commit = gathered.get(lsn) ?? { sum: runningSum(), echo: { lsn, position, firstId: rowId, lastId: rowId } };
        commit.sum.add(hasher.ofValues(row));
        commit.echo = spanning(commit.echo, { lsn, position, firstId: rowId, lastId: rowId });
        gathered.set(lsn, commit);
      }
    }
  }
  return { kept, echoes: [...gathered.values()].map(({ sum, echo }) => ({ ...echo, sum: sum.value() })) };
}

/**
 * The same for the text of messages, read and compared by the database itself. Undefined when not all of them are such rows, or not all of one commit:
 * then they have to be looked at one by one.
 */
export async function echoOfText(reader: SqlReader, shape: TableName, slice: Pick<JsonSlice, "text" | "ends">): Promise<Echo | undefined> {
  const rowText = rowTextSql(tables[shape], reader.dialect);
  const [first, last] = readBatch(shape, slice.ends()).messages;
  if (!("importId" in tables[shape].columns) || rowText === undefined || !first || !last || first.lsn !== last.lsn) return undefined;
  const table = sql.identifier(shape);
  const [found] = await reader.query(
    sql`${messagesIn(slice.text)},
      "echo" as materialized (
        select "id", ${sql.raw(rowText)} as "text" from "message" cross join ${table} on "id" = "message_row" ->> 'id'
        where "operation" = 'insert' and ${sql.identifier(importColumn)} is not null and ${tellsSameRow(shape)}
          and not exists (select 1 from "sync_base" where "table_name" = ${shape} and "row_id" = "id"))
      select (select count(*) from "message") as "messages", count(*) as "rows", min("id") as "first", max("id") as "last",
        cast(group_concat("text", '') as blob) as "texts", group_concat(octet_length("text"), ' ') as "lengths" from "echo"`,
  );
  const { messages, rows, first: firstId, last: lastId, texts, lengths } = found ?? {};
  if (rows !== messages || typeof firstId !== "string" || typeof lastId !== "string" || !(texts instanceof Uint8Array) || typeof lengths !== "string") return undefined;
  return { lsn: last.lsn, position: last.position, sum: sumOfJoinedRows(texts, lengths.split(" ").map(Number)), firstId, lastId };
}

/** Echoes with later ones, one for each commit. */
export function withEchoes(echoes: readonly Echo[], later: readonly Echo[]): readonly Echo[] {
  const all = [...echoes];
  for (const echo of later) {
    const last = all.at(-1);
    if (last?.lsn !== echo.lsn) all.push(echo);
    else all[all.length - 1] = together(last, echo);
  }
  return all;
}

function together(one: Echo, later: Echo): Echo {
  const sum = runningSum(one.sum);
  sum.addSum(later.sum);
  return { ...spanning(one, later), sum: sum.value() };
}

function spanning(one: Omit<Echo, "sum">, later: Omit<Echo, "sum">): Omit<Echo, "sum"> {
  const firstId = later.firstId < one.firstId ? later.firstId : one.firstId;
  const lastId = later.lastId > one.lastId ? later.lastId : one.lastId;
  return { lsn: one.lsn, position: later.position, firstId, lastId };
}

const importColumn = sqlName("importId");

function isOfImport({ operation, value }: ShapeMessage, imports: ReadonlySet<unknown>): boolean {
  return operation === "insert" && imports.has(value[importColumn]);
}

/** Imports of inserted rows of which this device shows a row. */
async function importsSeen(reader: SqlReader, shape: TableName, messages: readonly ShapeMessage[]): Promise<ReadonlySet<unknown>> {
  const seen = new Set<unknown>();
  if (!("importId" in tables[shape].columns)) return seen;
  const named = new Set(messages.flatMap(({ operation, value }) => (operation === "insert" && typeof value[importColumn] === "string" ? [value[importColumn]] : [])));
  for (const importId of named) {
    const found = await reader.query(sql`select 1 as "one" from ${sql.identifier(shape)} where ${sql.identifier(importColumn)} = ${importId} limit 1`);
    if (found.length > 0) seen.add(importId);
  }
  return seen;
}

/** Rows read for one chunk of messages. */
const rangeRowsMax = 1_000;

/** Rows by id, but for those a pending change hides. Rows made together have ids that follow each other, so one range holds them and little else. */
async function storedRows(reader: SqlReader, shape: TableName, messages: readonly ShapeMessage[]): Promise<ReadonlyMap<unknown, SqlRow>> {
  const ids = messages.map(({ rowId }) => rowId).toSorted();
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await reader.query(
    sql`select * from ${sql.identifier(shape)} where "id" >= ${first} and "id" <= ${last}
      and "id" not in (select "row_id" from "sync_base" where "table_name" = ${shape} and "row_id" >= ${first} and "row_id" <= ${last})
      order by "id" limit ${sql.raw(String(rangeRowsMax))}`,
  );
  return new Map(rows.map((row) => [row["id"], row]));
}
