import { SaldoError } from "@saldo/schema";
import type { Decision } from "../model.ts";
import { isAmountLike, isDateLike } from "../table/profile.ts";
import { hasDateAndAmount } from "../table/header.ts";
import type { LinedRecord } from "../table/record.ts";
import { findFixedWidth, fixedWidth, type FixedWidth } from "./fixed-width.ts";
import { RecordReader, textSource, type Dialect, type TextSource } from "./records.ts";

/** What delimiter and quote a file uses. */
export interface DialectChoice {
  readonly delimiter: Decision<string>;
  readonly quote: Decision<'"' | "'" | "none">;
  readonly dialect: Dialect;
}

const delimiters = [",", ";", "\t", "|"] as const;

/** Records of a text, up to a maximum; stops quietly where the text breaks a rule, which the reading itself will report. */
export function recordsOf(source: TextSource, dialect: Dialect, recordsMax: number): { records: LinedRecord[]; broken: boolean } {
  const reader = new RecordReader(source, dialect);
  const records: LinedRecord[] = [];
  try {
    while (records.length < recordsMax) {
      const cells = reader.next();
      if (cells === undefined) break;
      records.push({ line: reader.line, cells });
    }
  } catch (error) {
    if (error instanceof SaldoError) return { records, broken: true };
    throw error;
  }
  return { records, broken: false };
}

/** Chooses delimiter and quote by how evenly they split the lines and by whether dates and amounts come out whole. Throws `import.no_table`. */
export function chooseDialect(head: string, answer: string | undefined): DialectChoice {
  const announced = /^\ufeff?sep=([,;\t|])\r?\n/i.exec(head)?.[1];
  const fixed = answer === undefined || answer === fixedWidth ? findFixedWidth(head) : undefined;
  if (answer === fixedWidth) {
    if (fixed === undefined) throw new SaldoError("import.no_table");
    return cutBy(fixed, { value: answer, confidence: 1, reason: { code: "you_said", params: {} } });
  }
  if (answer !== undefined) return withQuote(head, { value: answer, confidence: 1, reason: { code: "you_said", params: {} } });
  if (announced !== undefined) return withQuote(head, { value: announced, confidence: 1, reason: { code: "delimiter_announced", params: {} } });
  const scored = delimiters.map((delimiter) => ({ delimiter, ...scoreDelimiter(head, delimiter) })).toSorted((a, b) => b.score - a.score);
  const [best, second] = scored;
  // Delimiters that bring out dates with amounts are believed first.
  if (fixed !== undefined && (best?.typed ?? 0) < 0.1) {
    const params = { columns: fixed.cuts.length + 1, lines: fixed.lines };
    return cutBy(fixed, { value: fixedWidth, confidence: fixed.confidence, reason: { code: "delimiter_fixed", params } });
  }
  if (best === undefined || best.score <= 0) throw new SaldoError("import.no_table");
  const margin = best.score - (second?.score ?? 0);
  return withQuote(head, {
    value: best.delimiter,
    confidence: best.typed > 0.3 ? (margin > 0.3 ? 0.99 : 0.9) : margin > 0.3 ? 0.85 : 0.6,
    reason: { code: "delimiter_even", params: { columns: best.width, share: Math.round(best.even * 100) } },
  });
}

function cutBy({ cuts }: FixedWidth, delimiter: Decision<string>): DialectChoice {
  return { delimiter, quote: { value: "none", confidence: 1, reason: { code: "quote_none_seen", params: {} } }, dialect: { delimiter: "", quote: "", cuts } };
}

function scoreDelimiter(head: string, delimiter: string): { score: number; width: number; even: number; typed: number } {
  const { records } = recordsOf(textSource(head), { delimiter, quote: '"', wrapped: true }, 500);
  const filled = records.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const widths = new Map<number, number>();
  for (const { cells } of filled) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  let [width, count] = [1, 0];
  for (const [cells, times] of widths) if (cells > 1 && times > count) [width, count] = [cells, times];
  if (count === 0) return { score: 0, width: 1, even: 0, typed: 0 };
  const even = count / filled.length;
  const typed = filled.filter(({ cells }) => cells.some((cell) => isDateLike(cell.trim())) && cells.some(isPlainAmount)).length / filled.length;
  return { score: typed * 2 + even + Math.min(width, 20) * 0.005, width, even, typed };
}

function isPlainAmount(cell: string): boolean {
  return isAmountLike(cell.trim());
}

/** True when rows stand in one quoted cell each, as a spreadsheet writes text whose delimiter it did not know. */
function isWrapped(head: string, delimiter: string, quote: string): boolean {
  const lines = recordsOf(textSource(head), { delimiter, quote }, 500).records.filter(({ cells }) => cells.length === 1);
  const rows = lines.filter(({ cells }) => hasDateAndAmount(recordsOf(textSource(cells[0] ?? ""), { delimiter, quote }, 1).records[0]?.cells ?? []));
  return rows.length > 0 && rows.length >= lines.length * 0.5;
}

function withQuote(head: string, delimiter: Decision<string>): DialectChoice {
  const mark = delimiter.value.replace(/[|\\^$.*+?()[\]{}]/g, "\\$&");
  const opened = (quote: string): number => head.match(new RegExp(`(?:^|${mark}) *${quote}`, "gm"))?.length ?? 0;
  const closed = (quote: string): number => head.match(new RegExp(`${quote} *(?:\\r?$|${mark})`, "gm"))?.length ?? 0;
  const decided = (value: '"' | "'" | "none", confidence: number, code: string): DialectChoice => ({
    delimiter,
    quote: { value, confidence, reason: { code, params: {} } },
    dialect: { delimiter: delimiter.value, quote: value === "none" ? "" : value, wrapped: value !== "none" && isWrapped(head, delimiter.value, value) },
  });
  const [doubleOpened, doubleClosed] = [opened('"'), closed('"')];
  // Tab-separated text of many programs never quotes; a stray quote there opens nothing.
  if (doubleOpened > 0 && doubleClosed === 0 && delimiter.value === "\t") return decided("none", 0.9, "quote_never_closed");
  if (doubleOpened > 0) return decided('"', 0.99, "quote_seen");
  const [singleOpened, singleClosed] = [opened("'"), closed("'")];
  const lines = head.split("\n").length;
  if (singleOpened > lines && Math.abs(singleOpened - singleClosed) <= singleOpened * 0.02) return decided("'", 0.85, "quote_seen");
  return decided('"', 0.95, "quote_none_seen");
}
