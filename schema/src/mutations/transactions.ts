import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { selectionMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireCategories, requireCategory } from "./category-references.ts";
import { requireRow } from "./references.ts";

/** Gives transactions a category by a person's choice; null takes it away. */
export const transactionRecategorise = defineMutation({
  name: "transaction.recategorise",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax), categoryId: field.id.nullable() }),
  async run(rows, { ids, categoryId }) {
    const given = categoryId === null ? null : await requireCategory(rows, categoryId);
    for (const id of ids) await rows.patch("transaction", id, { categoryId: given, categorySource: "person" });
  },
});

/** Sources a category may come from, with those it then gives way to. A person's choice gives way to nothing. */
const givesWay: Readonly<Record<"rule" | "model", ReadonlySet<Row<"transaction">["categorySource"]>>> = {
  rule: new Set(["none", "file", "rule", "model"]),
  model: new Set(["none", "model"]),
};

/**
 * Gives transactions the categories a rule or the categoriser chose: for each its id and its index into `categories`. Rows that are gone, and those whose
 * category a person chose, are passed over; the categoriser leaves those of files and rules too.
 */
export const transactionCategorise = defineMutation({
  name: "transaction.categorise",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    by: z.enum(["rule", "model"]),
    categories: z.array(field.id).min(1).max(selectionMax),
    rows: z.array(z.tuple([field.id, z.int().min(0)])).min(1).max(selectionMax),
  }),
  async run(rows, { by, categories, rows: chosen }) {
    const given = await requireCategories(rows, categories);
    for (const [id, index] of chosen) {
      const categoryId = given[index];
      if (categoryId === undefined) throw new SaldoError("mutation.invalid_arguments");
      const row = await rows.get("transaction", id);
      if (row === undefined || !givesWay[by].has(row.categorySource) || (row.categoryId === categoryId && row.categorySource === by)) continue;
      await rows.patch("transaction", id, { categoryId, categorySource: by });
    }
  },
});

/** Writes or clears a note on a transaction. */
export const transactionSetNote = defineMutation({
  name: "transaction.setNote",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, note: field.text.nullable() }),
  async run(rows, { id, note }) {
    await rows.patch("transaction", id, { note });
  },
});

/** Says whom transactions were with; null takes it away. The name the bank gave stays. */
export const transactionSetCounterparty = defineMutation({
  name: "transaction.setCounterparty",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax), counterpartyId: field.id.nullable() }),
  async run(rows, { ids, counterpartyId }) {
    if (counterpartyId !== null) await requireRow(rows, "counterparty", counterpartyId);
    for (const id of ids) await rows.patch("transaction", id, { counterpartyId });
  },
});
