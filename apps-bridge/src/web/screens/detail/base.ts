import type { DetailFigures, DetailReport, ReportDays } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import type { TextKey, TextValues } from "../../i18n/text.ts";
import { daysText } from "../days-text.ts";

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

/** The days of a base; those of a mean from the first period's to the last one's. */
export function baseDays({ comparisons }: DetailReport, base: Base): ReportDays | null {
  if (base !== "mean") return base === "previous" ? comparisons.previous : comparisons.yearAgo;
  const [newest, oldest] = [comparisons.mean[0], comparisons.mean.at(-1)];
  return newest === undefined || oldest === undefined ? null : { from: oldest.from, to: newest.to };
}

/** What figures are held against, in words. */
export function againstOf(report: DetailReport, base: Base, t: Translate, f: Formatters): string {
  const days = base === "mean" ? null : baseDays(report, base);
  return days === null ? t("detail.meanOf", { count: report.comparisons.mean.length }) : daysText(days, f);
}
