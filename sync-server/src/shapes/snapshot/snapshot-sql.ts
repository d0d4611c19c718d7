import { escapeLiteral } from "pg";
import { type Column, keyColumns, rowsOf, type Table } from "../catalog/table.ts";
import { quoteIdentifier } from "../identifiers.ts";
import { keyPrefix } from "../routing/row-encoder.ts";

/** Postgres allows 100 arguments to a function. */
const concatArgumentsMax = 90;

function concat(parts: readonly string[]): string {
  if (parts.length <= concatArgumentsMax) return `concat(${parts.join(", ")})`;
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += concatArgumentsMax) groups.push(concat(parts.slice(at, at + concatArgumentsMax)));
  return concat(groups);
}

const plainText: ReadonlySet<string> = new Set(["text", "varchar"]);
/** Types whose cast to text is their output form, which is what replication sends. */
const castIsOutput: ReadonlySet<string> = new Set(["int2", "int4", "int8", "numeric", "float4", "float8", "uuid", "date", "time", "timestamp", "timestamptz", "json", "jsonb", "bytea", "interval"]);

/** The column's output text; null stays null unless `concat` had to render it. */
function textOf(column: Column): { readonly sql: string; readonly strict: boolean } {
  const name = quoteIdentifier(column.name);
  if (column.dims === 0 && column.typeKind === "base") {
    if (plainText.has(column.typeName)) return { sql: name, strict: true };
    if (castIsOutput.has(column.typeName)) return { sql: `${name}::text`, strict: true };
  }
  return { sql: `concat(${name})`, strict: false };
}

/** `IS NULL` would also be true of a composite value all of whose fields are null. */
function isNull(column: Column): string {
  return `${quoteIdentifier(column.name)} IS ${column.typeKind === "composite" || column.typeKind === "domain" ? "NOT DISTINCT FROM NULL" : "NULL"}`;
}

function jsonValue(column: Column): string {
  const { sql, strict } = textOf(column);
  if (strict) return column.notNull ? `to_json(${sql})` : `coalesce(to_json(${sql})::text, 'null')`;
  return `CASE WHEN ${isNull(column)} THEN 'null' ELSE to_json(${sql})::text END`;
}

function keyParts(table: Table): string[] {
  return keyColumns(table).flatMap((index) => {
    const column = table.columns[index];
    if (column === undefined) return [];
    const value = `concat('/"', replace(${textOf(column).sql}, '/', '//'), '"')`;
    return [column.notNull ? value : `CASE WHEN ${isNull(column)} THEN '/_' ELSE ${value} END`];
  });
}

/** A name no column has, so that ORDER BY never means the rendered message. */
function outputName(table: Table): string {
  let name = "message";
  while (table.columns.some((column) => column.name === name)) name += "_";
  return name;
}

/**
 * The query that renders every row of a shape as a finished insert message, in one text column.
 * Keys and values are byte-identical to those built from the replication stream.
 */
export function snapshotSql(table: Table, selected: readonly number[], where: string | undefined, moreHeaders: Readonly<Record<string, number>> = {}): string {
  const parts: string[] = [escapeLiteral('{"key":'), `to_json(${concat([escapeLiteral(keyPrefix(table)), ...keyParts(table)])})`];
  selected.forEach((index, position) => {
    const column = table.columns[index];
    if (column === undefined) return;
    parts.push(escapeLiteral(`${position === 0 ? ',"value":{' : ","}${JSON.stringify(column.name)}:`), jsonValue(column));
  });
  parts.push(escapeLiteral(`},"headers":${JSON.stringify({ operation: "insert", relation: [table.schema, table.name], ...moreHeaders })}}`));
  return `SELECT ${concat(parts)} AS ${quoteIdentifier(outputName(table))} FROM ${rowsOf(table)}${where === undefined ? "" : ` WHERE ${where}`}`;
}
