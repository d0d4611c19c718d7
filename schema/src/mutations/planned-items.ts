import { z } from "zod";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";

const repeat = z.enum(["once", "week", "month", "quarter", "year"]);
const likelihood = z.number().min(0).max(1);

/** Adds a payment (negative) or receipt known in advance. */
export const plannedItemCreate = defineMutation({
  name: "plannedItem.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    id: field.id,
    name: field.name,
    amountMinor: field.money,
    currency: field.currency,
    categoryId: field.id.nullable(),
    firstOn: field.date,
    repeat,
    lastOn: field.date.nullable(),
    likelihood,
    createdAt: field.instant,
  }),
  async run(rows, item, { workspaceId }) {
    if (item.categoryId !== null) await requireRow(rows, "category", item.categoryId);
    await rows.insert("planned_item", { ...item, workspaceId });
  },
});

/** Changes a planned item; what is not named stays. */
export const plannedItemUpdate = defineMutation({
  name: "plannedItem.update",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    itemId: field.id,
    name: field.name.optional(),
    amountMinor: field.money.optional(),
    currency: field.currency.optional(),
    categoryId: field.id.nullable().optional(),
    firstOn: field.date.optional(),
    repeat: repeat.optional(),
    lastOn: field.date.nullable().optional(),
    likelihood: likelihood.optional(),
  }),
  async run(rows, { itemId, name, amountMinor, currency, categoryId, firstOn, repeat: every, lastOn, likelihood: chance }) {
    if (typeof categoryId === "string") await requireRow(rows, "category", categoryId);
    await rows.patch("planned_item", itemId, {
      ...(name === undefined ? {} : { name }),
      ...(amountMinor === undefined ? {} : { amountMinor }),
      ...(currency === undefined ? {} : { currency }),
      ...(categoryId === undefined ? {} : { categoryId }),
      ...(firstOn === undefined ? {} : { firstOn }),
      ...(every === undefined ? {} : { repeat: every }),
      ...(lastOn === undefined ? {} : { lastOn }),
      ...(chance === undefined ? {} : { likelihood: chance }),
    });
  },
});

/** Removes a planned item. */
export const plannedItemRemove = defineMutation({
  name: "plannedItem.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ itemId: field.id }),
  async run(rows, { itemId }) {
    await rows.remove("planned_item", itemId);
  },
});
