import { toBound, type BoundValue, type LogicalType } from "@saldo/schema";
import { asLogical } from "./logical.ts";
import { parameterType, quoted, type TableSql } from "./table-sql.ts";

/** One statement with its parameters. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * One statement that inserts rows from arrays, one array a column. A column that has the same value in every row (most of an import's are)
 * is sent once. Rows whose key exists are left out, so the affected count tells whether all went in.
 */
export function bulkInsert(sql: TableSql, rows: readonly Readonly<Record<string, unknown>>[]): BoundStatement {
  const values: unknown[] = [];
  const arrays: string[] = [];
  const arrayNames: string[] = [];
  const selected = sql.codec.columns.map(({ key, declaration: { type } }, index) => {
    const column = columnValues(rows, key, type);
    if (column.constant) return `$${values.push(column.value)}::${parameterType(type)}`;
    arrays.push(`$${values.push(type === "bytes" ? column.values : arrayText(column.values))}::${parameterType(type)}[]`);
    arrayNames.push(`c${index}`);
    return `c${index}`;
  });
  // With every column constant there is nothing to unnest: the rows are one row, repeated.
  const source = arrays.length === 0 ? `generate_series(1, ${rows.length})` : `unnest(${arrays.join(", ")}) as batch (${arrayNames.join(", ")})`;
  return { text: `insert into ${sql.table} (${sql.columns}) select ${selected.join(", ")} from ${source} on conflict do nothing`, values };
}

type ColumnValues = { readonly constant: true; readonly value: BoundValue } | { readonly constant: false; readonly values: readonly BoundValue[] };

function columnValues(rows: readonly Readonly<Record<string, unknown>>[], key: string, type: LogicalType): ColumnValues {
  const first = rows[0]?.[key];
  // Structured values are equal by content, which is not worth asking.
  const comparable = typeof first !== "object" || first === null;
  if (comparable && rows.every((row) => row[key] === first)) return { constant: true, value: toBound(type, asLogical(first), "postgres") };
  return { constant: false, values: rows.map((row) => toBound(type, asLogical(row[key]), "postgres")) };
}

const escaped = /[\\"]/g;

/** A Postgres array literal. Built by hand because batches are large and the driver's own escapes each element twice. */
function arrayText(values: readonly BoundValue[]): string {
  const parts = values.map((value) => {
    if (value === null) return "NULL";
    if (typeof value !== "string") return String(value);
    return value.includes('"') || value.includes("\\") ? `"${value.replace(escaped, "\\$&")}"` : `"${value}"`;
  });
  return `{${parts.join(",")}}`;
}

/** One statement that inserts one row; a key that exists is left alone. */
export function singleInsert(sql: TableSql, row: Readonly<Record<string, unknown>>): BoundStatement {
  const values = sql.codec.columns.map((column) => toBound(column.declaration.type, asLogical(row[column.key]), "postgres"));
  const marks = values.map((_, index) => `$${index + 1}`).join(", ");
  const columns = sql.codec.columns.map((column) => quoted(column.sql)).join(", ");
  return { text: `insert into ${sql.table} (${columns}) values (${marks}) on conflict do nothing`, values };
}
