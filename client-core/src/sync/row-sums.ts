import { rowSum, rowTextSql, sqlName, tableCodec, tables, type TableName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { boundOfImage } from "../mutations/row-image.ts";
import type { LocalDatabase, SqlReader } from "../store/local-database.ts";
import { imageOf } from "./rebase.ts";

/** Rows hashed between two pauses: some ten milliseconds of work. */
const sliceRowsMax = 2_000;
/** How often a table is begun anew when rows change while it is being read. */
const attemptsMax = 5;

/** What this store holds of a shape as the server's rows: what is visible where nothing is pending, and what lies beneath where something is. */
export interface StoredSum {
  readonly rows: number;
  /** As `rowSum` of the schema gives it. */
  readonly sum: string;
}

/**
 * Reads every stored row of a shape and sums it up, a slice at a time, so that a screen waits for one slice at most; `pause` is
 * awaited between slices. Returns undefined when it cannot be told: rows kept changing, or an import is leaving whose rows carry no marks.
 */
export async function storedSum(database: LocalDatabase, shape: TableName, pause: () => Promise<void>): Promise<StoredSum | undefined> {
  let isStale = false;
  const unsubscribe = database.onCommit((changed) => {
    if (changed.has(shape) || changed.has("sync_base")) isStale = true;
  });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      isStale = false;
      if (await hasLeavingRows(database, shape)) return undefined;
      const found = await readOnce(database, shape, pause, () => isStale);
      if (!isStale) return found;
    }
    return undefined;
  } finally {
    unsubscribe();
  }
}

async function readOnce(database: LocalDatabase, shape: TableName, pause: () => Promise<void>, isStale: () => boolean): Promise<StoredSum | undefined> {
  const codec = tableCodec(tables[shape]);
  const names = codec.columns.map((column) => column.sql);
  const text = rowTextSql(tables[shape], database.dialect);
  // One text a row is read far faster than its columns.
  const list = text === undefined ? sql.join(names.map((name) => sql.identifier(name)), sql`, `) : sql.raw(`"id", ${text} as "row_text"`);
  const total = rowSum(tables[shape]);
  for await (const page of pagesOf(database, sql`select ${list} from ${sql.identifier(shape)} where "id" not in (select "row_id" from "sync_base" where "table_name" = ${shape})`, "id")) {
    for (const row of page) {
      if (typeof row["row_text"] === "string") total.addText(row["row_text"]);
      else total.add(row);
    }
    await pause();
    if (isStale()) return undefined;
  }
  for await (const page of pagesOf(database, sql`select "row_id", "row" from "sync_base" where "table_name" = ${shape} and "row" is not null`, "row_id")) {
    for (const { row } of page) {
      const image = imageOf(row);
      if (!image) continue;
      const values = boundOfImage(codec, image, database.dialect);
      total.add(Object.fromEntries(names.map((name, index) => [name, values[index]])));
    }
    await pause();
    if (isStale()) return undefined;
  }
  return { rows: total.rows(), sum: total.value() };
}

/** Pages of a query with a `where`, in order of a key. */
async function* pagesOf(reader: SqlReader, query: SQL, key: string): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  let after: unknown = "";
  for (;;) {
    const page = await reader.query(sql`${query} and ${sql.identifier(key)} > ${after} order by ${sql.identifier(key)} limit ${sql.raw(String(sliceRowsMax))}`);
    if (page.length > 0) yield page;
    if (page.length < sliceRowsMax) return;
    after = page.at(-1)?.[key];
  }
}

/** Rows of an import that is leaving this device are visible, and the server may have any part of them. */
async function hasLeavingRows(reader: SqlReader, shape: TableName): Promise<boolean> {
  if (!tableCodec(tables[shape]).bySql.has(sqlName("importId"))) return false;
  const found = await reader.query(sql`select 1 as "one" from "sync_outbox" where "status" = 'pending' and "import_id" is not null limit 1`);
  return found.length > 0;
}
