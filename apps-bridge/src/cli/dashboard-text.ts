import { formatMinorDecimal, minor, type DashboardReport } from "@saldo/schema";
import { tableText } from "./terminal.ts";

/** The dashboard as a terminal shows it: figures first, then months, categories and risks. */
export function dashboardText(report: DashboardReport): string {
  const money = (amountMinor: number) => groupDigits(formatMinorDecimal(minor(amountMinor), report.currency));
  const { period } = report;
  const sections = [
    `${period.from} – ${period.to}${period.partial ? " (running month)" : ""}, ${report.currency}, ${report.transactionCount} transactions\n`,
    tableText(
      [
        ["", "this period", "before"],
        ["Revenue", money(report.revenue.currentMinor), money(report.revenue.previousMinor)],
        ["Expenses", money(report.expenses.currentMinor), money(report.expenses.previousMinor)],
        ["Profit", money(report.profit.currentMinor), money(report.profit.previousMinor)],
        ["Margin", percent(report.profitMarginBasisPoints), percent(report.previousProfitMarginBasisPoints)],
      ],
      [1, 2],
    ),
    tableText([
      ["Burn rate", report.burnRateMinor === null ? "needs a complete month" : `${money(report.burnRateMinor)} a month`],
      ["Runway", runwayText(report.runway)],
    ]),
  ];
  if (report.revenueTrend.length > 0) {
    const months = report.revenueTrend.map((month) => [
      month.partial ? `${month.month}*` : month.month,
      money(month.revenueMinor),
      money(month.expensesMinor),
      money(month.profitMinor),
    ]);
    sections.push(tableText([["Month", "Revenue", "Expenses", "Profit"], ...months], [1, 2, 3]));
  }
  if (report.categoryBreakdown.length > 0) {
    const categories = report.categoryBreakdown
      .slice(0, 12)
      .map((category) => [category.name ?? "(no category)", money(category.amountMinor), percent(category.shareBasisPoints)]);
    sections.push(tableText([["Expenses by category", "Amount", "Share"], ...categories], [1, 2]));
  }
  if (report.topRisks.length > 0) {
    sections.push(tableText([["Risk", "Severity", "At stake"], ...report.topRisks.map((risk) => [risk.code, risk.severity, money(risk.amountMinor)])], [2]));
  }
  return sections.join("\n");
}

function runwayText(runway: DashboardReport["runway"]): string {
  switch (runway.kind) {
    case "months":
      return `${(runway.tenths / 10).toFixed(1)} months`;
    case "no_burn":
      return "no burn";
    case "unknown_balance":
      return "unknown balance";
  }
}

function percent(basisPoints: number | null): string {
  return basisPoints === null ? "—" : `${(basisPoints / 100).toFixed(2)}%`;
}

function groupDigits(decimal: string): string {
  return decimal.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}
