import {
  decodeRecord,
  deviceTables,
  isTableName,
  tableCodec,
  tables,
  toBound,
  type BoundValue,
  type DeviceTableName,
  type Dialect,
  type LogicalValue,
  type Row,
  type RowOf,
  type TableCodec,
  type TableName,
} from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import type { LocalTransaction, OnConflict, SqlReader } from "./local-database.ts";

/** A whole row of a table only devices have. */
export type DeviceRow<Name extends DeviceTableName> = RowOf<(typeof deviceTables)[Name]>;

/** Rows bound and written at once, so that the bound copies of a large insert are not all in memory. */
const boundRowsMax = 5_000;

type LooseRow = Readonly<Record<string, LogicalValue>>;

/**
 * Reads whole rows of a table. `tail` is what follows `from`: where, order by, limit; nothing for all rows.
 * Throws `TypeError` when a stored value is not of its column's type.
 */
export function readRows<Name extends TableName>(reader: SqlReader, name: Name, tail?: SQL): Promise<Row<Name>[]>;
export function readRows<Name extends DeviceTableName>(reader: SqlReader, name: Name, tail?: SQL): Promise<DeviceRow<Name>[]>;
export async function readRows(reader: SqlReader, name: TableName | DeviceTableName, tail: SQL = sql``): Promise<LooseRow[]> {
  const codec = codecOf(name);
  const columns = sql.join(codec.columns.map((column) => sql.identifier(column.sql)), sql`, `);
  const records = await reader.query(sql`select ${columns} from ${sql.identifier(name)} ${tail}`);
  return records.map((record) => decodeRecord(codec, record));
}

/** Inserts whole rows; returns how many were written. With "fail", throws `store.key_exists` when one is there already. */
export function insertTableRows<Name extends TableName>(
  transaction: LocalTransaction,
  name: Name,
  rows: readonly Row<Name>[],
  onConflict: OnConflict,
): Promise<number>;
export function insertTableRows<Name extends DeviceTableName>(
  transaction: LocalTransaction,
  name: Name,
  rows: readonly DeviceRow<Name>[],
  onConflict: OnConflict,
): Promise<number>;
export async function insertTableRows(
  transaction: LocalTransaction,
  name: TableName | DeviceTableName,
  rows: readonly LooseRow[],
  onConflict: OnConflict,
): Promise<number> {
  const codec = codecOf(name);
  const columns = codec.columns.map((column) => column.sql);
  const bind = binderOf(codec, transaction.dialect);
  let written = 0;
  for (let start = 0; start < rows.length; start += boundRowsMax) {
    const bound = rows.slice(start, start + boundRowsMax).map(bind);
    written += await transaction.insertRows(name, columns, bound, onConflict);
  }
  return written;
}

function codecOf(name: TableName | DeviceTableName): TableCodec {
  return tableCodec(isTableName(name) ? tables[name] : deviceTables[name]);
}

/** Only booleans and JSON change on their way in; every other value is bound as it is. */
function binderOf(codec: TableCodec, dialect: Dialect): (row: LooseRow) => BoundValue[] {
  const columns = codec.columns.map(({ key, declaration: { type } }) => ({ key, type, asIs: type !== "json" && type !== "boolean" }));
  return (row) => {
    const bound: BoundValue[] = [];
    for (const { key, type, asIs } of columns) {
      const value = row[key];
      if (value === undefined) throw new TypeError(`a row of ${codec.table} lacks ${key}`);
      bound.push(asIs && (typeof value === "string" || typeof value === "number") ? value : toBound(type, value, dialect));
    }
    return bound;
  };
}
