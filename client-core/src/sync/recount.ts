import { emptySum, rowHasher, rowSumSql, rowTextSql, isTableName, runningSum, sqlName, sumOfJoinedRows, sumOfTotal, tableCodec, tables, type RowsSum, type RunningSum, type TableName } from "@saldo/schema";
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
  }, { mayBeLost: true });
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
async function readSlice(transaction: LocalTransaction, shape: TableName, after: string, read: RunningSum): Promise<{ readonly through: string; readonly isLast: boolean }> {
  const { dialect } = transaction;
  const hidden = sql`(select "row_id" from "sync_base" where "table_name" = ${shape})`;
  const slice = sql`from ${sql.identifier(shape)} where "id" > ${after} and "id" not in ${hidden} order by "id" limit ${sql.raw(String(sliceRowsMax))}`;
  const { sum, lastRow } = (await sumTogether(transaction, shape, slice)) ?? (await sumEach(transaction, shape, slice));
  read.addSum(sum);
  const isLast = sum.rows < sliceRowsMax;
  const through = isLast ? lastId : lastRow;
  const codec = tableCodec(tables[shape]);
  const hasher = rowHasher(tables[shape]);
  for (const row of await basesOf(transaction, shape, sql`"row_id" > ${after} and "row_id" <= ${through}`)) {
    const image = imageOf(row["row"]);
    if (image) read.add(hasher.ofValues(boundOfImage(codec, image, dialect)));
  }
  return { through, isLast };
}

interface SummedRows {
  readonly sum: RowsSum;
  /** The id of the last of them. */
  readonly lastRow: string;
}

/** Rows summed up by the database, or given by it as one text: half the time of as many rows. Undefined where they have to be read one by one. */
async function sumTogether(reader: SqlReader, shape: TableName, slice: SQL): Promise<SummedRows | undefined> {
  const table = tables[shape];
  const text = rowTextSql(table, reader.dialect);
  if (text === undefined) return undefined;
  if (reader.dialect === "postgres") {
    const [found] = await reader.query(sql`select count(*) as "rows", max("id") as "last", ${sql.raw(rowSumSql(table))} as "total" from (select * ${slice}) as "slice"`);
    return { sum: { rows: Number(found?.["rows"]), sum: sumOfTotal(String(found?.["total"])) }, lastRow: String(found?.["last"]) };
  }
  const [found] = await reader.query(
    sql`select max("id") as "last", cast(group_concat("text", '') as blob) as "texts", group_concat(length(cast("text" as blob)), ' ') as "lengths"
      from (select "id", ${sql.raw(text)} as "text" ${slice}) as "slice"`,
  );
  const { texts, lengths } = found ?? {};
  if (!(texts instanceof Uint8Array) || typeof lengths !== "string") return { sum: emptySum, lastRow: "" };
  return { sum: sumOfJoinedRows(texts, lengths.split(" ").map(Number)), lastRow: String(found?.["last"]) };
}

async function sumEach(reader: SqlReader, shape: TableName, slice: SQL): Promise<SummedRows> {
  const list = sql.join(tableCodec(tables[shape]).columns.map((column) => sql.identifier(column.sql)), sql`, `);
  const rows = await reader.query(sql`select ${list} ${slice}`);
  const hasher = rowHasher(tables[shape]);
  const sum = runningSum();
  for (const row of rows) sum.add(hasher.ofRow(row));
  return { sum: sum.value(), lastRow: String(rows.at(-1)?.["id"]) };
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
