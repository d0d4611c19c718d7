import { SaldoError } from "../errors/saldo-error.ts";
import type { TableName } from "../tables/index.ts";
import type { RowStore } from "./row-store.ts";

/** Refuses with `mutation.row_missing` when a row named by another is not in this workspace. */
export async function requireRow(rows: RowStore, table: TableName, id: string): Promise<void> {
  if (!(await rows.get(table, id))) throw new SaldoError("mutation.row_missing", { table });
}
