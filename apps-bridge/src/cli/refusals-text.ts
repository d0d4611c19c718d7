import type { ImportSummary } from "@saldo/client-core/books";
import { sayRefusal, saySkip } from "@saldo/client-core/import";
import { tableText, type Locale } from "./terminal.ts";

/** Most lines told in text; `--json` tells up to a thousand. */
const toldLinesMax = 10;

const words = {
  en: { line: "Line", row: "Row", more: (count: number) => `… and ${count} more; --json tells them` },
  ru: { line: "Строка", row: "Строка", more: (count: number) => `… и ещё ${count}; их назовёт --json` },
} as const;

/** The lines of a file (rows of a sheet) that were refused or passed over, by sheet and number, with the reason in words and its code; empty when there are none. */
export function refusalsText({ understanding, refused, refusedCount, skipped }: Pick<ImportSummary, "understanding" | "refused" | "refusedCount" | "skipped">, locale: Locale): string {
  const word = words[locale]["parts" in understanding ? "row" : "line"];
  const place = ({ line, part }: { readonly line: number; readonly part?: string }) => `${word} ${line}${part === undefined ? "" : ` (${part})`}`;
  const lines = [
    ...refused.slice(0, toldLinesMax).map((told) => [place(told), `${told.column === null ? "" : `${told.column}: `}${sayRefusal(told.reasonCode, locale)} (${told.reasonCode})`]),
    ...(refusedCount > toldLinesMax ? [["", words[locale].more(refusedCount - toldLinesMax)]] : []),
    ...skipped.slice(0, toldLinesMax).map((told) => [place(told), `${saySkip(told.reasonCode, locale)} (${told.reasonCode})`]),
    ...(skipped.length > toldLinesMax ? [["", words[locale].more(skipped.length - toldLinesMax)]] : []),
  ];
  return lines.length === 0 ? "" : tableText(lines);
}
