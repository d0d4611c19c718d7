import type { Minor } from "@saldo/schema";

/** Formats rows are exported in: a table as text or as a workbook, a statement for accounting programs, the text 1C and banks exchange. */
export const exportFormats = ["csv", "xlsx", "ofx", "1c"] as const;
/** See {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number];

/** A movement of an account on its way out. */
export interface ExportRow {
  /** Ours, for formats that need an id where the bank gave none. */
  readonly id: string;
  readonly postedOn: string;
  /** + in, − out. */
  readonly amountMinor: Minor;
  readonly description: string;
  readonly counterparty: string | null;
  readonly category: string | null;
  readonly bankId: string | null;
  readonly counterpartyAccount: string | null;
  readonly counterpartyTaxId: string | null;
}

/** One account in one currency over a period: a section of the exported file. */
export interface ExportStatement {
  /** Number of the account, or its name when it has none. */
  readonly account: string;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly inMinor: Minor;
  /** Positive. */
  readonly outMinor: Minor;
}

/** Headers of an exported table. */
export const columnNames = {
  en: ["Date", "Description", "Counterparty", "Account", "Category", "Amount", "Currency"],
  ru: ["Дата", "Описание", "Контрагент", "Счёт", "Категория", "Сумма", "Валюта"],
} as const;

/** How a format of text writes a file: text in the order of the calls. */
export interface FormatWriter {
  begin(): string;
  beginStatement(statement: ExportStatement): string;
  row(row: ExportRow, statement: ExportStatement): string;
  endStatement(statement: ExportStatement): string;
  end(): string;
}

/** A text on one line. */
export function onOneLine(text: string): string {
  return /\s/.test(text) ? text.replace(/\s+/g, " ").trim() : text;
}
