import type { Minor, Month, Row } from "@saldo/schema";
import type { RecurringRow } from "../../recurring/index.ts";

/** Money of one complete month; expenses by category as positive amounts, null for those without one. */
export interface BusinessMonth {
  readonly month: Month;
  readonly revenueMinor: Minor;
  readonly expensesMinor: ReadonlyMap<string | null, Minor>;
}

/** A business to forecast: all amounts in one currency. */
export interface BusinessRequest {
  readonly currency: string;
  /** 1 to 18. */
  readonly horizonMonths: number;
  /** Complete months, oldest first, gaps included. */
  readonly months: readonly BusinessMonth[];
  readonly categories: ReadonlyMap<string, { readonly name: string; readonly slot: number }>;
  /** Rows in which recurring payments are looked for; later ones than the last complete month are left out. */
  readonly rows: readonly RecurringRow[];
  readonly planned: readonly Row<"planned_item">[];
  /** Cash at the end of the last complete month; null when no balance is known. */
  readonly cash: { readonly openingMinor: Minor; readonly unknownAccounts: number } | null;
}

/** How far a forecast is: series done of all. */
export interface ForecastProgress {
  readonly done: number;
  readonly total: number;
}

/** What is known in advance of one component: amounts are positive minor units. */
export interface KnownPart {
  /** Amounts of known payments in each month of the history, which the rest is forecast without. */
  readonly takenOut: readonly number[];
  /** Known amounts of each month ahead, and the variance of what becomes of them. */
  readonly ahead: readonly number[];
  readonly variance: readonly number[];
}
