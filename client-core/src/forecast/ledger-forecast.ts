import { addMonths, minor, monthRange, type Minor, type Month } from "@saldo/schema";
import { historyPointsMin, scoreBacktest, type Backtest } from "./backtest.ts";
import type { Prediction } from "./forecast-model.ts";
import { predictDifference, predictionIntervals, withinBound, type ForecastSteps } from "./intervals.ts";
import { historyPointsMax, predictSeries, type ChosenModel, type PredictedSeries } from "./series-forecast.ts";

/** What came in and went out in one month; expenses are a positive amount. */
export interface LedgerMonth {
  readonly month: Month;
  readonly revenueMinor: Minor;
  readonly expensesMinor: Minor;
}

/** A business to forecast: all amounts in one currency. */
export interface LedgerForecastRequest {
  /** Months that have rows, in any order, each at most once. */
  readonly months: readonly LedgerMonth[];
  readonly currency: string;
  /** 1 to 18. */
  readonly horizonMonths: number;
  /** The last month that is complete: later ones are left out of the history. */
  readonly asOfMonth: Month;
}

/** An amount ahead with its 80% and 95% prediction intervals, minor units; lo95 ≤ lo80 ≤ mean ≤ hi80 ≤ hi95. */
export interface ForecastAmount {
  readonly mean: Minor;
  readonly lo80: Minor;
  readonly hi80: Minor;
  readonly lo95: Minor;
  readonly hi95: Minor;
}

/** One month ahead; the mean of net is revenue less expenses exactly. */
export interface ForecastMonth {
  readonly month: Month;
  readonly revenue: ForecastAmount;
  readonly expenses: ForecastAmount;
  readonly net: ForecastAmount;
}

/** A forecast of a business, with the error the same method made on its past (amounts there in minor units). */
export interface LedgerForecast {
  readonly currency: string;
  readonly historyFrom: Month;
  /** The last complete month with rows; the forecast starts after it. */
  readonly historyTo: Month;
  /** Months with rows that were used. */
  readonly monthsHave: number;
  /** Months without any row between them, counted as zero. */
  readonly monthsEmpty: number;
  /** Complete months after `historyTo`, up to `asOfMonth`, with no rows at all: the data may be out of date. */
  readonly monthsStale: number;
  readonly model: { readonly revenue: ChosenModel; readonly expenses: ChosenModel };
  readonly points: readonly ForecastMonth[];
  readonly backtest: { readonly revenue: Backtest | null; readonly expenses: Backtest | null; readonly net: Backtest | null };
}

/** A forecast, or how many complete months are there and how many are needed. */
export type LedgerForecastOutcome =
  | { readonly ok: true; readonly result: LedgerForecast }
  | { readonly ok: false; readonly code: "not_enough_data"; readonly monthsHave: number; readonly monthsNeed: number };

const monthsInSeason = 12;

/**
 * Forecasts revenue, expenses and net by month. Deterministic and pure. Throws `RangeError` on a malformed or repeated month or
 * a horizon out of range.
 */
export function forecastLedger(request: LedgerForecastRequest): LedgerForecastOutcome {
  const history = completeMonths(request);
  const historyFrom = history[0]?.month;
  const historyTo = history.at(-1)?.month;
  if (historyFrom === undefined || historyTo === undefined || history.length < historyPointsMin) return notEnough(history.length);
  const series = filledSeries(history, historyFrom, historyTo);
  const options = { period: monthsInSeason, horizon: request.horizonMonths };
  const revenue = predictSeries(series.revenue, options);
  const expenses = predictSeries(series.expenses, options);
  if (!revenue.ok || !expenses.ok) return notEnough(history.length);
  return {
    ok: true,
    result: {
      currency: request.currency,
      historyFrom,
      historyTo,
      monthsHave: history.length,
      monthsEmpty: series.revenue.length - history.length,
      monthsStale: monthRange(addMonths(historyTo, 1), request.asOfMonth).length,
      model: { revenue: revenue.model, expenses: expenses.model },
      points: forecastMonths(revenue, expenses, historyTo),
      backtest: {
        revenue: scoreBacktest(revenue.used, revenue.past, revenue.bound),
        expenses: scoreBacktest(expenses.used, expenses.past, expenses.bound),
        net: netBacktest(revenue, expenses),
      },
    },
  };
}

/** Months with rows up to the last complete one, in order, within the longest history. */
function completeMonths({ months, asOfMonth }: LedgerForecastRequest): LedgerMonth[] {
  for (const month of [asOfMonth, ...months.map((entry) => entry.month)]) {
    if (addMonths(month, 0) !== month) throw new RangeError("a month is not YYYY-MM");
  }
  if (new Set(months.map((entry) => entry.month)).size < months.length) throw new RangeError("a month is given twice");
  const complete = months.filter((entry) => entry.month <= asOfMonth).toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const oldest = addMonths(complete.at(-1)?.month ?? asOfMonth, 1 - historyPointsMax);
  return complete.filter((entry) => entry.month >= oldest);
}

function filledSeries(history: readonly LedgerMonth[], from: Month, to: Month): { revenue: number[]; expenses: number[] } {
  const byMonth = new Map(history.map((entry) => [entry.month, entry]));
  const range = monthRange(from, to);
  return {
    revenue: range.map((month) => byMonth.get(month)?.revenueMinor ?? 0),
    expenses: range.map((month) => byMonth.get(month)?.expensesMinor ?? 0),
  };
}

function forecastMonths(revenue: PredictedSeries, expenses: PredictedSeries, historyTo: Month): ForecastMonth[] {
  const inflow = predictionIntervals(revenue.prediction, revenue.bound);
  const outflow = predictionIntervals(expenses.prediction, expenses.bound);
  const net = predictionIntervals(netPrediction(revenue, expenses, revenue.prediction, expenses.prediction), "none");
  return inflow.mean.map((_, step) => {
    const revenueAhead = amountAt(inflow, step);
    const expensesAhead = amountAt(outflow, step);
    // The whole amounts shown must subtract exactly: the net interval moves by what rounding moved its mean.
    const netMean = saturated(revenueAhead.mean - expensesAhead.mean);
    const netAhead = { ...amountAt(net, step, netMean - (net.mean[step] ?? 0)), mean: netMean };
    return { month: addMonths(historyTo, step + 1), revenue: revenueAhead, expenses: expensesAhead, net: netAhead };
  });
}

/** Net of two predictions whose means are cut at their bounds as shown. */
function netPrediction(revenue: PredictedSeries, expenses: PredictedSeries, inflow: Prediction, outflow: Prediction): Prediction {
  return predictDifference(
    { ...inflow, mean: inflow.mean.map((value) => withinBound(value, revenue.bound)) },
    { ...outflow, mean: outflow.mean.map((value) => withinBound(value, expenses.bound)) },
  );
}

function netBacktest(revenue: PredictedSeries, expenses: PredictedSeries): Backtest | null {
  const outflowAt = new Map(expenses.past.map((made) => [made.pointsKnown, made.prediction]));
  const past = revenue.past.flatMap(({ pointsKnown, prediction }) => {
    const outflow = outflowAt.get(pointsKnown);
    return outflow === undefined ? [] : [{ pointsKnown, prediction: netPrediction(revenue, expenses, prediction, outflow) }];
  });
  const net = revenue.used.map((value, index) => value - (expenses.used[index] ?? 0));
  return scoreBacktest(net, past, "none");
}

function amountAt(steps: ForecastSteps, step: number, shift = 0): ForecastAmount {
  const amount = (values: readonly number[]) => saturated((values[step] ?? 0) + shift);
  return { mean: amount(steps.mean), lo80: amount(steps.lo80), hi80: amount(steps.hi80), lo95: amount(steps.lo95), hi95: amount(steps.hi95) };
}

/** The nearest amount that money can hold. */
function saturated(value: number): Minor {
  return minor(Math.round(Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value))));
}

function notEnough(monthsHave: number): LedgerForecastOutcome {
  return { ok: false, code: "not_enough_data", monthsHave, monthsNeed: historyPointsMin };
}
