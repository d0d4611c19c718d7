import { SaldoError } from "../errors/saldo-error.ts";
import type { TableName } from "../tables/index.ts";
import type { RowStore } from "./row-store.ts";

/** Refuses with `mutation.row_missing` when a row named by another is not in this workspace. */
export async function requireRow(rows: RowStore, table: TableName, id: string): Promise<void> {
  if (!(await rows.get(table, id))) throw new SaldoError("mutation.row_missing", { table });
}

/** The same for many rows of a small table, which is read at once. */
export async function requireRows(rows: RowStore, table: "account", ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const known = new Set((await rows.list(table, {})).map(({ id }) => id));
  if (ids.some((id) => !known.has(id))) throw new SaldoError("mutation.row_missing", { table });
}
