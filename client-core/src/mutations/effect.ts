import type { JsonValue, TableName } from "@saldo/schema";
import type { RowImage } from "./row-image.ts";

/** Marks a key of a patch whose value is added to the column rather than put in its place. */
export const addMark = "+";

/** What a pending mutation did to one row. */
export interface Effect {
  readonly kind: "insert" | "patch" | "remove";
  /** Changed columns: all for an insert, none for a remove. A key that begins with {@link addMark} holds what to add to that column. */
  readonly patch: RowImage;
}

/** An effect with the row it is about. */
export interface RowEffect extends Effect {
  readonly table: TableName;
  readonly rowId: string;
}

/**
 * The row as the person sees it: the server's row with pending effects folded over it, oldest first; null when there is none.
 *
 * | effect | row is there                     | row is not there |
 * |--------|----------------------------------|------------------|
 * | insert | stays: the server was first      | the patch is it  |
 * | patch  | changed columns on top, adds sum | stays absent     |
 * | remove | absent                           | absent           |
 */
export function foldEffects(base: RowImage | null, effects: readonly Effect[]): RowImage | null {
  let row = base;
  for (const { kind, patch } of effects) {
    if (kind === "insert") row ??= patch;
    else if (kind === "remove") row = null;
    else if (row) row = applyPatch(row, patch);
  }
  return row;
}

function applyPatch(row: RowImage, patch: RowImage): RowImage {
  const next: Record<string, JsonValue> = { ...row };
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith(addMark)) next[key] = value;
    else next[key.slice(1)] = sum(next[key.slice(1)], value);
  }
  return next;
}

/** As in SQL, adding to null is null. */
function sum(current: JsonValue | undefined, addend: JsonValue): JsonValue {
  return typeof current === "number" && typeof addend === "number" ? current + addend : null;
}
