import { minor, type ForecastRange, type Minor } from "@saldo/schema";
import type { Prediction } from "./forecast-model.ts";
import { predictionIntervals, type Bound } from "./intervals.ts";

/** The nearest amount that money can hold. */
export function saturated(value: number): Minor {
  return minor(Math.round(Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value))));
}

/** What one step of a prediction needs for its range. */
export type StepPrediction = Pick<Prediction, "shape" | "degreesOfFreedom"> & { readonly mean: number; readonly deviation: number };

/** The range of one step in money; the mean is whole already. */
export function moneyRange({ shape, degreesOfFreedom, mean, deviation }: StepPrediction, bound: Bound): ForecastRange {
  const steps = predictionIntervals({ shape, degreesOfFreedom, mean: [mean], standardDeviation: [deviation], standardisedErrors: [] }, bound);
  const [lo80, hi80, lo95, hi95] = [steps.lo80, steps.hi80, steps.lo95, steps.hi95].map(([value = mean]) => saturated(value));
  return { mean, lo80: Math.min(mean, lo80 ?? mean), hi80: Math.max(mean, hi80 ?? mean), lo95: Math.min(mean, lo95 ?? mean), hi95: Math.max(mean, hi95 ?? mean) };
}
