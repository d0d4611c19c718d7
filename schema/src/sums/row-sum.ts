import { canonicalJson, type JsonValue } from "../json.ts";
import type { LogicalType } from "../tables/column.ts";
import { tableCodec, type Dialect } from "../dialects/codec.ts";
import type { TableDeclaration } from "../tables/table.ts";
import { hashText, type Hash64 } from "./row-hash.ts";

/**
 * The sum of a set of rows: the sum modulo 2^64 of the hashes of their texts, so that it does not depend on their order and changes with every
 * row that comes, goes or differs. It finds accidents, not malice.
 *
 * A row's text is the text of each column in the order of declaration, each ended by U+001F, U+0001 for null:
 *
 * | type                          | text                                              |
 * |-------------------------------|---------------------------------------------------|
 * | id, text, date, instant, json | as stored                                         |
 * | integer, money                | decimal                                           |
 * | boolean                       | `true` / `false`                                  |
 * | real                          | its eight bytes (IEEE 754, big-endian) in hex     |
 * | bytes                         | hex                                               |
 */
const columnEnd = "\u001f";
const nullText = "\u0001";

/** How many rows there are and their sum: 16 hex digits. */
export interface RowsSum {
  readonly rows: number;
  readonly sum: string;
}

/** The sum of no rows. */
export const emptySum: RowsSum = { rows: 0, sum: "0".repeat(16) };

/** A sum that rows come into and go out of. */
export interface RunningSum {
  /** A row that hashes to this comes. */
  add(hash: Hash64): void;
  /** A row that hashes to this goes. */
  remove(hash: Hash64): void;
  /** Another sum comes with all its rows. */
  addSum(other: RowsSum): void;
  value(): RowsSum;
}

const wrap = 0x1_0000_0000;

/** Makes a {@link RunningSum} that goes on from `from`. */
export function runningSum(from: RowsSum = emptySum): RunningSum {
  let rows = 0;
  let low = 0;
  let high = 0;
  const move = (sign: 1 | -1, hash: Hash64): void => {
    low += sign * hash.low;
    high += sign * hash.high;
    if (low >= wrap) {
      low -= wrap;
      high += 1;
    } else if (low < 0) {
      low += wrap;
      high -= 1;
    }
    if (high >= wrap) high -= wrap;
    else if (high < 0) high += wrap;
  };
  const addSum = (other: RowsSum): void => {
    move(1, { high: Number.parseInt(other.sum.slice(0, 8), 16), low: Number.parseInt(other.sum.slice(8), 16) });
    rows += other.rows;
  };
  addSum(from);
  return {
    add(hash) {
      move(1, hash);
      rows += 1;
    },
    remove(hash) {
      move(-1, hash);
      rows -= 1;
    },
    addSum,
    value: () => ({ rows, sum: hex32(high) + hex32(low) }),
  };
}

/** Hashes of a table's rows, from each form a row comes in. */
export interface RowHasher {
  /** Keyed by SQL names, as a driver gives it (booleans as 0/1 too). */
  ofRow(row: Readonly<Record<string, unknown>>): Hash64;
  /** Values in the order of declaration. */
  ofValues(values: readonly unknown[]): Hash64;
}

/** Makes the {@link RowHasher} of a table. */
export function rowHasher(table: TableDeclaration): RowHasher {
  const columns = tableCodec(table).columns.map(({ sql, declaration }) => ({ sql, text: texts[declaration.type] }));
  const textOf = (text: (value: unknown) => string, value: unknown) => (value === null || value === undefined ? nullText : text(value)) + columnEnd;
  return {
    ofRow: (row) => hashText(columns.reduce((whole, { sql, text }) => whole + textOf(text, row[sql]), "")),
    ofValues: (values) => hashText(columns.reduce((whole, { text }, index) => whole + textOf(text, values[index]), "")),
  };
}

/** SQL for Postgres: an aggregate that gives, as decimal text, the total {@link sumOfTotal} makes the same sum of. */
export function rowSumSql(table: TableDeclaration): string {
  return `coalesce(sum(hashtextextended(${postgresText(table)}, 0)), 0)::text`;
}

/** SQL for a row's text; undefined where the dialect has no way to say it (SQLite has none for the bytes of a real). */
export function rowTextSql(table: TableDeclaration, dialect: Dialect): string | undefined {
  if (dialect === "postgres") return postgresText(table);
  const { columns } = tableCodec(table);
  if (columns.some(({ declaration }) => declaration.type === "real")) return undefined;
  const parts = columns.map(({ sql, declaration }) => `ifnull(${sqliteTexts[declaration.type]?.(`"${sql}"`) ?? `"${sql}"`}, char(1))`);
  // A chain of `||` copies what is there already for each column: twice the time.
  return `concat_ws(char(31), ${parts.join(", ")}, '')`;
}

function postgresText(table: TableDeclaration): string {
  return tableCodec(table).columns.map(({ sql, declaration }) => `coalesce(${sqlTexts[declaration.type](`"${sql}"`)}, E'\\x01') || E'\\x1f'`).join(" || ");
}

/** The sum of a total that {@link rowSumSql} gave. */
export function sumOfTotal(total: string): string {
  return BigInt.asUintN(64, BigInt(total)).toString(16).padStart(16, "0");
}

const texts: Readonly<Record<LogicalType, (value: unknown) => string>> = {
  id: String,
  text: String,
  date: String,
  instant: String,
  json: (value) => (typeof value === "string" ? value : canonicalJson(jsonOf(value))),
  integer: String,
  money: String,
  boolean: (value) => (value === true || value === 1 || value === 1n ? "true" : "false"),
  real: (value) => realHex(Number(value)),
  bytes: (value) => (value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") : String(value).replace(/^\\x/, "")),
};

const sqlTexts: Readonly<Record<LogicalType, (name: string) => string>> = {
  id: (name) => name,
  text: (name) => name,
  date: (name) => name,
  instant: (name) => name,
  json: (name) => name,
  integer: (name) => `${name}::text`,
  money: (name) => `${name}::text`,
  boolean: (name) => `${name}::text`,
  real: (name) => `encode(float8send(${name}), 'hex')`,
  bytes: (name) => `encode(${name}, 'hex')`,
};

/** Where SQLite's own text of a value is another one. */
const sqliteTexts: Partial<Record<LogicalType, (name: string) => string>> = {
  boolean: (name) => `case ${name} when 0 then 'false' when 1 then 'true' end`,
  bytes: (name) => `case when ${name} is not null then lower(hex(${name})) end`,
};

function realHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return hex32(view.getUint32(0)) + hex32(view.getUint32(4));
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}

function jsonOf(value: unknown): JsonValue {
  const parsed: JsonValue = JSON.parse(JSON.stringify(value));
  return parsed;
}
