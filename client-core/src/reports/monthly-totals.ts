import type { Minor, Month } from "@saldo/schema";
import type { SqlReader } from "../store/index.ts";
import { monthsOf, monthTotals, readBooks } from "./books.ts";
import { isCompleteMonth } from "./complete-months.ts";

/** One month of the books; expenses are a positive amount. */
export interface MonthlyTotal {
  readonly month: Month;
  readonly revenueMinor: Minor;
  readonly expensesMinor: Minor;
  /** False while rows of the month may still be missing. */
  readonly complete: boolean;
}

/**
 * Revenue and expenses of every month from the first row to the last, gaps as zeros, transfers left out: what a forecast starts from.
 * The currency is chosen as for the dashboard when not given.
 */
export async function monthlyTotals(
  reader: SqlReader,
  { workspaceId, currency, today }: { readonly workspaceId: string; readonly currency?: string; readonly today: string },
): Promise<{ readonly currency: string; readonly months: readonly MonthlyTotal[] }> {
  const books = await readBooks(reader, workspaceId, currency);
  const dataThrough = books.range?.last ?? today;
  const months = monthsOf(books).map((month) => ({ month, ...monthTotals(books, month), complete: isCompleteMonth(month, { dataThrough, today }) }));
  return { currency: books.currency, months };
}
