import type { PastForecast } from "../backtest.ts";
import type { Prediction } from "../forecast-model.ts";
import type { PredictedPart } from "./component-forecast.ts";
import { shrunkCorrelation } from "./correlation.ts";

/**
 * How wide profit is over what the correlations of all parts make of it. Many parts are shrunk towards none by one amount, so a strong bond between revenue and expenses,
 * which is what profit rests on, is lost among the weak ones; the errors of revenue and of all expenses are a pair of their own, shrunk by what that pair shows.
 */
export function profitWidth(parts: readonly PredictedPart[], correlation: readonly (readonly number[])[], signOf: (part: PredictedPart) => 1 | -1): number {
  const sides = ([1, -1] as const).map((sign) => parts.map((part) => (signOf(part) === sign ? 1 : 0)));
  const predictions = parts.map(({ prediction }) => prediction);
  const [revenue, expenses, profit] = [...sides, parts.map(signOf)].map((weights) => weighted(predictions, weights, correlation).standardDeviation);
  const bond = shrunkCorrelation(sides.map((weights) => errorsOf(predictions, weights)))[0]?.[1] ?? 0;
  const ratios = (profit ?? []).flatMap((among, step) => {
    const [came, went] = [revenue?.[step] ?? 0, expenses?.[step] ?? 0];
    const ratio = Math.sqrt(Math.max(0, came * came + went * went - 2 * bond * came * went)) / among;
    return Number.isFinite(ratio) && ratio > 0 ? [ratio] : [];
  });
  return ratios.length === 0 ? 1 : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

/** One-step errors of a weighted sum, in money. */
function errorsOf(predictions: readonly Prediction[], weights: readonly number[]): number[] {
  const count = Math.min(...predictions.map(({ standardisedErrors }) => standardisedErrors.length));
  return Array.from({ length: count }, (_, at) => predictions.reduce((sum, { standardisedErrors, standardDeviation }, i) => sum + (weights[i] ?? 0) * (standardDeviation[0] ?? 0) * (standardisedErrors[at] ?? 0), 0));
}

/** A weighted sum of components: its history and what it would have been predicted as. */
export interface Combined {
  readonly history: readonly number[];
  readonly past: readonly PastForecast[];
}

/** Sums components by weights (0 leaves one out), at every origin all of them were predicted from. Variances add by the correlations; deviations are `width` times that. */
export function combined(parts: readonly PredictedPart[], correlation: readonly (readonly number[])[], weightOf: (part: PredictedPart) => number, width = 1): Combined {
  const weights = parts.map(weightOf);
  const history = (parts[0]?.component.history ?? []).map((_, at) => parts.reduce((sum, part, i) => sum + (weights[i] ?? 0) * (part.component.history[at] ?? 0), 0));
  const byOrigin = parts.map((part) => new Map(part.past.map((made) => [made.pointsKnown, made.prediction])));
  const past = (parts[0]?.past ?? []).flatMap(({ pointsKnown }): PastForecast[] => {
    const made = byOrigin.flatMap((origins) => origins.get(pointsKnown) ?? []);
    return made.length === parts.length ? [{ pointsKnown, prediction: widened(weighted(made, weights, correlation), width) }] : [];
  });
  return { history, past };
}

function widened(prediction: Prediction, width: number): Prediction {
  return { ...prediction, standardDeviation: prediction.standardDeviation.map((value) => value * width) };
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
