import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import type { RowStore } from "./row-store.ts";

/**
 * The id of the category meant by another's: itself, or the one it was merged into, however often. Refuses with `mutation.row_missing` when it is not in
 * this workspace.
 */
export function requireCategory(rows: RowStore, id: string): Promise<string> {
  return follow(id, (current) => rows.get("category", current));
}

/** The same for many, in order; all categories are read at once. */
export async function requireCategories(rows: RowStore, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const known = new Map((await rows.list("category", {})).map((category) => [category.id, category]));
  const meant: string[] = [];
  for (const id of ids) meant.push(await follow(id, (current) => Promise.resolve(known.get(current))));
  return meant;
}

async function follow(id: string, find: (id: string) => Promise<Row<"category"> | undefined>): Promise<string> {
  const met = new Set<string>();
  for (let current = id; ; ) {
    const category = await find(current);
    if (category === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
    met.add(current);
    if (category.mergedIntoId === null || met.has(category.mergedIntoId)) return current;
    current = category.mergedIntoId;
  }
}
