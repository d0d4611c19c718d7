import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
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

/** Adds a category. */
export const categoryCreate = defineMutation({
  name: "category.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, name: field.name, kind: z.enum(["income", "expense", "transfer"]), createdAt: field.instant }),
  async run(rows, { id, name, kind, createdAt }, { workspaceId }) {
    const slot = freeSlot(await rows.list("category", {}));
    await rows.insert("category", { id, workspaceId, name, kind, parentId: null, slot, archived: false, createdAt });
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

/** Puts a category under another of its kind, or at the top. Refused when it would come under itself. */
export const categoryMove = defineMutation({
  name: "category.move",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, parentId: field.id.nullable() }),
  async run(rows, { categoryId, parentId }) {
    const categories = new Map((await rows.list("category", {})).map((category) => [category.id, category]));
    const moved = categories.get(categoryId);
    if (moved === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
    for (let id = parentId, steps = 0; id !== null; steps++) {
      const above = categories.get(id);
      if (above === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
      if (above.id === categoryId || above.kind !== moved.kind || steps > categories.size) throw new SaldoError("mutation.category_tree", { table: "category" });
      id = above.parentId;
    }
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

/** Puts a category away, or takes it out again; transactions keep it. */
export const categoryArchive = defineMutation({
  name: "category.archive",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, archived: z.boolean() }),
  async run(rows, { categoryId, archived }) {
    await requireRow(rows, "category", categoryId);
    await rows.patch("category", categoryId, { archived });
  },
});
