import { monthOf, type DashboardReport } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import type { TextKey, TextValues } from "../../i18n/text.ts";
import { daysText } from "../days-text.ts";

type Translate = (key: TextKey, values?: TextValues) => string;

/**
 * What the figures of a report are compared with, in words: "in September", or "on 1–22 October" ("on 1–22 Oct" in short) when the month is not over;
 * "for Jul – Sep" where they are no month. Undefined when the books do not reach back that far.
 */
export function comparedWith({ period, comparedWith: before }: DashboardReport, t: Translate, f: Formatters, length: "full" | "short" = "full"): string | undefined {
  if (before === null) return undefined;
  if (period.kind !== "month") return t("compare.forDays", { days: daysText(before, f) });
  const month = monthOf(before.from);
  if (!period.partial) return t("compare.inMonth", { month: month.slice(5) });
  const lastDay = Number(period.to.slice(8));
  return t("compare.sameDays", { days: lastDay === 1 ? "1" : `1–${lastDay}`, month: length === "short" ? f.monthAxis(month, false) : f.date(`${month}-01`, false).replace(/^\d+\s*/, "") });
}

/** The months of the report's trend up to its own last one. */
export function monthsUpTo(report: DashboardReport): DashboardReport["revenueTrend"] {
  const month = monthOf(report.period.to);
  return report.revenueTrend.filter((entry) => entry.month <= month);
}
