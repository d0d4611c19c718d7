import { firstDay, lastDay } from "@saldo/schema";
import type { ForecastMeasure } from "../../charts/forecast-option.ts";
import { drillDownHref } from "../../state/transaction-query.ts";

const drillMeasures = { revenue: "revenue", expenses: "expenses", net: "profit" } as const;

/** The address of the rows of a month that is over, which add up to what came of it. */
export function monthHref(month: string, measure: ForecastMeasure, currency: string, amountMinor: number): string {
  return drillDownHref({ from: firstDay(month), to: lastDay(month), measure: drillMeasures[measure], currency, amountMinor, name: undefined });
}
