import { addMonths, compareBytewise, firstDay, lastDay, minor, monthOf, sumMinor, type DashboardReport, type Month } from "@saldo/schema";
import type { SqlReader } from "../store/index.ts";
import { groupsOf, isTransferIn, monthsOf, monthTotals, readBooks, type Books } from "./books.ts";
import { categoryBreakdown, expensesByCategory } from "./breakdown.ts";
import { burnRate, lastCompleteMonths, runwayOf } from "./burn.ts";
import { readCash } from "./cash.ts";
import { isCompleteMonth } from "./complete-months.ts";
import { readLargestCounterparties } from "./counterparties.ts";
import { readGroupsBetween, type LedgerGroup } from "./ledger-groups.ts";
import { periodOf, type Period, type PeriodChoice } from "./period.ts";
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
  readonly month?: PeriodChoice;
  /** Today's date, YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Computes the dashboard from the rows that count (see `countedRows`), in one pass over the books and reads by date beside it.
 * Give it a snapshot, so that all its figures are of one state. Revenue is what came in, expenses what went out, transfers left out.
 * Throws `RangeError` when a sum leaves the safe range or the month is not of the form YYYY-MM.
 */
export async function computeDashboard(reader: SqlReader, request: DashboardRequest): Promise<DashboardReport> {
  const { workspaceId, today } = request;
  const books = await readBooks(reader, workspaceId, request.currency);
  const period = periodOf(books, request.month ?? "last", today);
  const currentGroups = period.months.flatMap((month) => groupsOf(books, month));
  const previousGroups = await readCompared(reader, books, period);
  const isTransfer = isTransferIn(books);
  const current = totalsOf(currentGroups, isTransfer);
  const previous = totalsOf(previousGroups, isTransfer);
  const cash = await readCash(reader, books, today);
  const burnRateMinor = burnRate(books, today);
  const runway = runwayOf(burnRateMinor, cash);
  const facts = await riskFacts(reader, books, { period, currentGroups, previousGroups, burnRateMinor, runway, today });
  return {
    version: 1,
    currency: books.currency,
    period: { kind: period.kind, from: period.from, to: period.to, partial: period.partial, dataThrough: books.range?.last ?? null },
    transactionCount: sumMinor(currentGroups.map(({ count }) => minor(count))),
    revenue: { currentMinor: current.revenueMinor, previousMinor: previous.revenueMinor },
    expenses: { currentMinor: current.expensesMinor, previousMinor: previous.expensesMinor },
    profit: { currentMinor: profitOf(current), previousMinor: profitOf(previous) },
    profitMarginBasisPoints: marginOf(current),
    previousProfitMarginBasisPoints: marginOf(previous),
    burnRateMinor,
    runway,
    cash,
    revenueTrend: trendUntil(books, period.months.at(-1), today),
    categoryBreakdown: categoryBreakdown(books, currentGroups, previousGroups),
    topRisks: topRisks(facts),
    otherCurrencies: otherCurrencies(books),
  };
}

/** Groups of the days the period is compared with: from the pass over the books when they are a whole month. */
async function readCompared(reader: SqlReader, books: Books, { compared }: Period): Promise<readonly LedgerGroup[]> {
  if (compared === null) return [];
  if (compared.whole) return groupsOf(books, compared.month);
  return readGroupsBetween(reader, { workspaceId: books.workspaceId, currency: books.currency, from: compared.from, to: compared.to });
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
    .map(([currency, groups]) => ({
      currency,
      ...totalsOf(groups, isTransfer),
      transactionCount: groups.reduce((sum, { count }) => sum + count, 0),
    }))
    .toSorted((a, b) => compareBytewise(a.currency, b.currency));
}

interface RiskParts {
  readonly period: Period;
  readonly currentGroups: readonly LedgerGroup[];
  readonly previousGroups: readonly LedgerGroup[];
  readonly burnRateMinor: number | null;
  readonly runway: DashboardReport["runway"];
  readonly today: string;
}

async function riskFacts(reader: SqlReader, books: Books, parts: RiskParts): Promise<RiskFacts> {
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
  const largest = await readLargestCounterparties(reader, { workspaceId: books.workspaceId, currency: books.currency, ...year });
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
function largestJump(books: Books, month: Month, groups: readonly LedgerGroup[]): CategoryJump | undefined {
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
