import type { Minor } from "@saldo/schema";

/** What a file says a row is, beyond doubt; what purposes suggest is judged later. */
export type RowKind = "transfer" | "fee" | "tax";

/** A row read in full. The fields from `bankId` on are null where a format does not give them; a table never does. */
export interface ReadRow {
  /** Physical line of the file (row of the sheet) where the record starts, from 1. */
  readonly line: number;
  readonly postedOn: string;
  /** + in, − out. */
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly description: string;
  readonly counterparty: string | null;
  /** The own account as the file names it: a number, an IBAN or a name. */
  readonly account: string | null;
  readonly category: string | null;
  /** The bank's own id of the movement; unique within the account if the bank keeps its word. */
  readonly bankId: string | null;
  readonly counterpartyAccount: string | null;
  /** INN, or what stands for it elsewhere. */
  readonly counterpartyTaxId: string | null;
  readonly kind: RowKind | null;
  /** Index into the `statements` of the understanding: the statement whose balances this row moves. */
  readonly statement: number;
  /** The balance after this row, where the file has a running one. */
  readonly balanceMinor?: Minor | null;
  /** Cells of the further columns that were asked for, as they stand in the file. */
  readonly cells?: readonly string[];
  /** What a batch entry is made of: amounts add up to the row's, each has no parts of its own. Null for nearly all rows. */
  readonly parts: readonly ReadRow[] | null;
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
  | "formula_without_result"
  | "too_few_cells"
  | "record_cut_off"
  | "record_unreadable"
  | "payer_is_payee";

/** Why a line is no transaction although it holds text. */
export type SkipCode = "total" | "balance_line" | "repeated_header" | "column_numbers" | "not_completed" | "no_money_yet" | "note" | "hidden_row" | "told_twice" | "other_record" | "no_statement" | "other_side";

/** A row that should be a transaction and could not be read. `column` is the header name (or `#3`). */
export interface Refusal {
  readonly line: number;
  readonly reasonCode: RefusalCode;
  readonly column: string | null;
  /** The sheet or the archived file it stands in, when the file has several. */
  readonly part?: string;
}

/** A line that is no transaction. */
export interface SkippedLine {
  readonly line: number;
  readonly reasonCode: SkipCode;
  readonly part?: string;
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
