import type { Minor } from "@saldo/schema";
import type { DateOrder, DecimalStyle, Decision, OuterLineHandling, Question, SignConvention, TextEncoding, UnderstoodColumn } from "./decisions.ts";
import type { SampleRow } from "./rows.ts";

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
  /** Lines at the edges that tell of the account though they look like rows; null where there are none. */
  readonly outer: OuterLines | null;
  /** Null unless the table holds its payments from both sides. */
  readonly journal: Journal | null;
}

/** The first or last lines of a table without names, which differ in kind from all others: the account and its balances, not a payment. */
export interface OuterLines {
  readonly lines: readonly number[];
  readonly handling: Decision<OuterLineHandling>;
}

/**
 * A table of postings, which holds every payment from both sides: lines whose `keys` are equal add up to nothing, or a line names the account
 * of the other side itself. Only postings of the person's own accounts move money.
 */
export interface Journal {
  /** Columns that are equal in all lines of one entry; none where each line is one. */
  readonly keys: readonly number[];
  /** Column of the account of a posting. */
  readonly account: number;
  /** Column of the account of the other side; null where that is a line of its own. */
  readonly counter: number | null;
  /** The person's own accounts, as the columns name them. */
  readonly own: Decision<readonly string[]>;
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
  /** True when lines are quoted whole, as one cell each. */
  readonly wrapped: boolean;
  /** True for a card report printed with two lines for each operation. */
  readonly isReport: boolean;
  /** Where dates are written without a year; null where they have one. */
  readonly yearless: YearlessDates | null;
}

/** A column of days and months, whose years follow from the first day the file covers, `YYYY-MM-DD`. */
export interface YearlessDates {
  readonly column: number;
  readonly from: string;
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
