import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { categoryActivities } from "../tables/books.ts";
import { requireCategory } from "./category-references.ts";
import { isUnder } from "./category-tree.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";

/** Colours a category can keep for life; the ninth and later share slot 0. */
export const categorySlots = 8;

/** The lowest colour slot no category uses yet, 0 when all eight are taken. */
export function freeSlot(categories: readonly Pick<Row<"category">, "slot">[]): number {
  const taken = new Set(categories.map((category) => category.slot));
  for (let slot = 1; slot <= categorySlots; slot++) if (!taken.has(slot)) return slot;
  return 0;
}

/** Adds a category, below another of its kind when one is named, or below what that was merged into. Without an activity it has its parent's, or is operating. */
export const categoryCreate = defineMutation({
  name: "category.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    id: field.id,
    name: field.name,
    kind: z.enum(["income", "expense", "transfer"]),
    createdAt: field.instant,
    parentId: field.id.exactOptional(),
    activity: z.enum(categoryActivities).exactOptional(),
  }),
  async run(rows, { id, name, kind, createdAt, parentId, activity }, { workspaceId }) {
    const parent = parentId === undefined ? undefined : await rows.get("category", await requireCategory(rows, parentId));
    if (parent !== undefined && parent.kind !== kind) throw new SaldoError("mutation.category_tree", { table: "category" });
    const slot = freeSlot(await rows.list("category", {}));
    const place = { parentId: parent?.id ?? null, activity: activity ?? parent?.activity ?? "operating" };
    await rows.insert("category", { id, workspaceId, name, kind, slot, archived: false, createdAt, mergedIntoId: null, ...place });
  },
});

/** Renames a category. */
export const categoryRename = defineMutation({
  name: "category.rename",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, name: field.name }),
  async run(rows, { categoryId, name }) {
    await rows.patch("category", categoryId, { name });
  },
});

/** Puts a category under another of its kind, or what that was merged into, or at the top. Refused when it would come under itself. */
export const categoryMove = defineMutation({
  name: "category.move",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, parentId: field.id.nullable() }),
  async run(rows, { categoryId, parentId: wantedId }) {
    const parentId = wantedId === null ? null : await requireCategory(rows, wantedId);
    const categories = new Map((await rows.list("category", {})).map((category) => [category.id, category]));
    const moved = categories.get(categoryId);
    if (moved === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
    const above = parentId === null ? undefined : categories.get(parentId);
    const fits = above === undefined || (above.id !== categoryId && above.kind === moved.kind && !isUnder(categories, above.id, categoryId));
    if (!fits) throw new SaldoError("mutation.category_tree", { table: "category" });
    await rows.patch("category", categoryId, { parentId });
  },
});

/** Gives a category one of the eight colours, or none. */
export const categorySetColour = defineMutation({
  name: "category.setColour",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, slot: z.int().min(0).max(categorySlots) }),
  async run(rows, { categoryId, slot }) {
    await rows.patch("category", categoryId, { slot });
  },
});

/** Says which part of the cash-flow statement a category belongs to. */
export const categorySetActivity = defineMutation({
  name: "category.setActivity",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, activity: z.enum(categoryActivities) }),
  async run(rows, { categoryId, activity }) {
    await rows.patch("category", categoryId, { activity });
  },
});

/** Puts a category away, or takes it out again; transactions keep it. One taken out again stands for itself, even if it was merged. */
export const categoryArchive = defineMutation({
  name: "category.archive",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, archived: z.boolean() }),
  async run(rows, { categoryId, archived }) {
    await requireRow(rows, "category", categoryId);
    await rows.patch("category", categoryId, archived ? { archived } : { archived, mergedIntoId: null });
  },
});
