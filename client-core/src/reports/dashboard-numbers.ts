import { addMonths, firstDay, lastDay, monthOf, type DashboardReport, type DashboardRisk, type ReportDays, type RowsBehind } from "@saldo/schema";
import { addDays } from "./period.ts";
import type { NumberTerm, ReportNumber } from "./report-number.ts";

const revenue: RowsBehind = { measure: "in", transfers: "without" };
const expenses: RowsBehind = { measure: "out", transfers: "without" };
const profit: RowsBehind = { measure: "net", transfers: "without" };
const ofCategory = (categoryId: string | null): RowsBehind => ({ ...expenses, categoryIds: [categoryId] });

/** Every amount of a dashboard with what it is made of. */
export function* dashboardNumbersOf(report: DashboardReport): Generator<ReportNumber> {
  const { period, comparedWith, yearAgo, burnOf } = report;
  for (const [name, rows] of [["revenue", revenue], ["expenses", expenses], ["profit", profit]] as const) {
    yield plain(`${name}.current`, report[name].currentMinor, rows, period);
    if (comparedWith) yield plain(`${name}.previous`, report[name].previousMinor, rows, comparedWith);
  }
  if (yearAgo) {
    yield plain("yearAgo.revenue", yearAgo.revenueMinor, revenue, yearAgo.days);
    yield plain("yearAgo.expenses", yearAgo.expensesMinor, expenses, yearAgo.days);
  }
  if (burnOf) {
    yield { path: "burnOf", amountMinor: burnOf.outflowMinor, terms: [burnt(burnOf)], dividedBy: 1 };
    yield burnRateOf(report, "burnRate", report.burnRateMinor ?? Number.NaN);
  }
  yield* ofCash(report);
  for (const { month, revenueMinor, expensesMinor, profitMinor } of report.revenueTrend) {
    yield plain(`trend.${month}.revenue`, revenueMinor, revenue, daysOf(month));
    yield plain(`trend.${month}.expenses`, expensesMinor, expenses, daysOf(month));
    yield plain(`trend.${month}.profit`, profitMinor, profit, daysOf(month));
  }
  for (const { categoryId, amountMinor, previousMinor } of report.categoryBreakdown) {
    yield plain(`categories.${categoryId}.current`, amountMinor, ofCategory(categoryId), period);
    if (comparedWith) yield plain(`categories.${categoryId}.previous`, previousMinor, ofCategory(categoryId), comparedWith);
  }
  for (const risk of report.topRisks) yield ofRisk(report, risk);
  for (const { currency, revenueMinor, expensesMinor, ...days } of report.otherCurrencies) {
    yield { ...plain(`${currency}.revenue`, revenueMinor, revenue, days), currency };
    yield { ...plain(`${currency}.expenses`, expensesMinor, expenses, days), currency };
  }
}

function plain(path: string, amountMinor: number, rows: RowsBehind, { from, to }: ReportDays): ReportNumber {
  return { path, amountMinor, terms: [{ rows, days: { from, to }, sign: 1 }], dividedBy: 1 };
}

function daysOf(month: string): ReportDays {
  return { from: firstDay(month), to: lastDay(month) };
}

function burnt({ from, to }: ReportDays): NumberTerm {
  return { rows: profit, days: { from, to }, sign: -1 };
}

function burnRateOf({ burnOf }: DashboardReport, path: string, amountMinor: number): ReportNumber {
  return { path, amountMinor, terms: burnOf === null ? [] : [burnt(burnOf)], dividedBy: burnOf?.months ?? 1 };
}

/** Balances: what was said, and all that moved since, own transfers too. */
function* ofCash({ cash, cashPath, period }: DashboardReport): Generator<ReportNumber> {
  if (cash === null) return;
  const last = period.dataThrough;
  const moved = (accountId: string, after: string | null, sign: 1 | -1): NumberTerm[] =>
    after === null || last === null || after >= last ? [] : [{ rows: { measure: "net", transfers: "with", accountId }, days: { from: addDays(after, 1), to: last }, sign }];
  const since = cash.accounts.map(({ accountId, saidFor }) => moved(accountId, saidFor, 1));
  const saidMinor = cash.accounts.reduce((sum, account) => sum + account.saidMinor, 0);
  for (const [index, account] of cash.accounts.entries()) yield { path: `cash.${account.accountId}`, amountMinor: account.balanceMinor, terms: since[index] ?? [], saidMinor: account.saidMinor, dividedBy: 1 };
  yield { path: "cash", amountMinor: cash.totalMinor, terms: since.flat(), saidMinor, dividedBy: 1 };
  for (const { month, balanceMinor, on } of cashPath) {
    yield { path: `cashPath.${month}`, amountMinor: balanceMinor, terms: [...since.flat(), ...cash.accounts.flatMap(({ accountId }) => moved(accountId, on, -1))], saidMinor, dividedBy: 1 };
  }
}

/** Months the mean of a category is of, and months one name's part is looked for in. */
const [usualMonths, yearMonths] = [3, 12];

function ofRisk(report: DashboardReport, { code, amountMinor, parameters }: DashboardRisk): ReportNumber {
  const path = `risks.${code}`;
  const { period } = report;
  const month = String(parameters["month"] ?? monthOf(period.to));
  const now = period.kind === "month" ? { from: period.from, to: period.to } : daysOf(month);
  const before = period.kind === "month" ? report.comparedWith : daysOf(addMonths(month, -1));
  const year = { from: firstDay(addMonths(monthOf(period.to), 1 - yearMonths)), to: lastDay(monthOf(period.to)) };
  const named = (rows: RowsBehind) => plain(path, amountMinor, { ...rows, counterpartyName: String(parameters["name"]) }, year);
  const grown = (rows: RowsBehind, sign: 1 | -1): ReportNumber => ({
    path,
    amountMinor,
    terms: [{ rows, days: now, sign }, ...(before === null ? [] : [{ rows, days: before, sign: sign === 1 ? (-1 as const) : (1 as const) }])],
    dividedBy: 1,
  });
  switch (code) {
    case "cash_runs_out":
    case "burning_without_balance":
      return burnRateOf(report, path, amountMinor);
    case "loss_this_month":
      return { path, amountMinor, terms: [{ rows: profit, days: now, sign: -1 }], dividedBy: 1 };
    case "revenue_falling":
      return grown(revenue, -1);
    case "expenses_growing_faster":
      return grown(expenses, 1);
    case "one_customer":
      return named(revenue);
    case "one_supplier":
      return named(expenses);
    case "category_jump": {
      const rows = ofCategory(String(parameters["categoryId"]));
      const usual = { from: firstDay(addMonths(month, -usualMonths)), to: lastDay(addMonths(month, -1)) };
      // As much as the mean of the months before is less than the month: three times the month less the three months, a third of it.
      const thrice = Array.from({ length: usualMonths }, (): NumberTerm => ({ rows, days: now, sign: 1 }));
      return { path, amountMinor, terms: [...thrice, { rows, days: usual, sign: -1 }], dividedBy: usualMonths };
    }
    case "uncategorised":
      return plain(path, amountMinor, ofCategory(null), period);
    default:
      return code satisfies never;
  }
}
