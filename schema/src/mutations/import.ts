import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { minor } from "../money.ts";
import { searchTextOf } from "../search-text.ts";
import type { Row } from "../tables/index.ts";
import { categorySlots, freeSlot } from "./categories.ts";
import { field } from "./fields.ts";
import { importBatchRowsMax, importNamesMax, importRowsMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireRow } from "./references.ts";
import type { RowStore } from "./row-store.ts";

/**
 * One row of a batch, positional to keep batches small: id, line in the file, posting date, minor units, index into `accounts`,
 * index into `categories` (−1: none), description, counterparty name.
 */
export type ImportRow = [
  id: string,
  line: number,
  postedOn: string,
  amountMinor: number,
  account: number,
  category: number,
  description: string,
  counterpartyName: string | null,
];

const importRow = z.tuple([
  field.id,
  z.int().min(0),
  field.date,
  z.int(),
  z.int().min(0),
  z.int().min(-1),
  field.text,
  field.text.nullable(),
]);

const accountOfFile = z.strictObject({ id: field.id, name: field.name, currency: field.currency, number: field.name.nullable() });
const categoryOfFile = z.strictObject({ id: field.id, name: field.name, kind: z.enum(["income", "expense", "transfer"]) });

interface FileNames {
  readonly accounts: readonly z.infer<typeof accountOfFile>[];
  readonly categories: readonly z.infer<typeof categoryOfFile>[];
  readonly createdAt: string;
}

/** Makes the accounts and categories a file names where they do not exist yet. */
async function ensureNames(rows: RowStore, names: FileNames, workspaceId: string): Promise<void> {
  const { createdAt } = names;
  for (const account of names.accounts) {
    if (await rows.get("account", account.id)) continue;
    await rows.insert("account", { ...account, workspaceId, balanceMinor: null, balanceAsOf: null, archived: false, createdAt });
  }
  if (names.categories.length === 0) return;
  const known = await rows.list("category", {});
  for (const category of names.categories) {
    if (known.some((other) => other.id === category.id)) continue;
    const row: Row<"category"> = { ...category, workspaceId, parentId: null, slot: 0, archived: false, createdAt };
    await rows.insert("category", row);
    known.push(row);
  }
}

/** Opens an import: its file and how it was understood, with the accounts and categories already known to be needed. */
export const importBegin = defineMutation({
  name: "import.begin",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    fileName: field.name,
    fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
    fileBytes: field.count,
    format: field.name,
    understanding: field.json,
    accounts: z.array(accountOfFile).max(importNamesMax),
    categories: z.array(categoryOfFile).max(importNamesMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId, userId }) {
    await ensureNames(rows, args, workspaceId);
    await rows.insert("import", {
      id: args.importId,
      workspaceId,
      fileName: args.fileName,
      fileSha256: args.fileSha256,
      fileBytes: args.fileBytes,
      format: args.format,
      understanding: args.understanding,
      rowsDeclared: 0,
      rowsAdded: 0,
      rowsRefused: 0,
      status: "loading",
      createdBy: userId,
      createdAt: args.createdAt,
      completedAt: null,
    });
  },
});

/** Adds accounts and categories met further down the file, before the rows that need them. */
export const importAddNames = defineMutation({
  name: "import.addNames",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    accounts: z.array(accountOfFile).max(importNamesMax),
    categories: z.array(categoryOfFile).max(importNamesMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId }) {
    await requireLoading(rows, args.importId);
    await ensureNames(rows, args, workspaceId);
  },
});

/** Adds a batch of rows to a loading import. Their accounts and categories must exist. */
export const importAddRows = defineMutation({
  name: "import.addRows",
  version: 1,
  permission: "edit",
  args: z.strictObject({
    importId: field.id,
    currencies: z.array(field.currency).max(importNamesMax),
    accounts: z.array(field.id).max(importNamesMax),
    categories: z.array(field.id).max(importNamesMax),
    /** For each row, its index into `currencies`; empty when all have the first. */
    rowCurrencies: z.array(z.int().min(0)).max(importBatchRowsMax),
    rows: z.array(importRow).min(1).max(importBatchRowsMax),
    createdAt: field.instant,
  }),
  async run(rows, args, { workspaceId }) {
    await requireLoading(rows, args.importId);
    for (const id of args.accounts) await requireRow(rows, "account", id);
    for (const id of args.categories) await requireRow(rows, "category", id);
    await rows.insertMany(
      "transaction",
      args.rows.map((row, index) => transactionOf(row, index, args, workspaceId)),
    );
  },
});

interface BatchNames {
  readonly importId: string;
  readonly currencies: readonly string[];
  readonly accounts: readonly string[];
  readonly categories: readonly string[];
  readonly rowCurrencies: readonly number[];
  readonly createdAt: string;
}

function transactionOf(row: ImportRow, index: number, batch: BatchNames, workspaceId: string): Row<"transaction"> {
  const [id, line, postedOn, amountMinor, account, category, description, counterpartyName] = row;
  const categoryId = category < 0 ? null : at(batch.categories, category);
  return {
    id,
    workspaceId,
    accountId: at(batch.accounts, account),
    importId: batch.importId,
    importLine: line,
    postedOn,
    amountMinor: minor(amountMinor),
    currency: at(batch.currencies, batch.rowCurrencies[index] ?? 0),
    description,
    counterpartyName,
    counterpartyId: null,
    categoryId,
    categorySource: categoryId === null ? "none" : "file",
    parentId: null,
    isSplit: false,
    note: null,
    searchText: searchTextOf(description, counterpartyName),
    createdAt: batch.createdAt,
  };
}

function at(names: readonly string[], index: number): string {
  const name = names[index];
  if (name === undefined) throw new SaldoError("mutation.invalid_arguments", { field: "rows" });
  return name;
}

/**
 * Closes an import: from now on its rows count. Refused unless exactly the declared rows have arrived. The largest categories it brought,
 * named in order of money, take the colours still free.
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
  }),
  async run(rows, { importId, rowsAdded, rowsRefused, largestCategories, completedAt }) {
    await requireLoading(rows, importId);
    if ((await rows.count("transaction", { importId })) !== rowsAdded) throw new SaldoError("mutation.import_incomplete");
    await rows.patch("import", importId, { status: "complete", rowsDeclared: rowsAdded, rowsAdded, rowsRefused, completedAt });
    await colourCategories(rows, largestCategories);
  },
});

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

/** Takes an import back whole; its rows are removed. Undoing twice does nothing more. */
export const importUndo = defineMutation({
  name: "import.undo",
  version: 1,
  permission: "edit",
  args: z.strictObject({ importId: field.id }),
  async run(rows, { importId }) {
    await rows.patch("import", importId, { status: "undone" });
    await rows.removeMany("transaction", { importId });
  },
});

async function requireLoading(rows: RowStore, importId: string): Promise<void> {
  const found = await rows.get("import", importId);
  if (!found) throw new SaldoError("mutation.row_missing", { table: "import" });
  if (found.status !== "loading") throw new SaldoError("mutation.import_closed");
}
