import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { idOfName } from "../ids.ts";
import { minor } from "../money.ts";
import { statementReport } from "../reports/statements.ts";
import type { Row } from "../tables/index.ts";
import { categorySlots, freeSlot } from "./categories.ts";
import { field } from "./fields.ts";
import { requireLoading } from "./import-loading.ts";
import { comparedImportsMax, importRowsMax, statementsMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";
import { categoriesOfScenarios } from "./scenarios.ts";
import { unlink } from "./transfers.ts";

/**
 * Closes an import: from now on its rows count. Refused unless exactly the declared rows have arrived. The largest categories it brought,
 * named in order of money, take the colours still free; a closing balance later than what is known of its account becomes the account's. When
 * another device finished the very same file meanwhile, this import is taken back instead: its rows are there once.
 */
export const importComplete = defineMutation({
  name: "import.complete",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    rowsAdded: field.count.max(importRowsMax),
    rowsRefused: field.count,
    largestCategories: z.array(field.id).max(categorySlots),
    completedAt: field.instant,
    /** Rows that belong to the import, parts of split ones among them; `rowsAdded` when none is split. */
    rowsDeclared: field.count.max(importRowsMax).exactOptional(),
    rowsThere: field.count.exactOptional(),
    rowsLeftOut: field.count.exactOptional(),
    firstOn: field.date.exactOptional(),
    lastOn: field.date.exactOptional(),
    statements: z.array(statementReport).max(statementsMax).exactOptional(),
    /** Finished imports its rows were compared with. */
    comparedWith: z.array(field.id).max(comparedImportsMax).exactOptional(),
  }),
  async run(rows, { importId, largestCategories, rowsDeclared, statements, comparedWith, ...told }) {
    await requireLoading(rows, importId);
    const declared = rowsDeclared ?? told.rowsAdded;
    if ((await rows.count("transaction", { importId })) !== declared) throw new SaldoError("mutation.import_incomplete");
    if (comparedWith !== undefined && (await isThereAlready(rows, importId, comparedWith))) return takeBack(rows, importId);
    const kept = statements === undefined ? [] : await takeBalances(rows, statements);
    await rows.patch("import", importId, { ...told, status: "complete", rowsDeclared: declared, statements: kept, comparedWith: comparedWith ?? [] });
    await colourCategories(rows, largestCategories);
  },
});

/** True when the same bytes are the books' by an import this one was not compared with. */
async function isThereAlready(rows: RowStore, importId: string, comparedWith: readonly string[]): Promise<boolean> {
  const own = await rows.get("import", importId);
  if (own === undefined) return false;
  const same = await rows.list("import", { fileSha256: own.fileSha256, status: "complete" });
  return same.some(({ id }) => id !== importId && !comparedWith.includes(id));
}

type Statement = z.output<typeof statementReport>;

/** Gives accounts the closing balances that are later than what they have; notes what they had, so that it can come back. */
async function takeBalances(rows: RowStore, statements: readonly Statement[]): Promise<Statement[]> {
  const kept: Statement[] = [];
  for (const statement of statements) {
    const { accountId, closingMinor, to } = statement;
    const account = closingMinor === null || to === null ? undefined : await rows.get("account", accountId);
    if (account === undefined || closingMinor === null || to === null || (account.balanceAsOf !== null && account.balanceAsOf >= to)) {
      kept.push({ ...statement, balanceBefore: null });
      continue;
    }
    kept.push({ ...statement, balanceBefore: { minor: account.balanceMinor, asOf: account.balanceAsOf } });
    await rows.patch("account", accountId, { balanceMinor: minor(closingMinor), balanceAsOf: to });
  }
  return kept;
}

/** Puts back the balances an import gave, where nobody changed them since. */
async function returnBalances(rows: RowStore, statements: unknown): Promise<void> {
  const parsed = z.array(statementReport).safeParse(statements);
  if (!parsed.success) return;
  for (const { accountId, closingMinor, to, balanceBefore } of parsed.data.toReversed()) {
    if (balanceBefore === null) continue;
    const account = await rows.get("account", accountId);
    if (account?.balanceMinor !== closingMinor || account?.balanceAsOf !== to) continue;
    await rows.patch("account", accountId, { balanceMinor: balanceBefore.minor === null ? null : minor(balanceBefore.minor), balanceAsOf: balanceBefore.asOf });
  }
}

async function colourCategories(rows: RowStore, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const categories = (await rows.list("category", {})).map(({ id, slot }) => ({ id, slot }));
  for (const id of ids) {
    const category = categories.find((one) => one.id === id);
    const slot = freeSlot(categories);
    if (category === undefined || category.slot !== 0 || slot === 0) continue;
    await rows.patch("category", id, { slot });
    category.slot = slot;
  }
}

/**
 * Takes an import back whole, also after edits: its rows are removed, transfers to other imports are undone on the other side, balances its
 * statements gave go back, and accounts and categories it made go where nothing uses them. Undoing twice does nothing more.
 */
export const importUndo = defineMutation({
  name: "import.undo",
  version: 1,
  permission: "edit",
  args: z.strictObject({ importId: field.id }),
  run: (rows, { importId }) => takeBack(rows, importId),
});

async function takeBack(rows: RowStore, importId: string): Promise<void> {
  const found = await rows.get("import", importId);
  await rows.patch("import", importId, { status: "undone" });
  if (found === undefined || found.status === "undone") return;
  await returnBalances(rows, found.statements);
  for (const otherId of await rows.distinct("transaction", "transferId", { importId })) if (otherId !== null) await unlink(rows, otherId, { importId });
  await rows.removeMany("transaction", { importId });
  await removeUnusedNames(rows, found);
}

/** Accounts and categories that came with the import, known by their time and by ids made of the names they still bear, go unless something names them. */
async function removeUnusedNames(rows: RowStore, { createdAt }: Row<"import">): Promise<void> {
  const categories = await rows.list("category", {});
  const brought = categories.filter((category) => category.createdAt === createdAt && category.id === idOfName("category", category.name));
  if (brought.length > 0) {
    const used = await usedCategories(rows, categories);
    for (const { id } of brought) if (!used.has(id)) await rows.remove("category", id);
  }
  const accounts = await rows.list("account", { createdAt });
  if (accounts.length === 0) return;
  const used = new Set<string | null>(await rows.distinct("transaction", "accountId", {}));
  for (const { id, name, currency, balanceMinor } of accounts) if (id === idOfName("account", `${currency}\n${name}`) && !used.has(id) && balanceMinor === null) await rows.remove("account", id);
}

async function usedCategories(rows: RowStore, categories: readonly Row<"category">[]): Promise<ReadonlySet<string | null>> {
  const used = new Set<string | null>(await rows.distinct("transaction", "categoryId", {}));
  for (const { parentId } of categories) used.add(parentId);
  for (const { categoryId } of await rows.list("rule", {})) used.add(categoryId);
  for (const { categoryId } of await rows.list("planned_item", {})) used.add(categoryId);
  for (const categoryId of await categoriesOfScenarios(rows)) used.add(categoryId);
  return used;
}
