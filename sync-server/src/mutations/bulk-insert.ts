import { toBound, type BoundValue } from "@saldo/schema";
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
  const selected = sql.codec.columns.map((column, index) => {
    const { type } = column.declaration;
    const bound = rows.map((row) => toBound(type, asLogical(row[column.key]), "postgres"));
    const [first = null] = bound;
    if (!(first instanceof Uint8Array) && bound.every((value) => value === first)) {
      values.push(first);
      return `$${values.length}::${parameterType(type)}`;
    }
    values.push(type === "bytes" ? bound : arrayText(bound));
    arrays.push(`$${values.length}::${parameterType(type)}[]`);
    arrayNames.push(`c${index}`);
    return `c${index}`;
  });
  // With every column constant there is nothing to unnest: the rows are one row, repeated.
  const source = arrays.length === 0 ? `generate_series(1, ${rows.length})` : `unnest(${arrays.join(", ")}) as batch (${arrayNames.join(", ")})`;
  return { text: `insert into ${sql.table} (${sql.columns}) select ${selected.join(", ")} from ${source} on conflict do nothing`, values };
}

const mustQuote = /[\\"]/;
const escaped = /[\\"]/g;

/** A Postgres array literal. Built by hand because batches are large and the driver's own escapes each element twice. */
function arrayText(values: readonly BoundValue[]): string {
  let text = "{";
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null;
    if (index > 0) text += ",";
    if (value === null) text += "NULL";
    else if (typeof value === "string") text += mustQuote.test(value) ? `"${value.replace(escaped, "\\$&")}"` : `"${value}"`;
    else text += String(value);
  }
  return `${text}}`;
}

/** One statement that inserts one row; a key that exists is left alone. */
export function singleInsert(sql: TableSql, row: Readonly<Record<string, unknown>>): BoundStatement {
  const values = sql.codec.columns.map((column) => toBound(column.declaration.type, asLogical(row[column.key]), "postgres"));
  const marks = values.map((_, index) => `$${index + 1}`).join(", ");
  const columns = sql.codec.columns.map((column) => quoted(column.sql)).join(", ");
  return { text: `insert into ${sql.table} (${columns}) values (${marks}) on conflict do nothing`, values };
}
