import type { Row } from "../tables/index.ts";

type Placed = Pick<Row<"category">, "id" | "parentId">;

/** True when a category lies below another, at any depth. A tree that bites its tail ends the search. */
export function isUnder(categories: ReadonlyMap<string, Placed>, id: string, aboveId: string): boolean {
  let above = categories.get(id)?.parentId ?? null;
  for (let steps = 0; above !== null && steps <= categories.size; steps++) {
    if (above === aboveId) return true;
    above = categories.get(above)?.parentId ?? null;
  }
  return false;
}
