import { formatMinorDecimal } from "@saldo/schema";
import { guardCell } from "../import/index.ts";
import { quoteCell } from "./cell.ts";
import { columnNames, onOneLine, type FormatWriter } from "./model.ts";

/** Delimited text as the spreadsheets of a language open it: semicolons and decimal commas in Russian. Texts are guarded against formulas. */
export function csvWriter(locale: "en" | "ru"): FormatWriter {
  const delimiter = locale === "ru" ? ";" : ",";
  const text = (value: string | null): string => (value === null ? "" : quoteCell(guardCell(onOneLine(value)), delimiter));
  return {
    // The mark by which Excel knows UTF-8.
    begin: () => `\ufeff${columnNames[locale].join(delimiter)}\r\n`,
    beginStatement: () => "",
    row(row, { account, currency }) {
      const amount = formatMinorDecimal(row.amountMinor, currency);
      const cells = [row.postedOn, text(row.description), text(row.counterparty), text(account), text(row.category), locale === "ru" ? amount.replace(".", ",") : amount, currency];
      return `${cells.join(delimiter)}\r\n`;
    },
    endStatement: () => "",
    end: () => "",
  };
}
