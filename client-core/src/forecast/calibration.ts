import type { PastForecast } from "./backtest.ts";
import type { Prediction } from "./forecast-model.ts";

/**
 * Calibration of intervals by rolling-origin errors, after the conformal methods (Vovk, Gammerman & Shafer 2005; for series Stankevičiūtė et al.
 * 2021): widths follow the errors a method really made on this series, drawn towards what it expected, since one series shows few of them.
 */

/** As many origins as would count as much as the method's own expectation. */
const priorOrigins = 18;
/** Widths change by at most this factor. */
const factorMax = 3;
/** Errors of business series have heavier tails than the normal: those of Student's t with this many degrees of freedom at most. */
const degreesOfFreedomMax = 12;
/** Mean magnitude of a standard normal. */
const normalMeanMagnitude = Math.sqrt(2 / Math.PI);

/** An error in standard deviations, the origin it was made at and the place of the value it was about. */
interface PastScore {
  readonly origin: number;
  readonly at: number;
  readonly magnitude: number;
}

/** The prediction and the past ones with calibrated widths; each past forecast is calibrated by what was known at its origin. */
export function calibrate(prediction: Prediction, past: readonly PastForecast[], values: readonly number[]): { prediction: Prediction; past: PastForecast[] } {
  const scores = past.flatMap((made) => scoresOf(made, values));
  return {
    prediction: widened(prediction, scores),
    past: past.map(({ pointsKnown, prediction: then }) => ({
      pointsKnown,
      prediction: widened(then, scores.filter((score) => score.at < pointsKnown)),
    })),
  };
}

/** The factor the widths of a forecast change by, from all of its past. */
export function widthFactorOf(past: readonly PastForecast[], values: readonly number[]): number {
  return widthFactor(past.flatMap((made) => scoresOf(made, values)));
}

function scoresOf({ pointsKnown, prediction }: PastForecast, values: readonly number[]): PastScore[] {
  return prediction.mean.flatMap((mean, step) => {
    const deviation = prediction.standardDeviation[step] ?? 0;
    const value = values[pointsKnown + step] ?? mean;
    const inLogs = prediction.shape === "skewed" && value / mean > 0;
    const error = inLogs ? mean * Math.log(value / mean) : value - mean;
    const magnitude = Math.abs(error / deviation);
    return Number.isFinite(magnitude) ? [{ origin: pointsKnown, at: pointsKnown + step, magnitude }] : [];
  });
}

function widened(prediction: Prediction, scores: readonly PastScore[]): Prediction {
  const factor = widthFactor(scores);
  return {
    ...prediction,
    standardDeviation: prediction.standardDeviation.map((value) => value * factor),
    degreesOfFreedom: Math.min(degreesOfFreedomMax, prediction.degreesOfFreedom),
  };
}

function widthFactor(scores: readonly PastScore[]): number {
  if (scores.length === 0) return 1;
  const origins = new Set(scores.map((score) => score.origin)).size;
  const shown = scores.reduce((sum, score) => sum + score.magnitude, 0) / scores.length / normalMeanMagnitude;
  return Math.min(factorMax, Math.max(1 / factorMax, shown)) ** (origins / (origins + priorOrigins));
}
