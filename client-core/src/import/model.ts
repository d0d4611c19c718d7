import type { Minor } from "@saldo/schema";

/** Character encodings a statement comes in; labels are those of the WHATWG Encoding Standard. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1251" | "windows-1252" | "ibm866";

/** What a column holds. */
export type ColumnRole =
  | "date"
  | "otherDate"
  | "amount"
  | "otherAmount"
  | "debit"
  | "credit"
  | "direction"
  | "balance"
  | "fee"
  | "currency"
  | "description"
  | "counterparty"
  | "payer"
  | "payee"
  | "account"
  | "category"
  | "status"
  | "ignored";

/** Order of the parts of a numeric date; a year of four digits in front is read in any order. `serial` counts days as spreadsheets do. */
export type DateOrder = "DMY" | "MDY" | "YMD" | "serial";

/** The decimal mark of a column; `mixed` when both occur, `unknown` when nothing shows it. */
export type DecimalStyle = "." | "," | "mixed" | "unknown";

/**
 * How an amount gets its sign (+ in, − out): as written, as written but turned round (a card statement where purchases are positive),
 * from a debit and a credit column (`_inverted`: debit is money in, as in one's own ledger; `_signed`: debits carry their minus), from a direction word beside it, or a list of one kind only.
 */
export type SignConvention =
  | "signed"
  | "signed_inverted"
  | "debit_credit"
  | "debit_credit_inverted"
  | "debit_credit_signed"
  | "direction_column"
  | "expense_list"
  | "income_list";

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

/** What to ask the person, because the confidence is below the threshold. `answerKey` is the field of {@link Answers} that settles it. */
export interface Question {
  readonly code: "date_order" | "decimal" | "sign" | "currency" | "column" | "header" | "encoding" | "amount_split" | "delimiter";
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
  readonly currency?: string;
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

/** A row read in full. */
export interface ReadRow {
  /** Physical line of the file where the record starts, from 1. */
  readonly line: number;
  readonly postedOn: string;
  /** + in, − out. */
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly description: string;
  readonly counterparty: string | null;
  readonly account: string | null;
  readonly category: string | null;
}

/** Why a row could not be read; said in words by `words/reasons.ts`. */
export type RefusalCode =
  | "date_missing"
  | "date_unreadable"
  | "date_impossible"
  | "date_out_of_range"
  | "amount_missing"
  | "amount_unreadable"
  | "amount_ambiguous"
  | "amount_too_large"
  | "both_debit_and_credit"
  | "direction_unknown"
  | "currency_unknown"
  | "too_few_cells";

/** Why a line is no transaction although it holds text. */
export type SkipCode = "total" | "balance_line" | "repeated_header" | "column_numbers" | "not_completed" | "note";

/** A row that should be a transaction and could not be read. `column` is the header name (or `#3`). */
export interface Refusal {
  readonly line: number;
  readonly reasonCode: RefusalCode;
  readonly column: string | null;
}

/** A line that is no transaction. */
export interface SkippedLine {
  readonly line: number;
  readonly reasonCode: SkipCode;
}

/** A bounded part of a file: each record is in exactly one of the three lists, or blank. */
export interface ReadBatch {
  readonly rows: readonly ReadRow[];
  readonly refused: readonly Refusal[];
  readonly skipped: readonly SkippedLine[];
  /** Lines with no text in any cell. */
  readonly blankLines: number;
  /** Bytes of the file consumed so far, for a progress bar. */
  readonly bytesRead: number;
}

/** One of the first rows as it stands in the file beside what we read. */
export interface SampleRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Null while a needed role was not found: nothing can be read then, but a person can see where it is. */
  readonly read: ReadRow | Refusal | SkippedLine | null;
}

/** Everything decided about a delimited text file: plain data, JSON-safe, enough to read it again. */
export interface Understanding {
  readonly format: "csv";
  readonly encoding: Decision<TextEncoding>;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
  readonly lineEnd: "LF" | "CRLF" | "CR" | "mixed";
  readonly delimiter: Decision<string>;
  readonly quote: Decision<'"' | "'" | "none">;
  /** Physical line of the header record, `null` when the file has none. */
  readonly headerLine: Decision<number | null>;
  /** Physical line of the first record after header and preamble. */
  readonly dataLine: number;
  readonly columns: readonly UnderstoodColumn[];
  readonly dateOrder: Decision<DateOrder>;
  /** Decimal mark of each amount-like column, by column index. */
  readonly decimals: Readonly<Record<number, DecimalStyle>>;
  readonly decimalStyle: Decision<DecimalStyle>;
  readonly sign: Decision<SignConvention>;
  readonly currency: Decision<string>;
  /** The account the preamble names, for rows without an account column. */
  readonly account: string | null;
  readonly questions: readonly Question[];
  /** Roles that are needed and were not found; while any is listed the rows cannot be read. */
  readonly missing: readonly ("date" | "amount")[];
  readonly sample: readonly SampleRow[];
}
