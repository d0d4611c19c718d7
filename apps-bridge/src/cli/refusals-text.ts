import type { ImportSummary } from "@saldo/client-core/books";
import { sayRefusal, saySkip } from "@saldo/client-core/import";
import { tableText, type Locale } from "./terminal.ts";

/** Most lines told in text; `--json` tells up to a thousand. */
const toldLinesMax = 10;

const words = {
  en: { line: "Line", more: (count: number) => `… and ${count} more; --json tells them` },
  ru: { line: "Строка", more: (count: number) => `… и ещё ${count}; их назовёт --json` },
} as const;

/** The lines of a file that were refused or passed over, by number, with the reason in words and its code; empty when there are none. */
export function refusalsText({ refused, refusedCount, skipped }: Pick<ImportSummary, "refused" | "refusedCount" | "skipped">, locale: Locale): string {
  const lines = [
    ...refused.slice(0, toldLinesMax).map(({ line, reasonCode, column }) => [`${words[locale].line} ${line}`, `${column === null ? "" : `${column}: `}${sayRefusal(reasonCode, locale)} (${reasonCode})`]),
    ...(refusedCount > toldLinesMax ? [["", words[locale].more(refusedCount - toldLinesMax)]] : []),
    ...skipped.slice(0, toldLinesMax).map(({ line, reasonCode }) => [`${words[locale].line} ${line}`, `${saySkip(reasonCode, locale)} (${reasonCode})`]),
    ...(skipped.length > toldLinesMax ? [["", words[locale].more(skipped.length - toldLinesMax)]] : []),
  ];
  return lines.length === 0 ? "" : tableText(lines);
}
