import { firstDay, lastDay, type DetailFigures, type DetailReport, type ReportDays, type RowsBehind } from "@saldo/schema";
import type { ReportNumber } from "../report-number.ts";

/** Every amount of a detail report with what it is made of, but for those that are rates, balances, medians and sums in other currencies. */
export function* numbersOf(report: DetailReport): Generator<ReportNumber> {
  const { profitAndLoss, cashFlow, matrix, bridge } = report;
  for (const [name, line] of Object.entries(profitAndLoss)) if (typeof line === "object" && line !== null) yield* ofFigures(report, `profitAndLoss.${name}`, line);
  const months = matrix.months.map(({ month }) => ({ from: firstDay(month), to: lastDay(month) }));
  const single = (path: string, amountMinor: number, rows: RowsBehind, days: ReportDays): ReportNumber => ({ path, amountMinor, terms: [{ rows, days, sign: 1 }], dividedBy: 1 });
  for (const { trendMinor, ...line } of report.categories) {
    const path = `categories.${line.side}.${line.categoryId}`;
    yield* ofFigures(report, path, line);
    for (const [index, days] of months.entries()) yield single(`${path}.trend.${days.from}`, trendMinor[index] ?? Number.NaN, line.rows, days);
  }
  for (const side of ["customers", "suppliers"] as const) {
    for (const line of report[side].largest) yield* ofFigures(report, `${side}.${line.name}`, line);
    if (report[side].others) yield* ofFigures(report, `${side}.others`, report[side].others);
  }
  for (const { accountId, name, ...lines } of report.accounts) for (const [what, line] of Object.entries(lines)) yield* ofFigures(report, `accounts.${accountId}.${name}.${what}`, line);
  for (const { activity, total, lines } of cashFlow.sections) {
    yield* ofFigures(report, `cashFlow.${activity}`, total);
    for (const line of lines) yield* ofFigures(report, `cashFlow.${activity}.${line.categoryId}`, line);
  }
  yield* ofFigures(report, "cashFlow.transfers", cashFlow.transfers);
  yield* ofFigures(report, "cashFlow.net", cashFlow.net);
  for (const { categoryId, cellsMinor, totalMinor, rows } of matrix.lines) {
    for (const [index, days] of months.entries()) yield single(`matrix.${categoryId}.${days.from}`, cellsMinor[index] ?? Number.NaN, rows, days);
    yield { path: `matrix.${categoryId}.total`, amountMinor: totalMinor, terms: months.map((days) => ({ rows, days, sign: 1 })), dividedBy: 1 };
  }
  const all = profitAndLoss.expenses.rows;
  for (const [index, days] of months.entries()) yield single(`matrix.total.${days.from}`, matrix.totalsMinor[index] ?? Number.NaN, all, days);
  if (bridge === null) return;
  const before = bridge.against === "previous" ? report.comparisons.previous : report.comparisons.yearAgo;
  if (before === null) return;
  yield single("bridge.from", bridge.fromMinor, profitAndLoss.profit.rows, before);
  yield single("bridge.to", bridge.toMinor, profitAndLoss.profit.rows, report.period);
  for (const [index, { kind, deltaMinor, rows }] of bridge.steps.entries()) {
    const sign = kind === "revenue" ? 1 : -1;
    yield { path: `bridge.${index}`, amountMinor: deltaMinor, dividedBy: 1, terms: [{ rows, days: report.period, sign }, { rows, days: before, sign: sign === 1 ? -1 : 1 }] };
  }
}

function* ofFigures({ period, comparisons }: DetailReport, path: string, { figures, rows }: { readonly figures: DetailFigures; readonly rows: RowsBehind }): Generator<ReportNumber> {
  const { currentMinor, previousMinor, yearAgoMinor, meanMinor } = figures;
  const one = (column: string, amountMinor: number, days: readonly ReportDays[]): ReportNumber => ({
    path: `${path}.${column}`,
    amountMinor,
    terms: days.map((each) => ({ rows, days: each, sign: 1 })),
    dividedBy: days.length,
  });
  yield one("current", currentMinor, [period]);
  if (previousMinor !== null && comparisons.previous) yield one("previous", previousMinor, [comparisons.previous]);
  if (yearAgoMinor !== null && comparisons.yearAgo) yield one("yearAgo", yearAgoMinor, [comparisons.yearAgo]);
  if (meanMinor !== null) yield one("mean", meanMinor, comparisons.mean);
}
