import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import { requireCategory } from "./category-references.ts";
import { field } from "./fields.ts";
import { splitPartsMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";

const splitPart = z.strictObject({ id: field.id, amountMinor: field.money, categoryId: field.id.nullable(), note: field.text.nullable() });

/** One part of a split transaction. */
export type SplitPart = z.output<typeof splitPart>;

/**
 * Splits a transaction over several categories: it stands outside every sum from now on, and its parts count. Splitting it again replaces its parts.
 * Refused unless the parts add up to it, and for a part or one side of a transfer.
 */
export const transactionSplit = defineMutation({
  name: "transaction.split",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, parts: z.array(splitPart).min(2).max(splitPartsMax), createdAt: field.instant }),
  async run(rows, { id, parts, createdAt }) {
    const whole = await rows.get("transaction", id);
    if (whole === undefined) throw new SaldoError("mutation.row_missing", { table: "transaction" });
    if (whole.parentId !== null || whole.transferId !== null) throw new SaldoError("mutation.cannot_split");
    if (sumOf(parts) !== whole.amountMinor) throw new SaldoError("mutation.parts_differ");
    const categories: (string | null)[] = [];
    for (const { categoryId } of parts) categories.push(categoryId === null ? null : await requireCategory(rows, categoryId));
    if (whole.isSplit) await removeParts(rows, id);
    else await rows.patch("transaction", id, { isSplit: true });
    for (const [index, part] of parts.entries()) await rows.insert("transaction", partOf(whole, part, categories[index] ?? null, createdAt));
  },
});

/** Makes a split transaction one again: its parts go, and it counts by its own category. Does nothing to one that is not split. */
export const transactionUnsplit = defineMutation({
  name: "transaction.unsplit",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id }),
  async run(rows, { id }) {
    const whole = await rows.get("transaction", id);
    if (whole === undefined) throw new SaldoError("mutation.row_missing", { table: "transaction" });
    if (!whole.isSplit) return;
    await removeParts(rows, id);
    await rows.patch("transaction", id, { isSplit: false });
  },
});

/** Removes the parts of a split transaction, one by one, so that it can be taken back. */
export async function removeParts(rows: RowStore, parentId: string): Promise<void> {
  for (const { id } of await rows.list("transaction", { parentId })) await rows.remove("transaction", id);
}

function sumOf(parts: readonly SplitPart[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** A part is a row of its whole's account, day and import, with an amount, a category and a note of its own. */
function partOf(whole: Row<"transaction">, { id, amountMinor, note }: SplitPart, categoryId: string | null, createdAt: string): Row<"transaction"> {
  const kept = { bankId: null, vatMinor: null, transferId: null, isDistinct: false, isSplit: false };
  return { ...whole, ...kept, id, parentId: whole.id, amountMinor, categoryId, categorySource: categoryId === null ? "none" : "person", note, createdAt };
}
