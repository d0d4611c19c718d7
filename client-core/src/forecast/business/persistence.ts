import type { PastForecast } from "../backtest.ts";

/** What is taken for granted before a business has shown it, and how many origins it counts for. */
const usual = 0.4;
const priorOrigins = 18;
const persistenceMax = 0.95;

/**
 * How much the error of a forecast in one month goes with that in another, 0–1: the mean product of standardised errors of pairs of steps from one
 * origin over their mean square, drawn towards what is usual since one series shows few of them.
 */
export function persistenceOf(past: readonly PastForecast[], history: readonly number[]): number {
  let products = 0;
  let pairs = 0;
  let squares = 0;
  let count = 0;
  let origins = 0;
  for (const { pointsKnown, prediction } of past) {
    const errors = prediction.mean.flatMap((mean, step) => {
      const error = ((history[pointsKnown + step] ?? mean) - mean) / (prediction.standardDeviation[step] ?? 0);
      return Number.isFinite(error) ? [error] : [];
    });
    if (errors.length < 2) continue;
    origins += 1;
    const sum = errors.reduce((total, error) => total + error, 0);
    const square = errors.reduce((total, error) => total + error * error, 0);
    products += (sum * sum - square) / 2;
    pairs += (errors.length * (errors.length - 1)) / 2;
    squares += square;
    count += errors.length;
  }
  if (pairs === 0 || squares === 0) return usual;
  const shown = Math.max(0, Math.min(persistenceMax, products / pairs / (squares / count)));
  return (origins * shown + priorOrigins * usual) / (origins + priorOrigins);
}
