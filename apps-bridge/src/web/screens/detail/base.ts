import { monthOf, type DetailFigures, type DetailReport, type ReportDays } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import type { TextKey, TextValues } from "../../i18n/text.ts";

/** What figures are held against. */
export type Base = "previous" | "yearAgo" | "mean";

type Translate = (key: TextKey, values?: TextValues) => string;

/** What the books reach back to. */
export function availableBases({ comparisons }: DetailReport): Base[] {
  const bases: Base[] = [];
  if (comparisons.previous !== null) bases.push("previous");
  if (comparisons.yearAgo !== null) bases.push("yearAgo");
  if (comparisons.mean.length > 1) bases.push("mean");
  return bases;
}

/** The figure a figure is held against; null when there is none. */
export function baseFigure({ previousMinor, yearAgoMinor, meanMinor }: DetailFigures, base: Base): number | null {
  return base === "previous" ? previousMinor : base === "yearAgo" ? yearAgoMinor : meanMinor;
}

/** The days of a base; a mean has several. */
export function baseDays({ comparisons }: DetailReport, base: Base): ReportDays | null {
  return base === "previous" ? comparisons.previous : base === "yearAgo" ? comparisons.yearAgo : null;
}

/** Days in words: a month, months, or dates. */
export function daysText({ from, to }: ReportDays, f: Formatters): string {
  const isStart = from.endsWith("-01");
  const [first, last] = [monthOf(from), monthOf(to)];
  const isWhole = isStart && isLastDay(to);
  if (isWhole && first === last) return f.month(first);
  if (isWhole && first.slice(0, 4) === last.slice(0, 4) && first.endsWith("-01") && last.endsWith("-12")) return first.slice(0, 4);
  if (isWhole) return `${f.monthAxis(first, true)} – ${f.monthAxis(last, true)}`;
  return `${f.dateShort(from, true)} – ${f.dateShort(to, true)}`;
}

function isLastDay(date: string): boolean {
  return new Date(Date.parse(date) + 86_400_000).getUTCDate() === 1;
}

/** What figures are held against, in words. */
export function againstOf(report: DetailReport, base: Base, t: Translate, f: Formatters): string {
  const days = baseDays(report, base);
  return days === null ? t("detail.meanOf", { count: report.comparisons.mean.length }) : daysText(days, f);
}
