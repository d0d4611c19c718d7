import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { transactionKinds } from "../tables/books.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { selectionMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";

/**
 * Makes pairs of rows transfers between own accounts. `found` pairs are proposals: one that does not fit any more (a row gone, linked, or said
 * otherwise by a person) is passed over. A person's pair is refused unless both rows are there, free, and move the same money between two accounts.
 */
export const transferLink = defineMutation({
  name: "transfer.link",
  version: 1,
  permission: "edit",
  args: z.strictObject({ pairs: z.array(z.tuple([field.id, field.id])).min(1).max(selectionMax), by: z.enum(["found", "person"]) }),
  async run(rows, { pairs, by }) {
    for (const [oneId, otherId] of pairs) {
      const one = await rows.get("transaction", oneId);
      const other = await rows.get("transaction", otherId);
      const fits = one !== undefined && other !== undefined && isPair(one, other) && (by === "person" || (isProposable(one) && isProposable(other)));
      if (!fits && by === "person") throw new SaldoError("mutation.not_a_transfer");
      if (!fits) continue;
      await link(rows, one, other.id, by);
      await link(rows, other, one.id, by);
    }
  },
});

function isPair(one: Row<"transaction">, other: Row<"transaction">): boolean {
  return one.accountId !== other.accountId && one.currency === other.currency && one.amountMinor === -other.amountMinor && one.amountMinor !== 0 && isFree(one) && isFree(other);
}

function isFree({ transferId, isSplit, parentId }: Row<"transaction">): boolean {
  return transferId === null && !isSplit && parentId === null;
}

function isProposable({ kind, kindSource }: Row<"transaction">): boolean {
  return kindSource !== "person" && (kind === "ordinary" || kind === "transfer");
}

async function link(rows: RowStore, { id, kind, kindSource }: Row<"transaction">, transferId: string, by: "found" | "person"): Promise<void> {
  const source = by === "person" ? "person" : kind === "transfer" ? kindSource : "pair";
  await rows.patch("transaction", id, { kind: "transfer", kindSource: source, transferId });
}

/**
 * Takes the link away from the other side of a row that goes or is no transfer any more; where only the link made it a transfer it is an ordinary
 * row again. `beside` names the import that goes with all its rows: those need no change.
 */
export async function unlink(rows: RowStore, id: string, beside: { readonly importId: string | null } = { importId: null }): Promise<void> {
  const row = await rows.get("transaction", id);
  if (row === undefined || row.transferId === null || (beside.importId !== null && row.importId === beside.importId)) return;
  await rows.patch("transaction", id, row.kindSource === "pair" ? { transferId: null, kind: "ordinary", kindSource: "file" } : { transferId: null });
}

/** Says what rows are by nature, by a person's choice. A transfer that is none any more loses its other side, which is then judged by itself. */
export const transactionSetKind = defineMutation({
  name: "transaction.setKind",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax), kind: z.enum(transactionKinds) }),
  async run(rows, { ids, kind }) {
    for (const id of ids) {
      const row = await rows.get("transaction", id);
      if (row === undefined) throw new SaldoError("mutation.row_missing", { table: "transaction" });
      if (kind !== "transfer" && row.transferId !== null) {
        await unlink(rows, row.transferId);
        await rows.patch("transaction", id, { kind, kindSource: "person", transferId: null });
      } else await rows.patch("transaction", id, { kind, kindSource: "person" });
    }
  },
});
