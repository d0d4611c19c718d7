import { addMonths, type BusinessForecast, type ForecastComponent, type Month } from "@saldo/schema";

/** What totals, cash and scenarios are computed from: the parts and how their errors go together. */
export type OutlookBasis = Pick<
  BusinessForecast,
  "asOfMonth" | "horizonMonths" | "components" | "correlationPermille" | "persistencePermille" | "widthPermille" | "cash"
>;

/** Revenue counts for profit, expenses against it. */
export function profitSign({ kind }: Pick<ForecastComponent, "kind">): 1 | -1 {
  return kind === "revenue" ? 1 : -1;
}

/** The months a forecast is of. */
export function monthsAhead({ asOfMonth, horizonMonths }: Pick<OutlookBasis, "asOfMonth" | "horizonMonths">): Month[] {
  return Array.from({ length: horizonMonths }, (_, step) => addMonths(asOfMonth, step + 1));
}
