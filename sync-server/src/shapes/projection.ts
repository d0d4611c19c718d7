import { schemaHeader } from "./catalog/schema-header.ts";
import type { Table } from "./catalog/table.ts";
import { invalidRequest } from "./refusal.ts";
import { RowEncoder } from "./routing/row-encoder.ts";

/** A table narrowed to the columns that shapes show. */
export interface Projection {
  /** Indexes of the columns, in table order. */
  readonly selected: readonly number[];
  readonly encoder: RowEncoder;
  /** The `electric-schema` header. */
  readonly schema: string;
}

/** Thousands of shapes show the same columns of a table, and share what comes of that. */
const projections = new WeakMap<Table, Map<string, Projection>>();

/** The table narrowed to the named columns (all of them for `null`). Throws `RequestRefused` (400) for unknown ones and a missing key. */
export function projectionOf(table: Table, names: readonly string[] | null): Projection {
  const selected = selectColumns(table, names);
  const known = projections.get(table) ?? new Map<string, Projection>();
  projections.set(table, known);
  const key = selected.join();
  const projection = known.get(key) ?? { selected, encoder: new RowEncoder(table, selected), schema: schemaHeader(table, selected) };
  known.set(key, projection);
  return projection;
}

function selectColumns(table: Table, names: readonly string[] | null): readonly number[] {
  const generated = names === null ? table.unpublished : names.filter((name) => table.unpublished.includes(name));
  if (generated.length > 0) {
    const remedy = names === null ? ". You can exclude them from the shape by explicitly listing which columns to fetch in the 'columns' query param" : "";
    throw invalidRequest("columns", `The following columns are generated and cannot be included in the shape: ${generated.join(", ")}${remedy}`);
  }
  if (names === null) return table.columns.map((_, index) => index);
  const missing = table.columns.filter((column) => column.pkIndex >= 0 && !names.includes(column.name)).map(({ name }) => name);
  if (missing.length > 0) throw invalidRequest("columns", `The list of columns must include all primary key columns, missing: ${missing.join(", ")}`);
  const unknown = names.filter((name) => !table.columns.some((column) => column.name === name));
  if (unknown.length > 0) throw invalidRequest("columns", `The following columns are not found on the table: ${unknown.join(", ")}`);
  return table.columns.flatMap((column, index) => (names.includes(column.name) ? [index] : []));
}

/** Checks the columns a client may use; throws `RequestRefused` (400) for unknown ones, a missing key, and selected ones that are not among them. */
export function checkQueryable(table: Table, names: readonly string[], selected: readonly string[] | undefined): void {
  const missing = table.columns.filter((column) => column.pkIndex >= 0 && !names.includes(column.name)).map(({ name }) => name);
  const unknown = names.filter((name) => !table.columns.some((column) => column.name === name));
  if (missing.length > 0) throw invalidRequest("queryable_columns", `The list of queryable columns must include all primary key columns, missing: ${missing.join(", ")}`);
  if (unknown.length > 0) throw invalidRequest("queryable_columns", `The following queryable columns are not found on the table: ${unknown.join(", ")}`);
  const hidden = (selected ?? []).filter((name) => !names.includes(name));
  if (hidden.length > 0) throw invalidRequest("columns", `The following columns are not found on the table: ${hidden.join(", ")}`);
}
