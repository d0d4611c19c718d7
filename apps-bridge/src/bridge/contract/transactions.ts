import { counterpartyNamesMax, figureRowIdsMax, nameLengthMax, revertChangesMax, rowsBehind, splitPartsMax, textLengthMax, transactionKinds } from "@saldo/schema";
import { z } from "zod";
import { read, watch, write } from "../methods.ts";
import { accountingDate, currencyCode, minorAmount, none, rowId } from "./money.ts";

/** The most rows one page of a list holds. */
export const transactionPageRowsMax = 500;

/** What a movement of money is by nature. */
export const transactionKind = z.enum(transactionKinds);
/** See {@link transactionKind}. */
export type TransactionKind = z.output<typeof transactionKind>;

/** Which transactions are meant; every field narrows. */
export const transactionFilterSchema = z.object({
  from: accountingDate.optional(),
  to: accountingDate.optional(),
  /** Null: those without a category. */
  categoryId: rowId.nullable().optional(),
  accountId: rowId.optional(),
  direction: z.enum(["in", "out"]).optional(),
  kind: transactionKind.optional(),
  /** Exactly the rows that the dashboard's figure is made of: transfers and unfinished imports stay out. */
  measure: z.enum(["revenue", "expenses", "profit"]).optional(),
  /** Exactly the rows that a figure of the detail report is made of. */
  rows: rowsBehind.optional(),
  search: z.string().max(200).optional(),
  currency: currencyCode.optional(),
  /** Any of these counterparties, as the bank writes them. */
  counterpartyNames: z.array(z.string().max(300)).min(1).max(counterpartyNamesMax).optional(),
  /** Exactly these rows. */
  ids: z.array(rowId).min(1).max(figureRowIdsMax).optional(),
});
/** See {@link transactionFilterSchema}. */
export type TransactionFilter = z.output<typeof transactionFilterSchema>;

const transactionRow = z.object({
  id: rowId,
  postedOn: accountingDate,
  amountMinor: minorAmount,
  currency: currencyCode,
  counterparty: z.string(),
  description: z.string(),
  categoryId: rowId.nullable(),
  accountId: rowId.nullable(),
  /** A transfer between own accounts is neither income nor expense. */
  kind: transactionKind,
  /** The other side of a transfer, when it is known. */
  transferId: rowId.nullable(),
  /** The account of the other side. */
  transferAccountId: rowId.nullable(),
  /** The transaction this is a part of; null when it is whole. */
  parentId: rowId.nullable(),
});
/** One transaction as a list shows it. */
export type TransactionRow = z.output<typeof transactionRow>;

/** What a category is for. */
export const categoryKind = z.enum(["income", "expense", "transfer"]);
/** See {@link categoryKind}. */
export type CategoryKind = z.output<typeof categoryKind>;

const category = z.object({
  id: rowId,
  name: z.string(),
  kind: categoryKind,
  slot: z.int().min(0).max(8),
});
/** A category as a list shows it. */
export type Category = z.output<typeof category>;

const account = z.object({
  id: rowId,
  name: z.string(),
  currency: currencyCode,
  balance: z.object({ minor: minorAmount, asOf: accountingDate }).nullable(),
});
/** An account as a list shows it. */
export type Account = z.output<typeof account>;

const listTotals = z.object({ currency: currencyCode, inMinor: minorAmount, outMinor: minorAmount, transferInMinor: minorAmount, transferOutMinor: minorAmount });
/** Sums of a list in one currency. */
export type ListTotals = z.output<typeof listTotals>;

/** Rows, their categories and accounts. */
export const transactionMethods = {
  "transactions.list": read(
    z.object({
      filter: transactionFilterSchema,
      /** Of the page before; null for the first. */
      cursor: z.string().nullable(),
      limit: z.int().min(1).max(transactionPageRowsMax),
    }),
    z.object({
      rows: z.array(transactionRow),
      nextCursor: z.string().nullable(),
      /** Of the whole filter, not of the page: a drill-down's foot proves by them that it adds up. */
      totalCount: z.int().nonnegative(),
      /** Money in and money out, and what moved between own accounts and is neither; all positive, one entry a currency. */
      totals: z.array(listTotals),
    }),
  ),
  /** Tells that a list may have changed; the number only grows. */
  "transactions.watch": watch(none, z.object({ version: z.int() })),
  "transactions.recategorise": write(
    z.object({ ids: z.array(rowId).min(1).max(revertChangesMax), categoryId: rowId.nullable() }),
    /** `undoId` names the step for `edits.undo`. */
    z.object({ changed: z.int().nonnegative(), undoId: z.string().nullable() }),
  ),
  /** Says what rows are; a transfer that is none any more loses its other side. */
  "transactions.setKind": write(
    z.object({ ids: z.array(rowId).min(1).max(revertChangesMax), kind: transactionKind }),
    z.object({ changed: z.int().nonnegative(), undoId: z.string().nullable() }),
  ),
  /** Says that two rows are the two sides of a transfer between own accounts. Throws `mutation.not_a_transfer` unless they move the same money. */
  "transactions.linkTransfer": write(z.object({ ids: z.tuple([rowId, rowId]) }), z.object({ undoId: z.string().nullable() })),
  /** A transaction by its id or a part's, and the parts it is split into, if any. */
  "transactions.parts": read(
    z.object({ id: rowId }),
    z.object({ whole: transactionRow, parts: z.array(z.object({ id: rowId, amountMinor: minorAmount, categoryId: rowId.nullable(), note: z.string().nullable() })) }),
  ),
  /** Splits a transaction into parts that add up to it, in the place of those it has; of none it is one again. */
  "transactions.split": write(
    z.object({
      id: rowId,
      parts: z.array(z.object({ amountMinor: minorAmount, categoryId: rowId.nullable(), note: z.string().max(textLengthMax).nullable() })).max(splitPartsMax),
    }),
    z.object({ undoId: z.string().nullable() }),
  ),
  "categories.list": read(none, z.object({ categories: z.array(category) })),
  /** Adds a category; one of the same name and kind that is there already is taken instead. */
  "category.create": write(z.object({ name: z.string().trim().min(1).max(nameLengthMax), kind: categoryKind }), z.object({ category })),
  "accounts.list": read(none, z.object({ accounts: z.array(account) })),
  "account.setBalance": write(z.object({ accountId: rowId, balanceMinor: minorAmount, asOf: accountingDate }), z.object({ undoId: z.string().nullable() })),
};
