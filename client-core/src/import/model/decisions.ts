import type { columnRoles } from "@saldo/schema";

/** Character encodings a statement comes in; labels are those of the WHATWG Encoding Standard. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1251" | "windows-1252" | "ibm866";

/** What a column holds. */
export type ColumnRole = (typeof columnRoles)[number];

/** Order of the parts of a numeric date; a year of four digits in front is read in any order. `serial` counts days as spreadsheets do. */
export type DateOrder = "DMY" | "MDY" | "YMD" | "serial";

/** The decimal mark of a column; `mixed` when both occur, `unknown` when nothing shows it. */
export type DecimalStyle = "." | "," | "mixed" | "unknown";

/**
 * How an amount gets its sign (+ in, − out): as written, as written but turned round (a card statement where purchases are positive),
 * from a debit and a credit column (`_inverted`: debit is money in, as in one's own ledger; `_signed`: debits carry their minus;
 * `_signed_inverted`: credits carry one, as on a card), from a direction word beside it (`_inverted`: the word is that of one's own ledger),
 * or a list of one kind only.
 */
export const signConventions = [
  "signed", "signed_inverted", "debit_credit", "debit_credit_inverted", "debit_credit_signed", "debit_credit_signed_inverted", "direction_column", "direction_column_inverted", "expense_list", "income_list",
] as const;

/** See {@link signConventions}. */
export type SignConvention = (typeof signConventions)[number];

/** Why a decision was made: a code of `words/reasons.ts` and what fills its blanks. Never a cell of the file except header names. */
export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** A value the file was read with, how sure that is (0..1) and why. */
export interface Decision<Value> {
  readonly value: Value;
  readonly confidence: number;
  readonly reason: Reason;
}

/** One column of the file, numbered from 0, and what it was taken for. */
export interface UnderstoodColumn {
  readonly index: number;
  readonly name: string;
  readonly role: ColumnRole;
  readonly confidence: number;
  readonly reason: Reason;
}

/** What becomes of a line that may tell of the account and not of a payment. */
export type OuterLineHandling = "leave" | "read";

/** What to ask the person, because the confidence is below the threshold. `answerKey` is the field of {@link Answers} that settles it. */
export interface Question {
  readonly code: "sheet" | "hidden_rows" | "fee" | "date_order" | "decimal" | "sign" | "currency" | "column" | "header" | "encoding" | "amount_split" | "delimiter" | "outer_lines" | "own_accounts";
  readonly answerKey: keyof Answers;
  readonly options: readonly string[];
  readonly chosen: string;
  readonly confidence: number;
  readonly reason: Reason;
}

/** What a person said; each field overrules our own judgement and its question disappears. */
export interface Answers {
  readonly encoding?: TextEncoding;
  readonly delimiter?: string;
  /** Physical line of the header, or 0 for none. */
  readonly headerLine?: number;
  readonly dateOrder?: DateOrder;
  readonly decimal?: "." | ",";
  readonly sign?: SignConvention;
  readonly fee?: "apart" | "taken_off";
  readonly currency?: string;
  /** Sheets of a workbook to read, all of one shape. */
  readonly sheets?: readonly string[];
  /** Whether rows hidden in a sheet are read. */
  readonly hiddenRows?: "read" | "leave";
  /** Whether the first and last lines that differ in kind from all rows are rows too. */
  readonly outerLines?: OuterLineHandling;
  /** The person's own accounts of a journal. */
  readonly ownAccounts?: readonly string[];
  /** Roles by column index; columns not named keep our judgement. */
  readonly columns?: Readonly<Record<number, ColumnRole>>;
}

/** What the caller knows beside the bytes. */
export interface ImportHints {
  readonly fileName?: string;
  /** The workspace's currency: used where the file names none. */
  readonly defaultCurrency?: string;
  readonly answers?: Answers;
}
