import type { BoundValue } from "@saldo/schema";
import { z } from "zod";
import { insertStatement } from "../insert-statement.ts";
import type { OnConflict, SqlRow } from "../local-database.ts";

/** Most rows one insert statement carries. */
const insertStatementRowsMax = 5_000;
/** Tables remembered by one session. */
const cataloguesMax = 200;

/** Runs one statement. */
interface StatementRunner {
  query(text: string, parameters: readonly unknown[]): Promise<SqlRow[]>;
  execute(text: string, parameters: readonly unknown[]): Promise<number>;
}

/** What an insert has to know of a table. */
interface TableCatalogue {
  readonly types: ReadonlyMap<string, string>;
  readonly key: readonly string[];
}

const catalogueRow = z.object({ name: z.string(), type: z.string(), key_position: z.number().nullable() });

const catalogueQuery = `
  select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, array_position(i.indkey::int2[], a.attnum) as key_position
  from pg_attribute a
  left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`;

async function readCatalogue(runner: Pick<StatementRunner, "query">, table: string): Promise<TableCatalogue> {
  const rows = z.array(catalogueRow).parse(await runner.query(catalogueQuery, [`"${table.replaceAll('"', '""')}"`]));
  const keyed = rows.flatMap(({ name, key_position }) => (key_position === null ? [] : [{ name, key_position }]));
  keyed.sort((a, b) => a.key_position - b.key_position);
  return { types: new Map(rows.map(({ name, type }) => [name, type])), key: keyed.map(({ name }) => name) };
}

/** One insert into one table. */
export interface InsertRequest {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly BoundValue[])[];
  readonly onConflict: OnConflict;
}

/**
 * Makes the insert of a session: one array for each column (`unnest`), a few thousand rows a statement, or plain values for a single row; it returns how many rows were
 * written.
 */
export function inserterBy(runner: StatementRunner, catalogueOf: CatalogueOf = cataloguesBy(runner)): (request: InsertRequest) => Promise<number> {
  return async (request) => insertByColumns(runner, await catalogueOf(request), request);
}

/** Tells what a table looks like, for a request that names its columns. */
export type CatalogueOf = (request: Pick<InsertRequest, "table" | "columns">) => Promise<TableCatalogue>;

/** Makes the memory of a session: each table is read once, and again when a column is not known. */
export function cataloguesBy(runner: Pick<StatementRunner, "query">): CatalogueOf {
  const catalogues = new Map<string, TableCatalogue>();
  return async ({ table, columns }) => {
    const known = catalogues.get(table);
    if (known !== undefined && columns.every((column) => known.types.has(column))) return known;
    if (catalogues.size >= cataloguesMax) catalogues.clear();
    const catalogue = await readCatalogue(runner, table);
    catalogues.set(table, catalogue);
    return catalogue;
  };
}

async function insertByColumns(runner: StatementRunner, { types, key }: TableCatalogue, request: InsertRequest): Promise<number> {
  const { table, columns, rows, onConflict } = request;
  const [only] = rows;
  if (only && rows.length === 1) {
    const source = `values (${columns.map((_, index) => `$${index + 1}`).join(", ")})`;
    return runner.execute(insertStatement({ table, columns, source, onConflict, key }), columns.map((_, index) => only[index] ?? null));
  }
  const arrays = columns.map((column, index) => `$${index + 1}::${types.get(column) ?? unknownColumn(table, column)}[]`);
  const text = insertStatement({ table, columns, source: `select * from unnest(${arrays.join(", ")})`, onConflict, key });
  const distinct = onConflict === "replace" ? lastOfEachKey(rows, key.map((column) => columns.indexOf(column))) : rows;
  let written = 0;
  for (let start = 0; start < distinct.length; start += insertStatementRowsMax) {
    const batch = distinct.slice(start, start + insertStatementRowsMax);
    written += await runner.execute(text, columns.map((_, index) => batch.map((row) => row[index] ?? null)));
  }
  return written;
}

/** Postgres refuses to update one row twice in a statement. */
function lastOfEachKey(rows: readonly (readonly BoundValue[])[], keyIndexes: readonly number[]): readonly (readonly BoundValue[])[] {
  const byKey = new Map(rows.map((row) => [JSON.stringify(keyIndexes.map((index) => row[index])), row]));
  return byKey.size === rows.length ? rows : [...byKey.values()];
}

function unknownColumn(table: string, column: string): never {
  throw new Error(`no column ${column} in ${table}`);
}
