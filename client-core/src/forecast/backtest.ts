import { predictionOf, type ForecastModel, type Prediction } from "./forecast-model.ts";
import { predictionIntervals, type Bound } from "./intervals.ts";
import { coverage, mean, sMapePercent } from "./scores.ts";

/** What the back-test figures mean, for people; show it wherever one of its percentages is shown. */
export const backtestDefinition = {
  rolling_origin: {
    en:
      "The model was chosen and estimated on the earlier part of the history, then asked for the following months from each month on and " +
      "compared with what came. The error is the mean of |actual − forecast| / |actual|; accuracy of a total is 100% less that error " +
      "of the total of the period, not of single months.",
    ru:
      "Модель выбрана и оценена на более ранней части истории, затем с каждого следующего месяца строила прогноз, который сравнили с " +
      "фактом. Ошибка — среднее |факт − прогноз| / |факт|; точность итога — 100% минус такая ошибка итога за период, а не отдельных месяцев.",
  },
} as const;

/** Errors of forecasts made on past data only. Percentages are on their usual scale; `null` where the actual value is zero. */
export interface Backtest {
  readonly definition: keyof typeof backtestDefinition;
  /** How many times a forecast was made. */
  readonly origins: number;
  /** Longest step tested. */
  readonly steps: number;
  readonly sMapePercent: number;
  readonly mapePercent: number | null;
  /** In the unit of the series. */
  readonly meanAbsoluteError: number;
  /** Share of actual values inside the intervals, 0–1. */
  readonly coverage80: number;
  readonly coverage95: number;
  readonly byStep: readonly StepError[];
  readonly total: TotalError;
}

/** Error one, two, … steps ahead. */
export interface StepError {
  readonly step: number;
  readonly count: number;
  readonly sMapePercent: number;
  readonly meanAbsoluteError: number;
}

/** Error of the sum of `steps` consecutive steps, a mean over `count` origins; accuracy is 100 − MAPE, not below 0. */
export interface TotalError {
  readonly steps: number;
  readonly count: number;
  readonly mapePercent: number | null;
  readonly accuracyPercent: number | null;
}

/** A forecast as it would have been made after the first `pointsKnown` values. */
export interface PastForecast {
  readonly pointsKnown: number;
  readonly prediction: Prediction;
}

/** Fewest values a forecast is made from. */
export const historyPointsMin = 6;
const testedPointsMin = 12;
const testedPointsBeyondHorizon = 5;

/**
 * Forecasts from every origin of the last stretch of a series: at least 12 values, and 5 more than the horizon, as far as the history
 * allows, keeping two seasons to learn from when that leaves some to test on. Form and parameters come from the values before
 * the first origin, states from those before each: no forecast knows its future. Empty when there is nothing to spare. `valuesAt` gives
 * what was there to learn from after that many values, where that is not just the values so far.
 */
export function pastForecasts(
  model: ForecastModel,
  values: readonly number[],
  period: number,
  horizon: number,
  valuesAt = (pointsKnown: number): readonly number[] => values.slice(0, pointsKnown),
): PastForecast[] {
  const count = values.length;
  const seasons = 2 * period;
  const learn = count >= seasons + historyPointsMin ? Math.max(seasons, historyPointsMin) : historyPointsMin;
  const first = Math.max(learn, count - Math.max(testedPointsMin, horizon + testedPointsBeyondHorizon));
  if (first >= count) return [];
  const fitted = model.fit(valuesAt(first), period);
  if (fitted === undefined) return [];
  const made: PastForecast[] = [];
  for (let pointsKnown = first; pointsKnown < count; pointsKnown += 1) {
    const then = pointsKnown === first ? fitted : fitted.withValues(valuesAt(pointsKnown));
    if (then === undefined) continue;
    made.push({ pointsKnown, prediction: predictionOf(then, Math.min(horizon, count - pointsKnown)) });
  }
  return made;
}

/** Scores past forecasts against the series; `null` when there are none. */
export function scoreBacktest(values: readonly number[], made: readonly PastForecast[], bound: Bound): Backtest | null {
  const first = made[0];
  if (first === undefined) return null;
  const pairs = made.flatMap(({ pointsKnown, prediction }) => {
    const steps = predictionIntervals(prediction, bound);
    return steps.mean.map((forecast, index) => ({
      step: index + 1,
      actual: values[pointsKnown + index] ?? 0,
      forecast,
      in80: { lo: steps.lo80[index] ?? forecast, hi: steps.hi80[index] ?? forecast },
      in95: { lo: steps.lo95[index] ?? forecast, hi: steps.hi95[index] ?? forecast },
    }));
  });
  const actual = pairs.map((pair) => pair.actual);
  const forecast = pairs.map((pair) => pair.forecast);
  const steps = first.prediction.mean.length;
  return {
    definition: "rolling_origin",
    origins: made.length,
    steps,
    sMapePercent: sMapePercent(actual, forecast),
    mapePercent: mapePercent(actual, forecast),
    meanAbsoluteError: meanAbsoluteError(actual, forecast),
    coverage80: coverage(actual, pairs.map((pair) => pair.in80)),
    coverage95: coverage(actual, pairs.map((pair) => pair.in95)),
    byStep: Array.from({ length: steps }, (_, index) => stepError(index + 1, pairs.filter((pair) => pair.step === index + 1))),
    total: totalError(values, made, bound, steps),
  };
}

function stepError(step: number, pairs: readonly { actual: number; forecast: number }[]): StepError {
  const actual = pairs.map((pair) => pair.actual);
  const forecast = pairs.map((pair) => pair.forecast);
  return { step, count: pairs.length, sMapePercent: sMapePercent(actual, forecast), meanAbsoluteError: meanAbsoluteError(actual, forecast) };
}

/** Sums over the horizon, shortened to half of the tested stretch so that several origins can be summed whole. */
function totalError(values: readonly number[], made: readonly PastForecast[], bound: Bound, stepsTested: number): TotalError {
  const steps = Math.min(stepsTested, Math.ceil(made.length / 2));
  const whole = made.filter(({ prediction }) => prediction.mean.length >= steps);
  const came = whole.map(({ pointsKnown }) => sum(values.slice(pointsKnown, pointsKnown + steps)));
  const told = whole.map(({ prediction }) => sum(predictionIntervals(prediction, bound).mean.slice(0, steps)));
  const error = mapePercent(came, told);
  return { steps, count: whole.length, mapePercent: error, accuracyPercent: error === null ? null : Math.max(0, 100 - error) };
}

function mapePercent(actual: readonly number[], forecast: readonly number[]): number | null {
  if (actual.length === 0 || actual.some((value) => value === 0)) return null;
  return mean(actual.map((value, index) => (100 * Math.abs(value - (forecast[index] ?? 0))) / Math.abs(value)));
}

function meanAbsoluteError(actual: readonly number[], forecast: readonly number[]): number {
  return mean(actual.map((value, index) => Math.abs(value - (forecast[index] ?? 0))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
