import { canonicalJson, type JsonValue } from "../json.ts";
import { minor } from "../money.ts";
import type { ColumnDeclaration, LogicalType } from "../tables/column.ts";
import { sqlName } from "../tables/sql-name.ts";
import type { DeviceTableDeclaration } from "../tables/table.ts";

/** A value as our rows carry it. */
export type LogicalValue = string | number | boolean | JsonValue | Uint8Array | null;

/** A value a SQL driver binds: booleans are 0/1 in SQLite and boolean in Postgres, JSON is canonical text in both. */
export type BoundValue = string | number | boolean | Uint8Array | null;

/** Which family of SQL a value is bound for. */
export type Dialect = "sqlite" | "postgres";

/** Turns one logical value into what the driver binds. */
export function toBound(type: LogicalType, value: LogicalValue, dialect: Dialect): BoundValue {
  if (value === null) return null;
  if (type === "json") return canonicalJson(asJson(value));
  if (type === "boolean") return dialect === "sqlite" ? Number(value) : value === true;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value instanceof Uint8Array) return value;
  throw new TypeError(`a ${type} column cannot hold a structured value`);
}

const readers: Readonly<Record<LogicalType, (value: unknown) => LogicalValue>> = {
  id: readText,
  text: readText,
  integer: readInteger,
  money: (value) => minor(readInteger(value)),
  real: (value) => Number(value),
  boolean: (value) => value === true || value === 1 || value === 1n || value === "t" || value === "true" || value === "1",
  date: readText,
  instant: readText,
  json: (value) => (typeof value === "string" ? parseJson(value) : fail("json")),
  bytes: (value) => (value instanceof Uint8Array ? value : typeof value === "string" ? bytesFromPgHex(value) : fail("bytes")),
};

/** Reads one value as a driver or a shape message gives it (Postgres text forms included). Throws `TypeError` when it is not of the type. */
export function fromStored(type: LogicalType, value: unknown): LogicalValue {
  return value === null || value === undefined ? null : readers[type](value);
}

/** The one canonical text of a value, for checksums and comparisons; null has none. */
export function canonicalText(type: LogicalType, value: LogicalValue): string | null {
  if (value === null) return null;
  if (type === "json") return canonicalJson(asJson(value));
  if (type === "boolean") return value === true ? "t" : "f";
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (typeof value === "object") throw new TypeError(`a ${type} column cannot hold a structured value`);
  return String(value);
}

/** One column of a {@link TableCodec}. */
export interface CodecColumn {
  /** camelCase key in rows. */
  readonly key: string;
  /** snake_case name in SQL and on the wire. */
  readonly sql: string;
  readonly declaration: ColumnDeclaration;
}

/** Columns of a table in declaration order, with both of their names: computed once per table. */
export interface TableCodec {
  readonly table: string;
  readonly columns: readonly CodecColumn[];
  readonly bySql: ReadonlyMap<string, CodecColumn>;
  readonly byKey: ReadonlyMap<string, CodecColumn>;
}

const codecs = new WeakMap<DeviceTableDeclaration, TableCodec>();

/** The codec of a declared table (cached). */
export function tableCodec(declaration: DeviceTableDeclaration): TableCodec {
  const known = codecs.get(declaration);
  if (known) return known;
  const columns = Object.entries(declaration.columns).map(([key, column]) => ({ key, sql: sqlName(key), declaration: column }));
  const codec: TableCodec = {
    table: declaration.name,
    columns,
    bySql: new Map(columns.map((column) => [column.sql, column])),
    byKey: new Map(columns.map((column) => [column.key, column])),
  };
  codecs.set(declaration, codec);
  return codec;
}

/**
 * Turns a record keyed by SQL names (a driver's row, a shape message's value; perhaps only some columns) into one keyed by our names.
 * Columns this version does not know are dropped: a newer server may send them.
 */
export function decodeRecord(codec: TableCodec, record: Readonly<Record<string, unknown>>): Record<string, LogicalValue> {
  const row: Record<string, LogicalValue> = {};
  for (const name in record) {
    const column = codec.bySql.get(name);
    if (column) row[column.key] = fromStored(column.declaration.type, record[name]);
  }
  return row;
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : fail("text");
}

function readInteger(value: unknown): number {
  const number = typeof value === "number" ? value : typeof value === "bigint" || typeof value === "string" ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : fail("integer");
}

function parseJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  return value;
}

function asJson(value: LogicalValue): JsonValue {
  if (value instanceof Uint8Array) throw new TypeError("bytes are not a JSON value");
  return value;
}

function bytesFromPgHex(text: string): Uint8Array {
  if (!/^\\x(?:[0-9a-f]{2})*$/.test(text)) return fail("bytes");
  return Uint8Array.from({ length: (text.length - 2) / 2 }, (_, index) => Number.parseInt(text.slice(2 + index * 2, 4 + index * 2), 16));
}

function fail(type: string): never {
  throw new TypeError(`the stored value is not a ${type}`);
}
