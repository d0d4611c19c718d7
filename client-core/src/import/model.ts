import type { Minor } from "@saldo/schema";

/** Character encodings a statement comes in; labels are those of the WHATWG Encoding Standard. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1251" | "windows-1252" | "ibm866";

/** What a column may hold. */
export const columnRoles = [
  "date",
  "otherDate",
  "amount",
  "otherAmount",
  "debit",
  "credit",
  "direction",
  "balance",
  "fee",
  "currency",
  "description",
  "counterparty",
  "payer",
  "payee",
  "account",
  "category",
  "status",
  "ignored",
] as const;

/** What a column holds. */
export type ColumnRole = (typeof columnRoles)[number];

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
  readonly code: "sheet" | "hidden_rows" | "fee" | "date_order" | "decimal" | "sign" | "currency" | "column" | "header" | "encoding" | "amount_split" | "delimiter";
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
export type SkipCode = "total" | "balance_line" | "repeated_header" | "column_numbers" | "not_completed" | "no_money_yet" | "note" | "hidden_row" | "told_twice" | "other_record" | "no_statement";

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

/** One statement of a file: one account over one period, with what the file says of it as a whole. */
export interface StatementFacts {
  /** As `account` of its rows. */
  readonly account: string | null;
  /** BIC, BIK or routing number of the bank that keeps the account. */
  readonly bank: string | null;
  readonly currency: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Booked balances before the first and after the last row of the statement; null where the file gives none. */
  readonly openingMinor: Minor | null;
  readonly closingMinor: Minor | null;
}

/** What is understood of a file of any format: plain data, JSON-safe, enough to read it again. */
export interface UnderstoodFile {
  /** The currency of rows that name none. */
  readonly currency: Decision<string>;
  /** The account of rows that name none. */
  readonly account: string | null;
  /** In the order of the file; at least one. */
  readonly statements: readonly StatementFacts[];
  /** The columns of a table, or the fields of a structured format, which need no judgement. */
  readonly columns: readonly UnderstoodColumn[];
  readonly questions: readonly Question[];
  /** Roles that are needed and were not found; while any is listed the rows cannot be read. Empty for structured formats. */
  readonly missing: readonly ("date" | "amount")[];
  readonly sample: readonly SampleRow[];
}

/** What is decided about a table of cells, whatever holds it. A person may give its columns other roles. */
export interface UnderstoodTable extends UnderstoodFile {
  /** Physical line of the header record, `null` when the table has none. */
  readonly headerLine: Decision<number | null>;
  /** Physical line of the first record after header and preamble. */
  readonly dataLine: number;
  readonly dateOrder: Decision<DateOrder>;
  /** Decimal mark of each amount-like column, by column index. */
  readonly decimals: Readonly<Record<number, DecimalStyle>>;
  readonly decimalStyle: Decision<DecimalStyle>;
  readonly sign: Decision<SignConvention>;
  /** Whether fees are in the amounts already or come off them; null without a fee column. */
  readonly fee: Decision<"apart" | "taken_off"> | null;
}

/** A delimited text file. */
export interface CsvUnderstanding extends UnderstoodTable {
  readonly format: "csv";
  readonly encoding: Decision<TextEncoding>;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
  readonly lineEnd: "LF" | "CRLF" | "CR" | "mixed";
  /** A character, or `fixed` where columns keep to their places in the line. */
  readonly delimiter: Decision<string>;
  /** First character of each column after the first in fixed-width text, else null. */
  readonly cuts: readonly number[] | null;
  readonly quote: Decision<'"' | "'" | "none">;
}

/** One sheet that is read: where its table begins. */
export interface SheetPart {
  readonly sheet: string;
  readonly headerLine: number | null;
  readonly dataLine: number;
}

/** A workbook of spreadsheets; lines are rows of the sheet as the spreadsheet numbers them. */
export interface SheetUnderstanding extends UnderstoodTable {
  readonly format: "xlsx" | "xls" | "ods";
  readonly sheets: Decision<readonly string[]>;
  /** Every sheet with cells, and how many of its first rows look like transactions. */
  readonly sheetNames: readonly { readonly name: string; readonly transactions: number }[];
  readonly parts: readonly SheetPart[];
  /** Null when no row is hidden. */
  readonly hiddenRows: Decision<"read" | "leave"> | null;
}

/** Text of a bank exchange format, whose fields are named by the format. */
export interface UnderstoodExchange extends UnderstoodFile {
  readonly encoding: Decision<TextEncoding>;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
}

/** 1CClientBankExchange, the text banks and 1C exchange. */
export interface OneCUnderstanding extends UnderstoodExchange {
  readonly format: "1c";
}

/** OFX 1.x (SGML) or 2.x (XML), and QFX. */
export interface OfxUnderstanding extends UnderstoodExchange {
  readonly format: "ofx";
}

/** SWIFT MT940 messages. */
export interface Mt940Understanding extends UnderstoodExchange {
  readonly format: "mt940";
}

/** A camt.052, .053 or .054 message of ISO 20022. */
export interface CamtUnderstanding extends UnderstoodExchange {
  readonly format: "camt";
}

/** Quicken Interchange Format, which leaves date order, decimal mark and currency open. */
export interface QifUnderstanding extends UnderstoodExchange {
  readonly format: "qif";
  readonly dateOrder: Decision<DateOrder>;
  readonly decimalStyle: Decision<DecimalStyle>;
}

/** A ZIP archive of statements: each file is one or more statements of its own. What it shares with other formats is that of its first file. */
export interface ArchiveUnderstanding extends UnderstoodFile {
  readonly format: "zip";
  readonly files: readonly { readonly name: string; readonly understanding: Exclude<Understanding, ArchiveUnderstanding> }[];
  /** Files that are plainly no statement: pictures, documents. */
  readonly passedOver: readonly string[];
}

/** How a file is to be read, by `format`. A new format adds a member here, a case in `understand.ts`, `read.ts` and `style.ts`. */
export type Understanding = CsvUnderstanding | SheetUnderstanding | OneCUnderstanding | OfxUnderstanding | Mt940Understanding | CamtUnderstanding | QifUnderstanding | ArchiveUnderstanding;
