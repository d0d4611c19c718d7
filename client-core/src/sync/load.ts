import { sqlName, tableCodec, tableNames, tables, type TableName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { wireBinders } from "../mutations/row-image.ts";
import type { LocalTransaction, SqlReader } from "../store/local-database.ts";
import { markAllStale, watchRolledRows } from "../store/rollup-triggers.ts";
import { columnsOfInsert, messagesIn } from "./message-text.ts";
import type { ShapeMessage } from "./message.ts";
import { netChanges } from "./net-change.ts";
import { imageOf, touch, updateBases, type TouchedRows } from "./rebase.ts";
import { chunksOf, idList, writeChanges } from "./visible-rows.ts";

/**
 * A snapshot is loaded into a table beside the visible one, with the same columns and no index but the key, slice by slice in transactions
 * of their own; nobody reads it there. The checkpoint puts it in the visible table's place:
 *
 *     slices ─► "sync_load_<shape>" ─► checkpoint: visible table empty?  yes: the loaded table becomes it, indexes are built once
 *                                                                        no:  rows that differ are written, absent ones removed
 */
export const loadTableOf = (shape: TableName): string => `sync_load_${shape}`;

/** Makes the empty table a shape's snapshot is loaded into; one left from before is dropped. */
export async function beginLoad(transaction: LocalTransaction, shape: TableName): Promise<void> {
  const loading = loadTableOf(shape);
  await dropLoad(transaction, shape);
  if (transaction.dialect === "postgres") {
    const copy = sql`create table ${sql.identifier(loading)} (like ${sql.identifier(shape)} including defaults, primary key ("id"))`;
    await transaction.execute(copy, [loading]);
    return;
  }
  const [declared] = await transaction.query(sql`select "sql" from "sqlite_master" where "type" = 'table' and "name" = ${shape}`);
  // What SQLite keeps is the statement that would make the table now, columns added since included.
  const text = String(declared?.["sql"]).replace(/^CREATE TABLE\s+("[^"]+"|`[^`]+`|\w+)/i, `CREATE TABLE "${loading}"`);
  await transaction.execute(sql.raw(text), [loading]);
}

/** Drops what was loaded of a shape, if anything was. */
export async function dropLoad(transaction: LocalTransaction, shape: TableName): Promise<void> {
  const loading = loadTableOf(shape);
  if (await loadExists(transaction, shape)) await transaction.execute(sql`drop table ${sql.identifier(loading)}`, [loading]);
}

/** Drops every load that is not one of these. */
export async function dropOtherLoads(transaction: LocalTransaction, kept: ReadonlyMap<TableName, unknown>): Promise<void> {
  for (const shape of tableNames) if (!kept.has(shape)) await dropLoad(transaction, shape);
}

async function loadExists(transaction: LocalTransaction, shape: TableName): Promise<boolean> {
  const name = loadTableOf(shape);
  const found =
    transaction.dialect === "sqlite"
      ? await transaction.query(sql`select 1 as "one" from "sqlite_master" where "type" = 'table' and "name" = ${name}`)
      : await transaction.query(sql`select 1 as "one" from pg_class where relname = ${name} and relnamespace = current_schema()::regnamespace`);
  return found.length > 0;
}

/** Takes messages into the load, in order; the same messages again change nothing. Returns how many changed a row that is not there. */
export async function loadMessages(transaction: LocalTransaction, shape: TableName, messages: readonly ShapeMessage[]): Promise<number> {
  if (messages.some(({ operation }) => operation !== "insert")) {
    return (await writeChanges(transaction, shape, netChanges(messages), { into: loadTableOf(shape) })).missing;
  }
  const codec = tableCodec(tables[shape]);
  const binders = wireBinders(codec, transaction.dialect);
  const names = codec.columns.map((column) => column.sql);
  const rows = messages.map(({ value }) => binders.map((bind, index) => bind(value[names[index] ?? ""])));
  await transaction.insertRows(loadTableOf(shape), names, rows, "replace");
  return 0;
}

/**
 * Takes the text of messages into the load, read by the database itself. Returns how many; undefined when they are not all inserts of rows that fit:
 * then nothing of them is taken, and they have to be looked at one by one.
 */
export async function loadText(transaction: LocalTransaction, shape: TableName, text: Uint8Array): Promise<number | undefined> {
  const loading = loadTableOf(shape);
  const columns = sql.join(tableCodec(tables[shape]).columns.map((column) => sql.identifier(column.sql)), sql`, `);
  const insert = sql`${messagesIn(text)} insert or replace into ${sql.identifier(loading)} (${columns}) select ${columnsOfInsert(shape)} from "message"`;
  // A row without an id does not fit. Whatever else is wrong with them is told to whoever looks at them one by one.
  return transaction.savepoint(() => transaction.execute(insert, [loading])).catch(() => undefined);
}

/** Values of some columns of a loaded row, or of all rows with a value in a column. */
export async function loadedRows(reader: SqlReader, shape: TableName, column: string, value: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return reader.query(sql`select * from ${sql.identifier(loadTableOf(shape))} where ${sql.identifier(column)} = ${value}`);
}

/**
 * Makes a shape's visible rows those of its finished snapshot (`loaded` is false for one without rows), beneath what is pending. Rows of an import
 * that is still leaving this device stay: the server has not seen them yet. Returns how many visible rows changed.
 */
export async function placeLoad(transaction: LocalTransaction, shape: TableName, loaded: boolean, touched: TouchedRows): Promise<number> {
  if (loaded && transaction.dialect === "sqlite" && (await isEmpty(transaction, shape))) return takePlace(transaction, shape);
  const leaving = await leavingImports(transaction, shape);
  let written = await removeAbsent(transaction, shape, loaded, leaving);
  if (!loaded) {
    await rebaseAbsent(transaction, shape, sql`true`, leaving, touched);
    return written;
  }
  const differing = await writeDiffering(transaction, shape);
  if (differing > 0 && shape === "transaction") await markAllStale(transaction);
  written += differing;
  await rebaseLoaded(transaction, shape, touched);
  await rebaseAbsent(transaction, shape, sql`"row_id" not in ${loadedIds(shape)}`, leaving, touched);
  await dropLoad(transaction, shape);
  return written;
}

/** True when the device has no row of a table, neither to be seen nor hidden beneath a pending removal. */
async function isEmpty(transaction: LocalTransaction, table: TableName): Promise<boolean> {
  const seen = await transaction.query(sql`select 1 as "one" from ${sql.identifier(table)} limit 1`);
  const hidden = await transaction.query(sql`select 1 as "one" from "sync_base" where "table_name" = ${table} limit 1`);
  return seen.length === 0 && hidden.length === 0;
}

async function takePlace(transaction: LocalTransaction, shape: TableName): Promise<number> {
  const name = sql.identifier(shape);
  const indexes = await transaction.query(sql`select "sql" from "sqlite_master" where "type" = 'index' and "tbl_name" = ${shape} and "sql" is not null`);
  await transaction.execute(sql`drop table ${name}`, [shape]);
  await transaction.execute(sql`alter table ${sql.identifier(loadTableOf(shape))} rename to ${name}`, [shape]);
  for (const index of indexes) await transaction.execute(sql.raw(String(index["sql"])), [shape]);
  // Its triggers went with the table that was here.
  await watchRolledRows(transaction);
  const [row] = await transaction.query(sql`select count(*) as "rows" from ${name}`);
  return Number(row?.["rows"] ?? 0);
}

const loadedIds = (shape: TableName): SQL => sql`(select "id" from ${sql.identifier(loadTableOf(shape))})`;
const hiddenIds = (shape: TableName): SQL => sql`(select "row_id" from "sync_base" where "table_name" = ${shape})`;

async function removeAbsent(transaction: LocalTransaction, shape: TableName, loaded: boolean, leaving: ReadonlySet<unknown>): Promise<number> {
  const absent = loaded ? sql`"id" not in ${loadedIds(shape)}` : sql`true`;
  return transaction.execute(
    sql`delete from ${sql.identifier(shape)} where ${absent} and "id" not in ${hiddenIds(shape)} and ${notLeaving([...leaving])}`,
    [shape],
  );
}

async function writeDiffering(transaction: LocalTransaction, shape: TableName): Promise<number> {
  const columns = tableCodec(tables[shape]).columns.map(({ sql: name }) => sql.identifier(name));
  const list = sql.join(columns, sql`, `);
  const isSame = transaction.dialect === "sqlite" ? sql`is` : sql`is not distinct from`;
  const same = sql.join(columns.map((column) => sql`v.${column} ${isSame} l.${column}`), sql` and `);
  const assigned = sql.join(columns.map((column) => sql`${column} = excluded.${column}`), sql`, `);
  return transaction.execute(
    sql`insert into ${sql.identifier(shape)} (${list})
      select ${list} from ${sql.identifier(loadTableOf(shape))} l
      where l."id" not in ${hiddenIds(shape)} and not exists (select 1 from ${sql.identifier(shape)} v where v."id" = l."id" and ${same})
      on conflict ("id") do update set ${assigned}`,
    [shape],
  );
}

/** Gives rows beneath pending effects what the snapshot has of them. */
async function rebaseLoaded(transaction: LocalTransaction, shape: TableName, touched: TouchedRows): Promise<void> {
  const rows = await transaction.query(sql`select "row_id" from "sync_base" where "table_name" = ${shape} and "row_id" in ${loadedIds(shape)}`);
  for (const ids of chunksOf(rows.map((row) => String(row["row_id"])))) {
    const stored = await transaction.query(sql`select * from ${sql.identifier(loadTableOf(shape))} where "id" in ${idList(ids)}`);
    const changes = stored.map((row) => [String(row["id"]), { kind: "row", value: row, isNew: true }] as const);
    await updateBases(transaction, shape, new Map(changes), touched);
  }
}

/** Beneath pending effects only the base goes; the fold decides what remains to be seen. */
async function rebaseAbsent(transaction: LocalTransaction, shape: TableName, absent: SQL, leaving: ReadonlySet<unknown>, touched: TouchedRows): Promise<void> {
  const bases = await transaction.query(sql`select "row_id", "row" from "sync_base" where "table_name" = ${shape} and "row" is not null and ${absent}`);
  const gone: string[] = [];
  for (const row of bases) {
    if (typeof row["row_id"] !== "string" || leaving.has(imageOf(row["row"])?.["importId"])) continue;
    gone.push(row["row_id"]);
    touch(touched, shape, row["row_id"]);
  }
  for (const ids of chunksOf(gone)) {
    await transaction.execute(sql`update "sync_base" set "row" = null where "table_name" = ${shape} and "row_id" in ${idList(ids)}`, ["sync_base"]);
  }
}

/** Imports whose rows are still leaving this device; empty for a table without imports. */
async function leavingImports(transaction: LocalTransaction, shape: TableName): Promise<ReadonlySet<unknown>> {
  if (!("importId" in tables[shape].columns)) return new Set();
  const rows = await transaction.query(sql`select distinct "import_id" from "sync_outbox" where "status" = 'pending' and "import_id" is not null`);
  return new Set(rows.map((row) => row["import_id"]));
}

function notLeaving(importIds: readonly unknown[]): SQL {
  if (importIds.length === 0) return sql`true`;
  const column = sql.identifier(sqlName("importId"));
  return sql`(${column} is null or ${column} not in (${sql.join(importIds.map((id) => sql`${id}`), sql`, `)}))`;
}
