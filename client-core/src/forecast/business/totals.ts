import type { PastForecast } from "../backtest.ts";
import type { Prediction } from "../forecast-model.ts";
import type { PredictedPart } from "./component-forecast.ts";

/** A weighted sum of components: its history and what it would have been predicted as. */
export interface Combined {
  readonly history: readonly number[];
  readonly past: readonly PastForecast[];
}

/** Sums components by weights (0 leaves one out), at every origin all of them were predicted from. Variances add by the correlations. */
export function combined(parts: readonly PredictedPart[], correlation: readonly (readonly number[])[], weightOf: (part: PredictedPart) => number): Combined {
  const weights = parts.map(weightOf);
  const history = (parts[0]?.component.history ?? []).map((_, at) => parts.reduce((sum, part, i) => sum + (weights[i] ?? 0) * (part.component.history[at] ?? 0), 0));
  const byOrigin = parts.map((part) => new Map(part.past.map((made) => [made.pointsKnown, made.prediction])));
  const past = (parts[0]?.past ?? []).flatMap(({ pointsKnown }): PastForecast[] => {
    const made = byOrigin.flatMap((origins) => origins.get(pointsKnown) ?? []);
    return made.length === parts.length ? [{ pointsKnown, prediction: weighted(made, weights, correlation) }] : [];
  });
  return { history, past };
}

function weighted(predictions: readonly Prediction[], weights: readonly number[], correlation: readonly (readonly number[])[]): Prediction {
  const steps = (predictions[0]?.mean ?? []).map((_, step) => step);
  return {
    shape: "normal",
    degreesOfFreedom: Math.min(...predictions.map(({ degreesOfFreedom }) => degreesOfFreedom)),
    standardisedErrors: [],
    mean: steps.map((step) => predictions.reduce((sum, { mean }, i) => sum + (weights[i] ?? 0) * Math.max(0, mean[step] ?? 0), 0)),
    standardDeviation: steps.map((step) => {
      const scaled = predictions.map(({ standardDeviation }, i) => (weights[i] ?? 0) * (standardDeviation[step] ?? 0));
      const variance = scaled.reduce((sum, a, i) => sum + scaled.reduce((inner, b, j) => inner + (correlation[i]?.[j] ?? 0) * a * b, 0), 0);
      return Math.sqrt(Math.max(0, variance));
    }),
  };
}
