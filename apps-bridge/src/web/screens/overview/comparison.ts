import { addMonths, type DashboardReport } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import type { TextKey, TextValues } from "../../i18n/text.ts";

type Translate = (key: TextKey, values?: TextValues) => string;

/** What the figures of a report are compared with, in words: "in September", or "on 1–22 October" ("on 1–22 Oct" in short) when the month is not over. */
export function comparedWith(report: DashboardReport, t: Translate, f: Formatters, length: "full" | "short" = "full"): string {
  const month = addMonths(report.period.from.slice(0, 7), -1);
  if (!report.period.partial) return t("compare.inMonth", { month: month.slice(5) });
  const lastDay = Number(report.period.to.slice(8));
  return t("compare.sameDays", { days: lastDay === 1 ? "1" : `1–${lastDay}`, month: length === "short" ? f.monthAxis(month, false) : f.date(`${month}-01`, false).replace(/^\d+\s*/, "") });
}

/** The months of the report's trend up to its own month. */
export function monthsUpTo(report: DashboardReport): DashboardReport["revenueTrend"] {
  const month = report.period.from.slice(0, 7);
  return report.revenueTrend.filter((entry) => entry.month <= month);
}
