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

/**
 * Rows bound and written at once, so that the bound copies of a large insert are not all in memory. SQLite takes them one by one, and
 * few at a time die young; Postgres takes as many as one statement carries.
 */
const boundRowsMax = { sqlite: 250, postgres: 5_000 } as const;

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
  const batchRows = boundRowsMax[transaction.dialect];
  let written = 0;
  for (let start = 0; start < rows.length; start += batchRows) {
    const bound = rows.slice(start, start + batchRows).map(bind);
    written += await transaction.insertRows(name, columns, bound, onConflict);
  }
  return written;
}

function codecOf(name: TableName | DeviceTableName): TableCodec {
  return tableCodec(isTableName(name) ? tables[name] : deviceTables[name]);
}

/** Only booleans and JSON change on their way in; text and numbers, the bulk, are bound as they are. */
function binderOf(codec: TableCodec, dialect: Dialect): (row: LooseRow) => BoundValue[] {
  const { columns } = codec;
  const keys = columns.map((column) => column.key);
  const asIs = columns.map(({ declaration: { type } }) => type !== "json" && type !== "boolean");
  const bindOther = (value: LogicalValue | undefined, index: number): BoundValue => {
    const column = columns[index];
    if (column === undefined || value === undefined) throw new TypeError(`a row of ${codec.table} lacks ${column?.key}`);
    return toBound(column.declaration.type, value, dialect);
  };
  return (row) =>
    keys.map((key, index) => {
      const value = row[key];
      if (value === null) return value;
      return asIs[index] === true && (typeof value === "string" || typeof value === "number") ? value : bindOther(value, index);
    });
}
