import type { BusinessBacktest, BusinessForecast, ForecastComponent, ForecastReport, Month } from "@saldo/schema";
import { historyPointsMin, scoreBacktest, type Backtest, type PastForecast } from "../backtest.ts";
import { widthFactorOf } from "../calibration.ts";
import type { Prediction } from "../forecast-model.ts";
import { saturated } from "../money-range.ts";
import { historyPointsMax, horizonStepsMax } from "../series-forecast.ts";
import { predictComponent, type PredictedComponent, type PredictedPart } from "./component-forecast.ts";
import { componentsOf, revenueId } from "./components.ts";
import { knownPayments, type KnownPayments } from "./known-payments.ts";
import type { BusinessRequest, ForecastProgress, KnownPart } from "./model.ts";
import { profitSign, type OutlookBasis } from "./basis.ts";
import { outlookOf } from "./outlook.ts";
import { persistenceOf } from "./persistence.ts";
import { reconcileWithTotal, type Reconciliation } from "./reconcile-forecasts.ts";
import { shrunkCorrelation } from "./correlation.ts";
import { combined, profitWidth } from "./totals.ts";

/** Months of history a report shows. */
const shownMonths = 36;

/**
 * Forecasts a business: revenue and expenses by category, each with its known payments, brought in line with a forecast of all expenses; profit; cash. Too few
 * months are an outcome. Runs one series at a time and yields after each, so that the caller may show progress or stop. Deterministic and pure. Throws
 * `RangeError` on a horizon out of range.
 */
export function* forecastBusiness(request: BusinessRequest, how: Reconciliation = "min_trace"): Generator<ForecastProgress, ForecastReport> {
  const { currency, horizonMonths } = request;
  if (!Number.isInteger(horizonMonths) || horizonMonths < 1 || horizonMonths > horizonStepsMax) throw new RangeError("horizon is out of range");
  const months = request.months.slice(-historyPointsMax);
  const asOfMonth = months.at(-1)?.month;
  if (asOfMonth === undefined || months.length < historyPointsMin) {
    return { version: 2, outcome: "not_enough_data", currency, monthsHave: months.length, monthsNeed: historyPointsMin };
  }
  const firstMonth = months[0]?.month;
  const components = componentsOf({ ...request, months });
  const total = components.all.length + 1;
  yield { done: 0, total };
  const known = knownPayments({ ...request, months }, components);
  const parts: PredictedPart[] = [];
  for (const component of components.all) {
    parts.push({ component, ...predictComponent(component.history, firstMonth, horizonMonths, (count) => known.partOf(component.id, count)) });
    yield { done: parts.length, total };
  }
  const expenses = parts.filter(({ component }) => component.kind === "expense");
  const revenue = parts.filter(({ component }) => component.kind === "revenue");
  const agreed = how === "bottom_up" || expenses.length < 2 ? expenses : reconcileWithTotal(expenses, predictAll(expenses, firstMonth, horizonMonths, known), how);
  yield { done: total, total };
  return reportOf({ ...request, months }, [...revenue, ...agreed], known);
}

/** All expenses as one series. */
function predictAll(expenses: readonly PredictedPart[], firstMonth: Month | undefined, horizonMonths: number, known: KnownPayments): PredictedComponent {
  const history = sumOfRows(expenses.map(({ component }) => component.history));
  return predictComponent(history, firstMonth, horizonMonths, (count) => knownOfAll(expenses, known, count));
}

function knownOfAll(expenses: readonly PredictedPart[], known: KnownPayments, count: number): KnownPart | undefined {
  const parts = expenses.flatMap(({ component }) => known.partOf(component.id, count) ?? []);
  if (parts.length === 0) return undefined;
  return { takenOut: sumOfRows(parts.map((part) => part.takenOut)), ahead: sumOfRows(parts.map((part) => part.ahead)), variance: sumOfRows(parts.map((part) => part.variance)) };
}

function reportOf(request: BusinessRequest, parts: readonly PredictedPart[], known: KnownPayments): BusinessForecast {
  const { months, currency, horizonMonths, cash } = request;
  const correlation = shrunkCorrelation(parts.map(({ prediction }) => prediction.standardisedErrors));
  const expenses = combined(parts, correlation, (part) => (part.component.kind === "expense" ? 1 : 0));
  const bond = profitWidth(parts, correlation, (part) => profitSign(part.component));
  const net = combined(parts, correlation, (part) => profitSign(part.component), bond);
  const revenue = parts.find(({ component }) => component.id === revenueId);
  const basis: OutlookBasis = {
    asOfMonth: months.at(-1)?.month ?? "",
    horizonMonths,
    components: parts.map((part) => storedComponent(part, known, months.length)),
    correlationPermille: correlation.map((row) => row.map((value) => Math.round(value * 1_000))),
    persistencePermille: Math.round(1_000 * persistenceOf(net.past, net.history)),
    widthPermille: { expenses: Math.round(1_000 * widthFactorOf(expenses.past, expenses.history)), net: Math.round(1_000 * bond * widthFactorOf(net.past, net.history)) },
    cash,
  };
  return {
    version: 2,
    outcome: "ok",
    currency,
    monthsUsed: months.length,
    historyMonths: months.slice(-shownMonths).map(({ month }) => month),
    model: { revenue: revenue?.model ?? "", expenses: "sum of categories", net: "revenue - expenses" },
    ...basis,
    ...outlookOf(basis),
    backtest: {
      revenue: revenue === undefined ? null : storedBacktest(scoreBacktest(revenue.component.history, revenue.past, "atLeastZero")),
      expenses: storedBacktest(scoreBacktest(expenses.history, calibratedPast(expenses.past, expenses.history), "atLeastZero")),
      net: storedBacktest(scoreBacktest(net.history, calibratedPast(net.past, net.history), "none")),
    },
    known: [...known.ahead],
    plannedElsewhere: known.plannedElsewhere,
  };
}

/** Each past total as wide as what was known at its time makes it. */
function calibratedPast(past: readonly PastForecast[], history: readonly number[]): PastForecast[] {
  return past.map(({ pointsKnown, prediction }) => {
    const seen = past.flatMap((earlier) => {
      const steps = Math.min(earlier.prediction.mean.length, pointsKnown - earlier.pointsKnown);
      return steps > 0 ? [{ ...earlier, prediction: firstSteps(earlier.prediction, steps) }] : [];
    });
    const factor = widthFactorOf(seen, history);
    return { pointsKnown, prediction: { ...prediction, standardDeviation: prediction.standardDeviation.map((value) => value * factor) } };
  });
}

function firstSteps(prediction: Prediction, steps: number): Prediction {
  return { ...prediction, mean: prediction.mean.slice(0, steps), standardDeviation: prediction.standardDeviation.slice(0, steps) };
}

function storedComponent({ component, model, prediction, past }: PredictedPart, known: KnownPayments, monthsKnown: number): ForecastComponent {
  const { id, kind, categoryId, name, slot, pooled, history } = component;
  const knownAhead = known.partOf(id, monthsKnown)?.ahead ?? [];
  return {
    id,
    kind,
    categoryId,
    name,
    slot,
    pooled,
    model,
    shape: prediction.shape,
    degreesOfFreedom: prediction.degreesOfFreedom,
    history: history.slice(-shownMonths).map(saturated),
    months: prediction.mean.map((mean, step) => ({
      meanMinor: saturated(Math.max(0, mean)),
      deviationMinor: saturated(prediction.standardDeviation[step] ?? 0),
      knownMinor: saturated(knownAhead[step] ?? 0),
    })),
    backtest: storedBacktest(scoreBacktest(history, past, "atLeastZero")),
  };
}

function storedBacktest(backtest: Backtest | null): BusinessBacktest | null {
  if (backtest === null) return null;
  const { origins, total, mapePercent, sMapePercent, meanAbsoluteError, coverage80, coverage95 } = backtest;
  const points = (percent: number | null) => (percent === null ? null : Math.round(percent * 100));
  return {
    origins,
    totalMonths: total.steps,
    totalAccuracyBasisPoints: points(total.accuracyPercent),
    monthAccuracyBasisPoints: points(mapePercent === null ? null : Math.max(0, 100 - mapePercent)),
    smapeBasisPoints: Math.round(sMapePercent * 100),
    meanAbsoluteErrorMinor: saturated(meanAbsoluteError),
    coverage80BasisPoints: Math.round(coverage80 * 10_000),
    coverage95BasisPoints: Math.round(coverage95 * 10_000),
  };
}

function sumOfRows(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
}
