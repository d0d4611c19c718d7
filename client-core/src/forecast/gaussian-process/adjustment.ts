import { courseOf, covarianceOf, type Kernel } from "./kernels.ts";
import { regress } from "./regression.ts";
import { predicted, predictorsOf } from "./whitening.ts";

/** Values further off than this many standard deviations from what the others say of them are outliers and brought to it. */
const outlierDeviations = 2;
/** Outliers hide each other. */
const rounds = 3;
/** An effect shows from twice its standard error on; a larger one is drawn towards zero the less the larger it is (positive-part James–Stein). */
const effectSquaredMin = 4;

/** A series as methods should see it. */
export interface Adjusted {
  /** Without outliers and the effect of the calendar. */
  readonly values: readonly number[];
  /** What one unit of the calendar adds. */
  readonly calendarEffect: number;
}

/**
 * Takes outliers and, given a calendar (one number for each value), its effect out of a series that follows a kernel. A value is judged by all the others, so a level that
 * stays where it went is none (Huber's function of the leave-one-out residuals, see Rasmussen & Williams 2006, §5.4.2).
 */
export function adjust(values: readonly number[], kernel: Kernel, period: number, calendar?: Float64Array): Adjusted {
  const count = values.length;
  const covariance = covarianceOf(kernel, period, count);
  const course = courseOf(kernel, count);
  const regressors = calendar === undefined ? course : [...course, { column: calendar, priorDeviation: Infinity }];
  const kept = Float64Array.from(values);
  let calendarEffect = 0;
  for (let round = 0; round < rounds; round += 1) {
    const fit = regress(kept, covariance, regressors);
    if (fit === undefined) break;
    const [level = 0, slope = 0, effect = 0] = fit.coefficients;
    const errorSquared = fit.noise * (fit.variances[course.length] ?? 0);
    calendarEffect = calendar === undefined ? 0 : effect * Math.max(0, 1 - (effectSquaredMin * errorSquared) / effect ** 2);
    const rest = kept.map((value, at) => value - level - slope * (course[1]?.column[at] ?? 0) - calendarEffect * (calendar?.[at] ?? 0));
    bringOutliersIn(kept, rest, covariance);
  }
  return { values: Array.from(kept, (value, at) => value - calendarEffect * (calendar?.[at] ?? 0)), calendarEffect };
}

/** Moves values whose rest is an outlier, in place. */
function bringOutliersIn(values: Float64Array, rest: Float64Array, covariance: Float64Array): void {
  const count = rest.length;
  const precision = new Float64Array(count);
  const weighted = new Float64Array(count);
  // The inverse of the covariance matrix is the sum of squares of the predictors' errors.
  predictorsOf(covariance, count, (predictor) => {
    const { order, weights, variance } = predictor;
    const error = ((rest[order] ?? 0) - predicted(predictor, rest)) / variance;
    weighted[order] = (weighted[order] ?? 0) + error;
    precision[order] = (precision[order] ?? 0) + 1 / variance;
    for (let back = 0; back < order; back += 1) {
      const weight = weights[back] ?? 0;
      const at = order - 1 - back;
      weighted[at] = (weighted[at] ?? 0) - weight * error;
      precision[at] = (precision[at] ?? 0) + (weight * weight) / variance;
    }
  });
  const noise = rest.reduce((sum, value, at) => sum + value * (weighted[at] ?? 0), 0) / (count - 1);
  for (let at = 0; at < count; at += 1) {
    const left = (weighted[at] ?? 0) / (precision[at] ?? 1);
    const allowed = outlierDeviations * Math.sqrt(noise / (precision[at] ?? 1));
    values[at] = (values[at] ?? 0) - Math.sign(left) * Math.max(0, Math.abs(left) - allowed);
  }
}
