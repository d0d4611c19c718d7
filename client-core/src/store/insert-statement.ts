import type { OnConflict } from "./local-database.ts";

/** Parts of an insert. `source` is SQL that gives the rows; `key` is needed for "replace" only. */
export interface InsertParts {
  readonly table: string;
  readonly columns: readonly string[];
  readonly source: string;
  readonly onConflict: OnConflict;
  readonly key: readonly string[];
}

/** SQL text of an insert, the same in both dialects. Throws when "replace" has no key to go by. */
export function insertStatement({ table, columns, source, onConflict, key }: InsertParts): string {
  return `insert into ${quoted(table)} (${columns.map(quoted).join(", ")}) ${source}${conflictClause(columns, onConflict, key)}`;
}

function conflictClause(columns: readonly string[], onConflict: OnConflict, key: readonly string[]): string {
  if (onConflict === "fail") return "";
  if (onConflict === "ignore") return " on conflict do nothing";
  if (key.length === 0) throw new Error("rows of a table without a key cannot be replaced");
  const rest = columns.filter((column) => !key.includes(column));
  const target = ` on conflict (${key.map(quoted).join(", ")})`;
  if (rest.length === 0) return `${target} do nothing`;
  return `${target} do update set ${rest.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(", ")}`;
}

/** An identifier as both dialects read it. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
