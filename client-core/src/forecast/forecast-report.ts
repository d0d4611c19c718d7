import type { ForecastReport } from "@saldo/schema";
import type { Backtest } from "./backtest.ts";
import { forecastLedger, type LedgerForecastRequest } from "./ledger-forecast.ts";

/** The forecast of a business in the form that is stored and shown; throws as {@link forecastLedger} does. */
export function buildForecastReport(request: LedgerForecastRequest): ForecastReport {
  const { currency, horizonMonths } = request;
  const forecast = forecastLedger(request);
  if (!forecast.ok) {
    const { monthsHave, monthsNeed } = forecast;
    return { version: 1, outcome: "not_enough_data", currency, monthsHave, monthsNeed };
  }
  const { historyTo, model, points, backtest } = forecast.result;
  return {
    version: 1,
    outcome: "ok",
    currency,
    asOfMonth: historyTo,
    horizonMonths,
    model: { revenue: model.revenue.name, expenses: model.expenses.name, net: "revenue - expenses" },
    points: points.map((point) => ({ ...point })),
    backtest: {
      revenue: storedBacktest(backtest.revenue),
      expenses: storedBacktest(backtest.expenses),
      net: storedBacktest(backtest.net),
    },
  };
}

function storedBacktest(backtest: Backtest | null) {
  if (backtest === null) return null;
  const { origins, total, sMapePercent, coverage80 } = backtest;
  return {
    origins,
    totalAccuracyBasisPoints: total.accuracyPercent === null ? null : Math.round(total.accuracyPercent * 100),
    smapeBasisPoints: Math.round(sMapePercent * 100),
    coverage80BasisPoints: Math.round(coverage80 * 10_000),
  };
}
