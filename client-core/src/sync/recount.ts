import { emptySum, rowHasher, rowTextSql, hashText, isTableName, runningSum, sqlName, tableCodec, tables, type TableName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { boundOfImage } from "../mutations/row-image.ts";
import type { LocalDatabase, LocalTransaction, SqlReader, SqlRow } from "../store/local-database.ts";
import { readSum, readSums, uncounted, writeSum, type KeptSum } from "./kept-sums.ts";
import { imageOf } from "./rebase.ts";

/** Rows read between two pauses: some ten milliseconds of work. */
const sliceRowsMax = 2_000;

/** What reading a slice came to. */
export type SliceOutcome =
  /** There is more to read. */
  | "more"
  /** All rows are read; their sum is the kept one from now on. */
  | "counted"
  /** All rows are read, and they are not what checkpoints wrote: the shape has to be fetched again. */
  | "damaged"
  /** Nothing to read now: the shape is not here yet, or rows of an import are leaving that carry no marks. */
  | "waiting";

/** Begins counting in shapes that are here and have no sum yet; with `all` in every shape that is here, where nothing is being counted. */
export async function beginCounting(transaction: LocalTransaction, all: boolean): Promise<void> {
  const sums = await readSums(transaction);
  for (const { name } of await transaction.query(sql`select "name" from "sync_shape" where "status" = 'live'`)) {
    if (!isTableName(name)) continue;
    const known = sums.get(name);
    if (!known) await writeSum(transaction, name, uncounted());
    else if (all && !known.count) await writeSum(transaction, name, { ...known, count: { through: "", read: emptySum } });
  }
}

/** Shapes in which rows are still to be counted. */
export async function shapesToCount(reader: SqlReader): Promise<readonly TableName[]> {
  const rows = await reader.query(sql`select "name" from "sync_sum" where "through" is not null order by "name"`);
  return rows.flatMap(({ name }) => (isTableName(name) ? [name] : []));
}

/** Counts the next rows of a shape, in one transaction with what they come to. `at` is the present instant. */
export async function countSlice(database: LocalDatabase, shape: TableName, at: string): Promise<SliceOutcome> {
  return database.transaction(async (transaction) => {
    const sum = await readSum(transaction, shape);
    if (!sum?.count || !(await isHere(transaction, shape)) || (await hasLeavingRows(transaction, shape))) return "waiting";
    const read = runningSum(sum.count.read);
    const { through, isLast } = await readSlice(transaction, shape, sum.count.through, read);
    if (!isLast) {
      await writeSum(transaction, shape, { ...sum, count: { through, read: read.value() } });
      return "more";
    }
    return finish(transaction, shape, { ...sum, count: { through, read: read.value() } }, at);
  });
}

async function finish(transaction: LocalTransaction, shape: TableName, sum: KeptSum, at: string): Promise<SliceOutcome> {
  const read = sum.count?.read ?? emptySum;
  if (sum.kept && (sum.kept.sum !== read.sum || sum.kept.rows !== read.rows)) {
    await writeSum(transaction, shape, { ...sum, count: null });
    // A crash before the shape is here again must not forget that it has to be fetched.
    await transaction.execute(sql`delete from "sync_shape" where "name" = ${shape}`, ["sync_shape"]);
    return "damaged";
  }
  await writeSum(transaction, shape, { ...sum, kept: read, count: null, readAt: at });
  return "counted";
}

/** Reads rows on from an id: those visible where nothing is pending, and those that lie beneath where something is. */
async function readSlice(transaction: LocalTransaction, shape: TableName, after: string, read: ReturnType<typeof runningSum>): Promise<{ readonly through: string; readonly isLast: boolean }> {
  const { dialect } = transaction;
  const codec = tableCodec(tables[shape]);
  const hasher = rowHasher(tables[shape]);
  const text = rowTextSql(tables[shape], dialect);
  // One text a row is read far faster than its columns.
  const list = text === undefined ? sql.join(codec.columns.map((column) => sql.identifier(column.sql)), sql`, `) : sql.raw(`"id", ${text} as "row_text"`);
  const hidden = sql`(select "row_id" from "sync_base" where "table_name" = ${shape})`;
  const rows = await transaction.query(
    sql`select ${list} from ${sql.identifier(shape)} where "id" > ${after} and "id" not in ${hidden} order by "id" limit ${sql.raw(String(sliceRowsMax))}`,
  );
  const isLast = rows.length < sliceRowsMax;
  const through = isLast ? lastId : String(rows.at(-1)?.["id"]);
  for (const row of rows) read.add(typeof row["row_text"] === "string" ? hashText(row["row_text"]) : hasher.ofRow(row));
  for (const row of await basesOf(transaction, shape, sql`"row_id" > ${after} and "row_id" <= ${through}`)) {
    const image = imageOf(row["row"]);
    if (image) read.add(hasher.ofValues(boundOfImage(codec, image, dialect)));
  }
  return { through, isLast };
}

/** Beyond every id. */
const lastId = "\uffff";

async function basesOf(reader: SqlReader, shape: TableName, range: SQL): Promise<readonly SqlRow[]> {
  return reader.query(sql`select "row" from "sync_base" where "table_name" = ${shape} and "row" is not null and ${range}`);
}

async function isHere(reader: SqlReader, shape: TableName): Promise<boolean> {
  return (await reader.query(sql`select 1 as "one" from "sync_shape" where "name" = ${shape} and "status" = 'live'`)).length > 0;
}

/**
 * Rows of an import that is leaving this device are visible, and the server may have any part of them. Under a client id of which no checkpoint has
 * told yet nothing says which: what the server had answered to the one before is not in the outbox any more.
 */
async function hasLeavingRows(reader: SqlReader, shape: TableName): Promise<boolean> {
  if (!tableCodec(tables[shape]).bySql.has(sqlName("importId"))) return false;
  if (!(await isHere(reader, "client"))) return true;
  const found = await reader.query(sql`select 1 as "one" from "sync_outbox" where "status" = 'pending' and "import_id" is not null limit 1`);
  return found.length > 0;
}
