import { SaldoError } from "../errors/saldo-error.ts";
import type { RowStore } from "./row-store.ts";

/**
 * The id of the category meant by another's: itself, or the one it was merged into, however often. Refuses with `mutation.row_missing` when it is not in
 * this workspace.
 */
export async function requireCategory(rows: RowStore, id: string): Promise<string> {
  const met = new Set<string>();
  for (let current = id; ; ) {
    const category = await rows.get("category", current);
    if (category === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
    met.add(current);
    if (category.mergedIntoId === null || met.has(category.mergedIntoId)) return current;
    current = category.mergedIntoId;
  }
}
