import { minor, type DashboardReport, type Minor, type Month } from "@saldo/schema";
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

/**
 * Mean of expenses less revenue over the last three complete months of the books (fewer when there are fewer), whatever period the report
 * is of: positive when money goes out, rounded to a whole minor unit. Null without a complete month.
 */
export function burnRate(books: Books, today: string): Minor | null {
  const months = lastCompleteMonths(books, today, burnMonthsMax);
  if (months.length === 0) return null;
  const net = months.map((month) => monthTotals(books, month)).reduce((sum, { revenueMinor, expensesMinor }) => minor(sum + expensesMinor - revenueMinor), minor(0));
  return minor(Math.round(net / months.length));
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

