import { addMonths, compareBytewise, firstDay, lastDay, minor, monthOf, sumMinor, type DashboardReport, type Month, type PeriodChoice, type ReportDays } from "@saldo/schema";
import type { SqlReader } from "../store/index.ts";
import { groupsOf, isTransferIn, monthsOf, monthTotals, readBooks, type Books } from "./books.ts";
import { categoryBreakdown, expensesByCategory } from "./breakdown.ts";
import { burnMonths, burnRate, lastCompleteMonths, runwayOf } from "./burn.ts";
import { cashPath, readCash } from "./cash.ts";
import { isCompleteMonth } from "./complete-months.ts";
import { largestCounterparties } from "./counterparties.ts";
import { byCategory, type CategoryGroup } from "./ledger.ts";
import { comparisonsOf, earlierDays, periodOf, type Period } from "./period.ts";
import { topRisks, type CategoryJump, type RiskFacts } from "./risks.ts";
import { basisPoints, profitOf, totalsOf, type Totals } from "./totals.ts";

/** Months of the revenue trend: a year and the month it is compared with. */
const trendMonthsMax = 13;
/** Months counterparties are looked for in. */
const counterpartyMonths = 12;
/** Months the usual amount of a category is the mean of. */
const usualMonths = 3;

/** What a dashboard is of. */
export interface DashboardRequest {
  readonly workspaceId: string;
  /** Default: the workspace's currency if it has rows, else the one with most rows. */
  readonly currency?: string;
  /** Default: the last month that has rows. */
  readonly period?: PeriodChoice;
  /** Today's date, YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Computes the dashboard from the rows that count (see `countedRows`), as the ledger adds them up. Give it a snapshot, so that all its figures are of one state. Revenue is what came in, expenses what went out, transfers left out.
 * Throws `RangeError` when a sum leaves the safe range or the month is not of the form YYYY-MM.
 */
export async function computeDashboard(reader: SqlReader, request: DashboardRequest): Promise<DashboardReport> {
  const { workspaceId, today } = request;
  const books = await readBooks(reader, workspaceId, request.currency);
  const period = periodOf(books, request.period ?? "last", today);
  const { previous: comparedWith, yearAgo } = comparisonsOf(books, period);
  const before = earlierDays(period, 1);
  const groupsIn = async (wanted: ReportDays) => byCategory(await books.ledger.groupsOf(books.currency, days(wanted)));
  const currentGroups = await groupsIn(period);
  const previousGroups = before === null ? [] : await groupsIn(before);
  const isTransfer = isTransferIn(books);
  const current = totalsOf(currentGroups, isTransfer);
  const previous = totalsOf(previousGroups, isTransfer);
  const cash = await readCash(reader, books, today);
  const burnOf = burnMonths(books, today);
  const burnRateMinor = burnRate(burnOf);
  const runway = runwayOf(burnRateMinor, cash);
  const facts = await riskFacts(books, { period, currentGroups, previousGroups, burnRateMinor, runway, today });
  const revenueTrend = trendUntil(books, period.months.at(-1), today);
  return {
    version: 3,
    currency: books.currency,
    period: { kind: period.kind, from: period.from, to: period.to, partial: period.partial, dataThrough: period.dataThrough },
    comparedWith,
    transactionCount: sumMinor(currentGroups.map(({ count }) => minor(count))),
    revenue: { currentMinor: current.revenueMinor, previousMinor: previous.revenueMinor },
    expenses: { currentMinor: current.expensesMinor, previousMinor: previous.expensesMinor },
    profit: { currentMinor: profitOf(current), previousMinor: profitOf(previous) },
    profitMarginBasisPoints: marginOf(current),
    previousProfitMarginBasisPoints: marginOf(previous),
    yearAgo: yearAgo === null ? null : { days: yearAgo, ...totalsOf(await groupsIn(yearAgo), isTransfer) },
    burnRateMinor,
    burnOf,
    runway,
    cash,
    cashPath: cashPath(books, cash, revenueTrend.map(({ month }) => month)),
    revenueTrend,
    categoryBreakdown: categoryBreakdown(books, currentGroups, previousGroups),
    topRisks: topRisks(facts),
    otherCurrencies: otherCurrencies(books),
  };
}

function days({ from, to }: ReportDays): ReportDays {
  return { from, to };
}

function marginOf(totals: Totals): number | null {
  return totals.revenueMinor > 0 ? basisPoints(profitOf(totals), totals.revenueMinor) : null;
}

/** The thirteen months up to one, gaps as zeros, not reaching beyond the first row or the last. */
function trendUntil(books: Books, last: Month | undefined, today: string): DashboardReport["revenueTrend"] {
  const { range } = books;
  if (range === null || last === undefined) return [];
  const months = monthsOf(books).filter((month) => month <= last);
  return months.slice(-trendMonthsMax).map((month) => {
    const totals = monthTotals(books, month);
    return { month, ...totals, profitMinor: profitOf(totals), partial: !isCompleteMonth(month, { dataThrough: range.last, today }) };
  });
}

function otherCurrencies(books: Books): DashboardReport["otherCurrencies"] {
  const isTransfer = isTransferIn(books);
  return [...books.others]
    .map(([currency, { first, last, months, groupsOf: groupsIn, count }]) => ({ currency, from: first, to: last, ...totalsOf(months.flatMap((month) => groupsIn(month)), isTransfer), transactionCount: count }))
    .toSorted((a, b) => compareBytewise(a.currency, b.currency));
}

interface RiskParts {
  readonly period: Period;
  readonly currentGroups: readonly CategoryGroup[];
  readonly previousGroups: readonly CategoryGroup[];
  readonly burnRateMinor: number | null;
  readonly runway: DashboardReport["runway"];
  readonly today: string;
}

async function riskFacts(books: Books, parts: RiskParts): Promise<RiskFacts> {
  const { period, currentGroups, previousGroups, burnRateMinor, runway, today } = parts;
  const isTransfer = isTransferIn(books);
  const lastMonth = monthOf(period.to);
  const month = period.kind === "month" ? lastMonth : (lastCompleteMonths(books, today, 1)[0] ?? lastMonth);
  const before = addMonths(month, -1);
  const reachesBack = books.range !== null && monthOf(books.range.first) <= before;
  const focusGroups = period.kind === "month" ? currentGroups : groupsOf(books, month);
  const beforeGroups = period.kind === "month" ? previousGroups : groupsOf(books, before);
  const yearMonths = Array.from({ length: counterpartyMonths }, (_, index) => addMonths(lastMonth, -index));
  const year = { from: firstDay(addMonths(lastMonth, 1 - counterpartyMonths)), to: lastDay(lastMonth) };
  const largest = await largestCounterparties(books, year);
  return {
    month,
    current: totalsOf(focusGroups, isTransfer),
    previous: reachesBack ? totalsOf(beforeGroups, isTransfer) : null,
    burnRateMinor,
    runway,
    year: totalsOf(yearMonths.flatMap((each) => groupsOf(books, each)), isTransfer),
    ...largest,
    jump: largestJump(books, month, focusGroups),
    expensesMinor: totalsOf(currentGroups, isTransfer).expensesMinor,
    uncategorisedMinor: expensesByCategory(books, currentGroups).get(null) ?? 0,
  };
}

/** The category whose expenses exceed the mean of the three months before by most; none unless the books reach back that far. */
function largestJump(books: Books, month: Month, groups: readonly CategoryGroup[]): CategoryJump | undefined {
  const before = Array.from({ length: usualMonths }, (_, index) => addMonths(month, -1 - index));
  const earliest = before.at(-1);
  if (books.range === null || earliest === undefined || monthOf(books.range.first) > earliest) return undefined;
  const usual = expensesByCategory(books, before.flatMap((each) => groupsOf(books, each)));
  let largest: CategoryJump | undefined;
  for (const [categoryId, amountMinor] of expensesByCategory(books, groups)) {
    const category = categoryId === null ? undefined : books.categories.get(categoryId);
    const usualMinor = Math.round((usual.get(categoryId) ?? 0) / usualMonths);
    if (!category || usualMinor <= 0) continue;
    const jump = { categoryId: category.id, name: category.name, amountMinor, usualMinor };
    if (!largest || increaseOf(jump) > increaseOf(largest) || (increaseOf(jump) === increaseOf(largest) && jump.categoryId < largest.categoryId)) largest = jump;
  }
  return largest;
}

function increaseOf({ amountMinor, usualMinor }: CategoryJump): number {
  return amountMinor - usualMinor;
}
