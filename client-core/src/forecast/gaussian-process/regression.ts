import { predicted, predictorsOf, type LinearPredictor } from "./whitening.ts";

/** Values explained by columns, with errors of a Gaussian process. */
export interface Regression {
  readonly coefficients: readonly number[];
  /** Variance of each coefficient in units of the noise's. */
  readonly variances: readonly number[];
  /** Variance of the noise. */
  readonly noise: number;
  /** Log of the likelihood with level, trend and noise integrated or estimated; comparable for the same values. */
  readonly logLikelihood: number;
  /** Errors of the predictions one step ahead, in standard deviations. */
  standardisedErrors(): readonly number[];
  /** Predicts what follows the values. */
  readonly predictor: LinearPredictor;
}

/** Values and columns as independent errors of unit scale: what regressions that differ in their priors alone have in common. */
export interface Whitened {
  readonly columns: readonly Float64Array[];
  readonly values: Float64Array;
  /** Sum of the logs of the errors' variances. */
  readonly logFactors: number;
  readonly predictor: LinearPredictor;
}

/** Whitens values and columns by a covariance, which reaches as many steps as there are values. */
export function whiten(values: Float64Array, covariance: Float64Array, columns: readonly Float64Array[]): Whitened {
  const count = values.length;
  const pairs = [...columns, values].map((column) => ({ column, whitened: new Float64Array(count) }));
  let logFactors = 0;
  const predictor = predictorsOf(covariance, count, (at) => {
    logFactors += Math.log(at.variance);
    const deviation = Math.sqrt(at.variance);
    for (const { column, whitened } of pairs) whitened[at.order] = ((column[at.order] ?? 0) - predicted(at, column)) / deviation;
  });
  const whitened = pairs.map((pair) => pair.whitened);
  return { columns: whitened.slice(0, -1), values: whitened.at(-1) ?? values, logFactors, predictor };
}

/**
 * Generalised least squares with priors, and the restricted likelihood of a covariance (Rasmussen & Williams, "Gaussian Processes for Machine Learning",
 * 2006, §2.7). A column's coefficient is expected around 0 with its prior deviation in units of the noise's (`Infinity`: nothing is expected). Undefined when the
 * values are explained without error.
 */
export function regress({ columns, values, logFactors, predictor }: Whitened, priorDeviations: readonly number[]): Regression | undefined {
  const count = values.length;
  const solved = solvePriorLeastSquares(columns, values, priorDeviations.map((deviation) => deviation ** -2));
  const noise = solved.squaredErrors / (count - 1);
  if (!(noise > 0)) return undefined;
  const priors = priorDeviations.reduce((sum, deviation) => sum + (deviation === Infinity ? 0 : Math.log(deviation)), 0);
  const scale = Math.sqrt(noise);
  const { coefficients, variances } = solved;
  return {
    coefficients,
    variances,
    noise,
    logLikelihood: -0.5 * ((count - 1) * Math.log(noise) + logFactors + solved.logDeterminant) - priors,
    standardisedErrors: () => Array.from(values, (value, at) => (value - coefficients.reduce((sum, each, index) => sum + each * (columns[index]?.[at] ?? 0), 0)) / scale),
    predictor,
  };
}

interface LeastSquares {
  readonly coefficients: readonly number[];
  readonly variances: readonly number[];
  readonly squaredErrors: number;
  readonly logDeterminant: number;
}

/** Least squares with a ridge for each column, by sweeps of the cross products (Goodnight 1979). */
function solvePriorLeastSquares(columns: readonly Float64Array[], target: Float64Array, ridges: readonly number[]): LeastSquares {
  const all = [...columns, target];
  const table = all.map((left, row) => all.map((right, column) => dot(left, right) + (row === column ? (ridges[row] ?? 0) : 0)));
  let logDeterminant = 0;
  columns.forEach((_, pivot) => {
    logDeterminant += Math.log(table[pivot]?.[pivot] ?? 1);
    sweep(table, pivot);
  });
  const last = columns.length;
  return {
    coefficients: columns.map((_, row) => table[row]?.[last] ?? 0),
    variances: columns.map((_, row) => -(table[row]?.[row] ?? 0)),
    squaredErrors: table[last]?.[last] ?? 0,
    logDeterminant,
  };
}

/** Sweeps a symmetric table on one of its rows, in place. */
function sweep(table: number[][], pivot: number): void {
  const lead = table[pivot] ?? [];
  const by = lead[pivot] ?? 1;
  table.forEach((row, index) => {
    if (index === pivot) return;
    const share = (row[pivot] ?? 0) / by;
    row.forEach((value, column) => {
      row[column] = column === pivot ? share : value - share * (lead[column] ?? 0);
    });
  });
  lead.forEach((value, column) => {
    lead[column] = column === pivot ? -1 / by : value / by;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
