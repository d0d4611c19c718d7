import type { PredictiveShape, Prediction } from "./forecast-model.ts";

/** Central prediction intervals of each step at 80% and 95%; at every step lo95 ≤ lo80 ≤ mean ≤ hi80 ≤ hi95. */
export interface ForecastSteps {
  readonly mean: readonly number[];
  readonly lo80: readonly number[];
  readonly hi80: readonly number[];
  readonly lo95: readonly number[];
  readonly hi95: readonly number[];
}

/** What is known of a quantity besides its history: one that keeps its sign is cut off at zero. */
export type Bound = "none" | "atLeastZero" | "atMostZero";

const normal80 = 1.2815515655446004;
const normal95 = 1.959963984540054;

/**
 * Intervals mean ± t·sd with Student's t of the prediction's degrees of freedom, so that a short history gives wider ones; a skewed
 * prediction's ends are half-way between these and mean·exp(± t·sd/|mean|). A bound cuts mean and both ends alike.
 */
export function predictionIntervals(prediction: Prediction, bound: Bound): ForecastSteps {
  const cut = (value: number) => withinBound(value, bound);
  const factor80 = studentQuantile("80", prediction.degreesOfFreedom);
  const factor95 = studentQuantile("95", prediction.degreesOfFreedom);
  const ends = (factor: number) => prediction.mean.map((mean, step) => cut(endOf(prediction.shape, mean, factor * (prediction.standardDeviation[step] ?? 0))));
  return { mean: prediction.mean.map(cut), lo80: ends(-factor80), hi80: ends(factor80), lo95: ends(-factor95), hi95: ends(factor95) };
}

/** Most that an end in logarithms differs from the median, as a power of e. */
const logReachMax = 20;

/** One end of an interval, `reach` away from the mean. */
export function endOf(shape: PredictiveShape, mean: number, reach: number): number {
  if (shape === "normal" || mean === 0) return mean + reach;
  // Below zero the prediction is mirrored: its lower end is the larger magnitude.
  const relative = Math.max(-logReachMax, Math.min(logReachMax, reach / mean));
  return (mean + reach + mean * Math.exp(relative)) / 2;
}

/** A value cut off at the bound. */
export function withinBound(value: number, bound: Bound): number {
  if (bound === "atLeastZero") return Math.max(0, value);
  return bound === "atMostZero" ? Math.min(0, value) : value;
}

/**
 * Half width, in standard deviations, of the central 80% or 95% of Student's t. Closed forms for 1 and 2 degrees of freedom,
 * else {@link studentFromNormal}, within 0.5% of the exact value.
 */
export function studentQuantile(level: "80" | "95", degreesOfFreedom: number): number {
  const upper = level === "80" ? 0.9 : 0.975;
  if (degreesOfFreedom <= 1) return Math.tan(Math.PI * (upper - 0.5));
  if (degreesOfFreedom <= 2) return (2 * upper - 1) / Math.sqrt(2 * upper * (1 - upper));
  return studentFromNormal(level === "80" ? normal80 : normal95, degreesOfFreedom);
}

/** The quantile of Student's t at the probability of a standard normal quantile: the Cornish-Fisher series in 1/ν (Abramowitz & Stegun 26.7.5). */
export function studentFromNormal(z: number, nu: number): number {
  const z3 = z ** 3;
  const z5 = z ** 5;
  const z7 = z ** 7;
  const z9 = z ** 9;
  return (
    z +
    (z3 + z) / (4 * nu) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * nu ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * nu ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * nu ** 4)
  );
}
