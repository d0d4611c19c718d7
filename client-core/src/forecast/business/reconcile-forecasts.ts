import type { PastForecast } from "../backtest.ts";
import type { Prediction } from "../forecast-model.ts";
import type { PredictedComponent, PredictedPart } from "./component-forecast.ts";
import { shrunkCorrelation } from "./correlation.ts";
import { reconciledParts } from "./reconcile.ts";

/** How categories and the forecast of all expenses are brought in line: not at all, by their errors, or the total rules. */
export type Reconciliation = "bottom_up" | "min_trace" | "top_down";

/** The parts with means, now and at each past origin, that agree with the total. */
export function reconcileWithTotal(parts: readonly PredictedPart[], whole: PredictedComponent, how: Exclude<Reconciliation, "bottom_up">): PredictedPart[] {
  const correlation = shrunkCorrelation([...parts, whole].map(({ prediction }) => prediction.standardisedErrors));
  const agree = (predictions: readonly Prediction[], total: Prediction) => (how === "top_down" ? scaledTo(predictions, total) : agreed(predictions, total, correlation));
  const now = agree(parts.map(({ prediction }) => prediction), whole.prediction);
  const thenOf = (pointsKnown: number): readonly Prediction[] | undefined => {
    const total = whole.past.find((made) => made.pointsKnown === pointsKnown);
    const made = parts.flatMap(({ past }) => past.find((each) => each.pointsKnown === pointsKnown)?.prediction ?? []);
    return total === undefined || made.length < parts.length ? undefined : agree(made, total.prediction);
  };
  const then = new Map(whole.past.map(({ pointsKnown }) => [pointsKnown, thenOf(pointsKnown)]));
  return parts.map((part, index) => ({
    ...part,
    prediction: now[index] ?? part.prediction,
    past: part.past.map((made): PastForecast => ({ ...made, prediction: then.get(made.pointsKnown)?.[index] ?? made.prediction })),
  }));
}

function agreed(predictions: readonly Prediction[], total: Prediction, correlation: readonly (readonly number[])[]): Prediction[] {
  const steps = total.mean.map((mean, step) =>
    reconciledParts({
      parts: predictions.map((prediction) => Math.max(0, prediction.mean[step] ?? 0)),
      total: Math.max(0, mean),
      partDeviations: predictions.map((prediction) => prediction.standardDeviation[step] ?? 0),
      totalDeviation: total.standardDeviation[step] ?? 0,
      correlation,
    }),
  );
  return predictions.map((prediction, part) => ({ ...prediction, mean: steps.map((row) => row[part] ?? 0) }));
}

function scaledTo(predictions: readonly Prediction[], total: Prediction): Prediction[] {
  const factors = total.mean.map((mean, step) => {
    const sum = predictions.reduce((all, prediction) => all + Math.max(0, prediction.mean[step] ?? 0), 0);
    return sum > 0 ? Math.max(0, mean) / sum : 1;
  });
  return predictions.map((prediction) => ({ ...prediction, mean: prediction.mean.map((mean, step) => Math.max(0, mean) * (factors[step] ?? 1)) }));
}
