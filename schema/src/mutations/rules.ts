import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { compareBytewise } from "../json.ts";
import { ruleConditions } from "../rules/conditions.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { rulesMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireCategory } from "./category-references.ts";
import type { RowStore } from "./row-store.ts";

/** Rules in the order they are tried. */
async function inOrder(rows: RowStore): Promise<Row<"rule">[]> {
  const rules = await rows.list("rule", {});
  return rules.toSorted((a, b) => a.position - b.position || compareBytewise(a.id, b.id));
}

/** Adds a rule after all others. */
export const ruleCreate = defineMutation({
  name: "rule.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, conditions: ruleConditions, categoryId: field.id, createdAt: field.instant }),
  async run(rows, rule, { workspaceId }) {
    const categoryId = await requireCategory(rows, rule.categoryId);
    const rules = await inOrder(rows);
    if (rules.length >= rulesMax) throw new SaldoError("mutation.invalid_arguments", { rulesMax });
    await rows.insert("rule", { ...rule, categoryId, workspaceId, position: (rules.at(-1)?.position ?? 0) + 1, enabled: true });
  },
});

/** Changes what a rule looks for, what it gives, or whether it is used. */
export const ruleUpdate = defineMutation({
  name: "rule.update",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ruleId: field.id, conditions: ruleConditions.optional(), categoryId: field.id.optional(), enabled: z.boolean().optional() }),
  async run(rows, { ruleId, conditions, categoryId, enabled }) {
    const given = categoryId === undefined ? undefined : await requireCategory(rows, categoryId);
    await rows.patch("rule", ruleId, {
      ...(conditions === undefined ? {} : { conditions }),
      ...(given === undefined ? {} : { categoryId: given }),
      ...(enabled === undefined ? {} : { enabled }),
    });
  },
});

/** Puts a rule right before another, or last. Positions become 1, 2, 3 …; a rule already there is not written. */
export const ruleMove = defineMutation({
  name: "rule.move",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ruleId: field.id, beforeId: field.id.nullable() }),
  async run(rows, { ruleId, beforeId }) {
    const rules = await inOrder(rows);
    const moved = rules.find((rule) => rule.id === ruleId);
    if (moved === undefined || (beforeId !== null && !rules.some((rule) => rule.id === beforeId))) throw new SaldoError("mutation.row_missing", { table: "rule" });
    if (beforeId === ruleId) return;
    const others = rules.filter((rule) => rule.id !== ruleId);
    const at = beforeId === null ? others.length : others.findIndex((rule) => rule.id === beforeId);
    for (const [index, rule] of others.toSpliced(at, 0, moved).entries()) {
      if (rule.position !== index + 1) await rows.patch("rule", rule.id, { position: index + 1 });
    }
  },
});

/** Removes a rule; what it has given stays. */
export const ruleRemove = defineMutation({
  name: "rule.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ruleId: field.id }),
  async run(rows, { ruleId }) {
    await rows.remove("rule", ruleId);
  },
});
