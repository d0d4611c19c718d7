import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { selectionMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";

/** Colours a category can keep for life; the ninth and later share slot 0. */
export const categorySlots = 8;

/** The lowest colour slot no category uses yet, 0 when all eight are taken. */
export function freeSlot(categories: readonly Pick<Row<"category">, "slot">[]): number {
  const taken = new Set(categories.map((category) => category.slot));
  for (let slot = 1; slot <= categorySlots; slot++) if (!taken.has(slot)) return slot;
  return 0;
}

async function requireCategory(rows: RowStore, id: string | null): Promise<void> {
  if (id !== null && !(await rows.get("category", id))) throw new SaldoError("mutation.row_missing", { table: "category" });
}

/** Changes the company's name, reporting currency or language. */
export const workspaceUpdate = defineMutation({
  name: "workspace.update",
  version: 1,
  permission: "manage",
  args: z.strictObject({ name: field.name.optional(), currency: field.currency.optional(), locale: field.locale.optional() }),
  async run(rows, { name, currency, locale }, { workspaceId }) {
    await rows.patch("workspace", workspaceId, {
      ...(name === undefined ? {} : { name }),
      ...(currency === undefined ? {} : { currency }),
      ...(locale === undefined ? {} : { locale }),
    });
  },
});

/** States what an account held at the end of a day, or that it is not known. */
export const accountSetBalance = defineMutation({
  name: "account.setBalance",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, balanceMinor: field.money.nullable(), asOf: field.date.nullable() }),
  async run(rows, { accountId, balanceMinor, asOf }) {
    await rows.patch("account", accountId, { balanceMinor, balanceAsOf: balanceMinor === null ? null : asOf });
  },
});

/** Renames an account. */
export const accountRename = defineMutation({
  name: "account.rename",
  version: 1,
  permission: "edit",
  args: z.strictObject({ accountId: field.id, name: field.name }),
  async run(rows, { accountId, name }) {
    await rows.patch("account", accountId, { name });
  },
});

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

/** Gives transactions a category by a person's choice; null takes it away. */
export const transactionRecategorise = defineMutation({
  name: "transaction.recategorise",
  version: 1,
  permission: "edit",
  args: z.strictObject({ ids: z.array(field.id).min(1).max(selectionMax), categoryId: field.id.nullable() }),
  async run(rows, { ids, categoryId }) {
    await requireCategory(rows, categoryId);
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

/** Settles an entry of the "needs attention" list. */
export const rejectionResolve = defineMutation({
  name: "rejection.resolve",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, status: z.enum(["retried", "discarded"]) }),
  async run(rows, { id, status }) {
    await rows.patch("rejection", id, { status });
  },
});
