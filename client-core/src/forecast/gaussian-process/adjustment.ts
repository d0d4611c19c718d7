import { courseColumns, coursePriors, covarianceOf, type Kernel } from "./kernels.ts";
import { regress, whiten } from "./regression.ts";
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
  const course = courseColumns(count);
  const priors = calendar === undefined ? coursePriors(kernel) : [...coursePriors(kernel), Infinity];
  const kept = Float64Array.from(values);
  const { columns, ...first } = whiten(kept, covariance, calendar === undefined ? course : [...course, calendar]);
  const precision = precisionOf(covariance, count);
  let calendarEffect = 0;
  for (let round = 0; round < rounds; round += 1) {
    const fit = regress({ ...(round === 0 ? first : whiten(kept, covariance, [])), columns }, priors);
    if (fit === undefined) break;
    const [level = 0, slope = 0, effect = 0] = fit.coefficients;
    const errorSquared = fit.noise * (fit.variances[course.length] ?? 0);
    calendarEffect = calendar === undefined ? 0 : effect * Math.max(0, 1 - (effectSquaredMin * errorSquared) / effect ** 2);
    const rest = kept.map((value, at) => value - level - slope * (course[1]?.[at] ?? 0) - calendarEffect * (calendar?.[at] ?? 0));
    bringOutliersIn(kept, rest, covariance, precision);
  }
  return { values: Array.from(kept, (value, at) => value - calendarEffect * (calendar?.[at] ?? 0)), calendarEffect };
}

/** What each value's inverse variance is given all others: the diagonal of the inverse of the covariance matrix, which is the sum of squares of the predictors' errors. */
function precisionOf(covariance: Float64Array, count: number): Float64Array {
  const precision = new Float64Array(count);
  predictorsOf(covariance, count, ({ order, weights, variance }) => {
    precision[order] = (precision[order] ?? 0) + 1 / variance;
    for (let back = 0; back < order; back += 1) {
      const weight = weights[back] ?? 0;
      const at = order - 1 - back;
      precision[at] = (precision[at] ?? 0) + (weight * weight) / variance;
    }
  });
  return precision;
}

/** Moves values whose rest is an outlier, in place. */
function bringOutliersIn(values: Float64Array, rest: Float64Array, covariance: Float64Array, precision: Float64Array): void {
  const count = rest.length;
  const weighted = new Float64Array(count);
  predictorsOf(covariance, count, (predictor) => {
    const { order, weights, variance } = predictor;
    const error = ((rest[order] ?? 0) - predicted(predictor, rest)) / variance;
    weighted[order] = (weighted[order] ?? 0) + error;
    for (let back = 0; back < order; back += 1) {
      const at = order - 1 - back;
      weighted[at] = (weighted[at] ?? 0) - (weights[back] ?? 0) * error;
    }
  });
  const noise = rest.reduce((sum, value, at) => sum + value * (weighted[at] ?? 0), 0) / (count - 1);
  for (let at = 0; at < count; at += 1) {
    const left = (weighted[at] ?? 0) / (precision[at] ?? 1);
    const allowed = outlierDeviations * Math.sqrt(noise / (precision[at] ?? 1));
    values[at] = (values[at] ?? 0) - Math.sign(left) * Math.max(0, Math.abs(left) - allowed);
  }
}
