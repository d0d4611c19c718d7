import type { FittedModel, ForecastModel } from "./forecast-model.ts";
import { minimiseBounded } from "./optimise.ts";
import { isSeasonal, seasonEffects } from "./season.ts";
import { straightLine } from "./straight-line.ts";

/**
 * The Theta method of Assimakopoulos & Nikolopoulos (2000), which won the M3 competition, in the form of Hyndman & Billah (2003): simple
 * exponential smoothing with half the slope of the whole history as drift, on values adjusted by an additive season where one shows.
 */
export const theta: ForecastModel = {
  id: "theta",
  fit(values, period) {
    const seasonal = isSeasonal(values, period);
    const { adjusted } = adjust(values, period, seasonal);
    const { point } = minimiseBounded(([alpha = 0.5]) => smooth(adjusted, alpha).squaredErrors, { start: [0.5], lower: [alphaMin], upper: [1 - alphaMin] });
    return fittedFrom(point[0] ?? 0.5, seasonal, values, period);
  },
};

const alphaMin = 0.01;

function adjust(values: readonly number[], period: number, seasonal: boolean): { adjusted: number[]; season: readonly number[] } {
  const season = seasonal ? seasonEffects(values, period, "A") : [];
  return { adjusted: values.map((value, index) => value - (season[index % Math.max(1, season.length)] ?? 0)), season };
}

/** Simple exponential smoothing from the first value; `errors` gets each one-step error, the first being 0. */
function smooth(values: readonly number[], alpha: number, errors?: number[]): { level: number; squaredErrors: number } {
  let level = values[0] ?? 0;
  let squaredErrors = 0;
  for (let index = 0; index < values.length; index += 1) {
    const error = (values[index] ?? 0) - level;
    if (errors !== undefined) errors[index] = error;
    squaredErrors += error * error;
    level += alpha * error;
  }
  return { level, squaredErrors };
}

function fittedFrom(alpha: number, seasonal: boolean, values: readonly number[], period: number): FittedModel {
  const count = values.length;
  const { adjusted, season } = adjust(values, period, seasonal);
  const errors: number[] = [];
  const { level, squaredErrors } = smooth(adjusted, alpha, errors);
  const drift = straightLine(adjusted).slope / 2;
  const estimated = 3 + (seasonal ? period - 1 : 0);
  const degreesOfFreedom = Math.max(1, count - estimated);
  const deviation = Math.sqrt(squaredErrors / degreesOfFreedom);
  const reached = (1 - (1 - alpha) ** count) / alpha;
  return {
    name: seasonal ? "Theta, seasonal" : "Theta",
    parameters: { alpha, drift },
    aicc: Infinity,
    degreesOfFreedom,
    standardisedErrors: errors.map((error) => (deviation === 0 ? 0 : error / deviation)),
    predict: (horizon) => ({
      mean: Array.from({ length: horizon }, (_, step) => level + drift * (step + reached) + (season[(count + step) % Math.max(1, season.length)] ?? 0)),
      standardDeviation: Array.from({ length: horizon }, (_, step) => deviation * Math.sqrt(1 + step * alpha * alpha)),
    }),
    withValues: (other) => fittedFrom(alpha, seasonal, other, period),
  };
}
