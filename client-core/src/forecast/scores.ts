/** Scores of forecasts against what came, as the M competitions define them. Percentages are on their usual scale (5 = 5%). */

/** A step's interval. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** Symmetric mean absolute percentage error, 0–200: mean of 200·|y−f| / (|y|+|f|), a step with both zero counting 0. */
export function sMapePercent(actual: readonly number[], forecast: readonly number[]): number {
  return mean(
    actual.map((value, step) => {
      const other = forecast[step] ?? 0;
      const size = Math.abs(value) + Math.abs(other);
      return size === 0 ? 0 : (200 * Math.abs(value - other)) / size;
    }),
  );
}

/** In-sample mean absolute error of the seasonal naive forecast: the scale of MASE and MSIS (Hyndman & Koehler 2006). */
export function seasonalNaiveScale(train: readonly number[], period: number): number {
  return mean(train.slice(period).map((value, index) => Math.abs(value - (train[index] ?? 0))));
}

/** Mean absolute error divided by `scale`. */
export function scaledError(actual: readonly number[], forecast: readonly number[], scale: number): number {
  return mean(actual.map((value, step) => Math.abs(value - (forecast[step] ?? 0)))) / scale;
}

/** Share of actual values inside their interval, 0–1. */
export function coverage(actual: readonly number[], intervals: readonly Interval[]): number {
  return mean(actual.map((value, step) => (isInside(value, intervals[step]) ? 1 : 0)));
}

/** Mean scaled interval score (Gneiting & Raftery 2007): width, plus 2/alpha of each miss, divided by `scale`; alpha is 0.05 for 95%. */
export function scaledIntervalScore(actual: readonly number[], intervals: readonly Interval[], alpha: number, scale: number): number {
  const scores = actual.map((value, step) => {
    const { lo, hi } = intervals[step] ?? { lo: -Infinity, hi: Infinity };
    return hi - lo + (2 / alpha) * (Math.max(0, lo - value) + Math.max(0, value - hi));
  });
  return mean(scores) / scale;
}

/** Accuracy of a period's total in percent: 100·(1 − |Σy − Σf| / |Σy|), not below 0; `undefined` when Σy is 0. */
export function totalAccuracyPercent(actual: readonly number[], forecast: readonly number[]): number | undefined {
  const came = sum(actual);
  if (came === 0) return undefined;
  return Math.max(0, 100 * (1 - Math.abs(came - sum(forecast)) / Math.abs(came)));
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function isInside(value: number, interval: Interval | undefined): boolean {
  return interval !== undefined && value >= interval.lo && value <= interval.hi;
}
