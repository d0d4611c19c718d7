import type { DashboardReport } from "@saldo/schema";
import { tableText, type Locale } from "../terminal.ts";
import { amountText, percentText } from "./amounts.ts";
import { reportWords, type ReportWords } from "./words.ts";

/** The dashboard as a terminal shows it: figures first, then months, categories and risks. */
export function dashboardText(report: DashboardReport, locale: Locale): string {
  const words = reportWords[locale];
  const money = amountText(report.currency, locale);
  const { period, yearAgo } = report;
  const ago = (amountMinor: number | undefined) => (amountMinor === undefined ? [] : [money(amountMinor)]);
  const sections = [
    `${period.from} – ${period.to}${period.partial ? ` (${words.running})` : ""}, ${report.currency}, ${words.transactions(report.transactionCount)}\n`,
    tableText(
      [
        ["", words.now, words.before, ...(yearAgo ? [words.yearAgo] : [])],
        [words.revenue, money(report.revenue.currentMinor), money(report.revenue.previousMinor), ...ago(yearAgo?.revenueMinor)],
        [words.expenses, money(report.expenses.currentMinor), money(report.expenses.previousMinor), ...ago(yearAgo?.expensesMinor)],
        [words.profit, money(report.profit.currentMinor), money(report.profit.previousMinor), ...ago(yearAgo ? yearAgo.revenueMinor - yearAgo.expensesMinor : undefined)],
        [words.margin, percentText(report.profitMarginBasisPoints, locale), percentText(report.previousProfitMarginBasisPoints, locale)],
      ],
      [1, 2, 3],
    ),
    tableText([
      ...(report.cash ? [[words.cash, money(report.cash.totalMinor)]] : []),
      [words.burnRate, report.burnRateMinor === null ? words.needsMonth : `${money(report.burnRateMinor)} ${words.perMonth}`],
      [words.runway, runwayText(report.runway, words)],
    ]),
  ];
  if (report.revenueTrend.length > 0) {
    const cash = new Map(report.cashPath.map(({ month, balanceMinor }) => [month, money(balanceMinor)]));
    const months = report.revenueTrend.map(({ month, partial, revenueMinor, expensesMinor, profitMinor }) => [
      partial ? `${month}*` : month,
      money(revenueMinor),
      money(expensesMinor),
      money(profitMinor),
      cash.get(month) ?? "",
    ]);
    sections.push(tableText([[words.month, words.revenue, words.expenses, words.profit, cash.size > 0 ? words.cash : ""], ...months], [1, 2, 3, 4]));
  }
  if (report.categoryBreakdown.length > 0) {
    const categories = report.categoryBreakdown.slice(0, 12).map((category) => [category.name ?? words.noCategory, money(category.amountMinor), percentText(category.shareBasisPoints, locale)]);
    sections.push(tableText([[words.byCategory("expenses"), words.amount, words.share], ...categories], [1, 2]));
  }
  if (report.topRisks.length > 0) {
    const risks = report.topRisks.map(({ code, severity, amountMinor }) => [words.risks[code], words.severities[severity], money(amountMinor)]);
    sections.push(tableText([[words.risk, words.severity, words.atStake], ...risks], [2]));
  }
  return sections.join("\n");
}

function runwayText(runway: DashboardReport["runway"], words: ReportWords): string {
  switch (runway.kind) {
    case "months":
      return words.months(runway.tenths);
    case "no_burn":
      return words.noBurn;
    case "unknown_balance":
      return words.unknownBalance;
  }
}
