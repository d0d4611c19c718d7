import { addMonths, firstDay, lastDay, monthOf, type DashboardReport, type DashboardRisk, type ReportDays, type RowsBehind } from "@saldo/schema";
import { detailHref } from "../../state/transaction-query.ts";
import { burnHref } from "./cash-href.ts";

/** Months one name's part is looked for in. */
const yearMonths = 12;

/** The address of the rows behind a risk's money. A growth or a fall leads to the rows of the later days, which do not add up to it; a burn rate to the months it is the mean of. */
export function riskHref({ code, amountMinor, parameters }: DashboardRisk, report: Pick<DashboardReport, "currency" | "period" | "burnOf">, name: string): string {
  const { currency, period } = report;
  const last = monthOf(period.to);
  const month = typeof parameters["month"] === "string" && period.kind !== "month" ? parameters["month"] : undefined;
  const days: ReportDays = month === undefined ? { from: period.from, to: period.to } : { from: firstDay(month), to: lastDay(month) };
  const year = { from: firstDay(addMonths(last, 1 - yearMonths)), to: lastDay(last) };
  const rows = (measure: RowsBehind["measure"], narrowing: Partial<RowsBehind> = {}): RowsBehind => ({ measure, transfers: "without", ...narrowing });
  const text = (key: string) => String(parameters[key] ?? "");
  const to = (behind: RowsBehind, of: ReportDays, amount: number | undefined) => detailHref({ rows: behind, days: of, currency, amountMinor: amount, name });
  switch (code) {
    case "loss_this_month":
      return to(rows("net"), days, -amountMinor);
    case "revenue_falling":
      return to(rows("in"), days, undefined);
    case "expenses_growing_faster":
      return to(rows("out"), days, undefined);
    case "one_customer":
      return to(rows("in", { counterpartyName: text("name") }), year, amountMinor);
    case "one_supplier":
      return to(rows("out", { counterpartyName: text("name") }), year, amountMinor);
    case "category_jump":
      return to(rows("out", { categoryIds: [text("categoryId")] }), days, undefined);
    case "uncategorised":
      return to(rows("out", { categoryIds: [null] }), { from: period.from, to: period.to }, amountMinor);
    case "cash_runs_out":
    case "burning_without_balance":
      return burnHref(report, name) ?? "/forecast";
    default:
      return code satisfies never;
  }
}
