import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { requireCategory } from "./category-references.ts";
import { isUnder } from "./category-tree.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";
import { moveScenarios } from "./scenarios.ts";

/**
 * Merges a category into another of its kind: its transactions, rules, planned payments, scenarios and the categories below it go over, and it is put away. What
 * arrives for it later, from another device or a file, goes to the other too.
 */
export const categoryMerge = defineMutation({
  name: "category.merge",
  version: 1,
  permission: "edit",
  args: z.strictObject({ categoryId: field.id, intoId: field.id }),
  async run(rows, { categoryId, intoId: wantedId }) {
    const intoId = await requireCategory(rows, wantedId);
    const categories = new Map((await rows.list("category", {})).map((category) => [category.id, category]));
    const [from, into] = [categories.get(categoryId), categories.get(intoId)];
    if (from === undefined || into === undefined) throw new SaldoError("mutation.row_missing", { table: "category" });
    if (from.id === into.id || from.kind !== into.kind) throw new SaldoError("mutation.category_tree", { table: "category" });
    // A category merged into one below it hands its place up, so that the tree stays one.
    if (isUnder(categories, into.id, from.id)) await rows.patch("category", into.id, { parentId: from.parentId });
    for (const child of categories.values()) if (child.parentId === from.id && child.id !== into.id) await rows.patch("category", child.id, { parentId: into.id });
    await rows.patchMany("transaction", { categoryId }, { categoryId: into.id });
    for (const { id } of await rows.list("rule", { categoryId })) await rows.patch("rule", id, { categoryId: into.id });
    for (const { id } of await rows.list("planned_item", { categoryId })) await rows.patch("planned_item", id, { categoryId: into.id });
    await moveScenarios(rows, categoryId, into.id);
    await rows.patch("category", categoryId, { archived: true, mergedIntoId: into.id });
  },
});
