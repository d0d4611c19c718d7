import { z } from "zod";
import { field } from "./fields.ts";
import { selectionMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";

/** Gives transactions a category by a person's choice; null takes it away. */
export const transactionRecategorise = defineMutation({
  name: "transaction.recategorise",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax), categoryId: field.id.nullable() }),
  async run(rows, { ids, categoryId }) {
    if (categoryId !== null) await requireRow(rows, "category", categoryId);
    for (const id of ids) await rows.patch("transaction", id, { categoryId, categorySource: "person" });
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
