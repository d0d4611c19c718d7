import { firstDay, lastDay, minor, type DashboardReport, type Minor, type Month } from "@saldo/schema";
import { monthsOf, monthTotals, type Books } from "./books.ts";
import { isCompleteMonth } from "./complete-months.ts";

/** Complete months the burn rate is the mean of. */
const burnMonthsMax = 3;
/** A runway is not told beyond a hundred years. */
const runwayTenthsMax = 12_000n;

/** The last complete months of the books, oldest first; months without rows between others are among them. */
export function lastCompleteMonths(books: Books, today: string, count: number): Month[] {
  const { range } = books;
  if (range === null) return [];
  const complete = monthsOf(books).filter((month) => isCompleteMonth(month, { dataThrough: range.last, today }));
  return complete.slice(-count);
}

/** The months a burn rate is the mean of, and what went out in them beyond what came in. */
export type BurnMonths = NonNullable<DashboardReport["burnOf"]>;

/** The last three complete months of the books (fewer when there are fewer), whatever period the report is of. Null without one. */
export function burnMonths(books: Books, today: string): BurnMonths | null {
  const months = lastCompleteMonths(books, today, burnMonthsMax);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return null;
  const outflowMinor = months.map((month) => monthTotals(books, month)).reduce((sum, { revenueMinor, expensesMinor }) => minor(sum + expensesMinor - revenueMinor), minor(0));
  return { from: firstDay(first), to: lastDay(last), months: months.length, outflowMinor };
}

/** What goes out in a month beyond what comes in: positive when money goes out, rounded to a whole minor unit, half away from zero. */
export function burnRate(of: BurnMonths | null): Minor | null {
  return of === null ? null : minor(Math.sign(of.outflowMinor) * Math.round(Math.abs(of.outflowMinor) / of.months));
}

/**
 * How long known cash lasts at the burn rate. `no_burn` when money does not go out or no month is complete yet; a debt instead of cash
 * lasts for 0 months. Tenths are rounded down.
 */
export function runwayOf(burnRateMinor: Minor | null, cash: DashboardReport["cash"]): DashboardReport["runway"] {
  if (burnRateMinor !== null && burnRateMinor <= 0) return { kind: "no_burn" };
  if (cash === null) return { kind: "unknown_balance" };
  if (burnRateMinor === null) return { kind: "no_burn" };
  if (cash.totalMinor <= 0) return { kind: "months", tenths: 0 };
  const tenths = (BigInt(cash.totalMinor) * 10n) / BigInt(burnRateMinor);
  return { kind: "months", tenths: Number(tenths < runwayTenthsMax ? tenths : runwayTenthsMax) };
}

