import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { minor } from "../money.ts";
import { searchTextOf } from "../search-text.ts";
import { transactionKinds } from "../tables/books.ts";
import type { Row } from "../tables/index.ts";
import { field } from "./fields.ts";
import { requireLoading } from "./import-loading.ts";
import { importBatchRowsMax, importNamesMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import { requireCategories } from "./category-references.ts";
import { requireRows } from "./references.ts";
import type { RowStore } from "./row-store.ts";

/** What only some rows have; absent is null, ordinary or false. */
const rowDetails = z.strictObject({
  bankId: field.text.exactOptional(),
  counterpartyAccount: field.text.exactOptional(),
  counterpartyTaxId: field.text.exactOptional(),
  kind: z.enum(transactionKinds).exactOptional(),
  vatMinor: z.int().min(0).exactOptional(),
  isDistinct: z.literal(true).exactOptional(),
  /** The row this one is a part of, earlier in the same batch. Parts add up to their whole. */
  parentId: field.id.exactOptional(),
  /** Who chose the category when it was not the file. */
  categorySource: z.enum(["rule", "model"]).exactOptional(),
});

/** See {@link rowDetails}. */
export type ImportRowDetails = z.output<typeof rowDetails>;

/**
 * One row of a batch, positional to keep batches small: id, line in the file, posting date, minor units, index into `accounts`,
 * index into `categories` (−1: none), description, counterparty name, and what else is known of it.
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
  details?: ImportRowDetails | undefined,
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
  rowDetails.optional(),
]);

const batchArgs = z.strictObject({
  importId: field.id,
  currencies: z.array(field.currency).max(importNamesMax),
  accounts: z.array(field.id).max(importNamesMax),
  categories: z.array(field.id).max(importNamesMax),
  /** For each row, its index into `currencies`; empty when all have the first. */
  rowCurrencies: z.array(z.int().min(0)).max(importBatchRowsMax),
  rows: z.array(importRow).min(1).max(importBatchRowsMax),
  createdAt: field.instant,
});

type ImportBatch = z.output<typeof batchArgs>;

/** Adds a batch of rows to a loading import. Their accounts and categories must exist. */
export const importAddRows = defineMutation({
  name: "import.addRows",
  version: 1,
  permission: "edit",
  args: batchArgs,
  async run(rows, args, { workspaceId }) {
    await rows.insertMany("transaction", importedRows(args, await readyForImportRows(rows, args), workspaceId));
  },
});

/** Refuses rows of an import that is not loading, or whose accounts or categories are not there; the ids its categories stand for now, in order. */
export async function readyForImportRows(rows: RowStore, { importId, accounts, categories }: Pick<ImportBatch, "importId" | "accounts" | "categories">): Promise<string[]> {
  await requireLoading(rows, importId);
  await requireRows(rows, "account", accounts);
  return requireCategories(rows, categories);
}

/** The rows of a batch as the books keep them, under `categories`. Refuses parts that do not add up to their whole. Pure. */
export function importedRows(args: ImportBatch, categories: readonly string[], workspaceId: string): Row<"transaction">[] {
  const batch: Batch = { ...args, categories, workspaceId, wholes: wholesOf(args.rows) };
  return args.rows.map((row, index) => transactionOf(row, index, batch));
}

/** Rows of a batch that others are parts of. Refuses parts that do not add up to their whole, or have parts themselves. */
function wholesOf(rows: readonly ImportRow[]): ReadonlySet<string> {
  const left = new Map<string, number>();
  const amounts = new Map<string, number>();
  for (const [id, , , amountMinor, , , , , details] of rows) {
    if (details?.parentId === undefined) continue;
    if (amounts.size === 0) for (const [wholeId, , , wholeMinor, , , , , own] of rows) if (own?.parentId === undefined) amounts.set(wholeId, wholeMinor);
    const before = left.get(details.parentId) ?? amounts.get(details.parentId);
    if (before === undefined || details.parentId === id) throw new SaldoError("mutation.parts_differ");
    left.set(details.parentId, before - amountMinor);
  }
  for (const rest of left.values()) if (rest !== 0) throw new SaldoError("mutation.parts_differ");
  return new Set(left.keys());
}

interface Batch {
  readonly workspaceId: string;
  readonly wholes: ReadonlySet<string>;
  readonly importId: string;
  readonly currencies: readonly string[];
  readonly accounts: readonly string[];
  readonly categories: readonly string[];
  readonly rowCurrencies: readonly number[];
  readonly createdAt: string;
}

function transactionOf(row: ImportRow, index: number, { workspaceId, wholes, ...batch }: Batch): Row<"transaction"> {
  const [id, line, postedOn, amountMinor, account, category, description, counterpartyName, details] = row;
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
    categorySource: categoryId === null ? "none" : (details?.categorySource ?? "file"),
    parentId: details?.parentId ?? null,
    isSplit: wholes.size > 0 && wholes.has(id),
    bankId: details?.bankId ?? null,
    counterpartyAccount: details?.counterpartyAccount ?? null,
    counterpartyTaxId: details?.counterpartyTaxId ?? null,
    kind: details?.kind ?? "ordinary",
    kindSource: "file",
    transferId: null,
    vatMinor: details?.vatMinor === undefined ? null : minor(details.vatMinor),
    isDistinct: details?.isDistinct ?? false,
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
