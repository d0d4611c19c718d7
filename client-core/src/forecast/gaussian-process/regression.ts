import { predicted, predictorsOf, type LinearPredictor } from "./whitening.ts";

/** A column that explains the values in part; its coefficient is expected around 0 with this deviation in units of the noise's (`Infinity`: nothing is expected). */
export interface Regressor {
  readonly column: Float64Array;
  readonly priorDeviation: number;
}

/** Values explained by regressors, with errors of a Gaussian process. */
export interface Regression {
  readonly coefficients: readonly number[];
  /** Variance of each coefficient in units of the noise's. */
  readonly variances: readonly number[];
  /** Variance of the noise. */
  readonly noise: number;
  /** Log of the likelihood with level, trend and noise integrated or estimated; comparable for the same values. */
  readonly logLikelihood: number;
  /** Errors of the predictions one step ahead, in standard deviations. */
  readonly standardisedErrors: readonly number[];
  /** Predicts what follows the values. */
  readonly predictor: LinearPredictor;
}

/**
 * Generalised least squares with priors, and the restricted likelihood of a covariance (Rasmussen & Williams, "Gaussian Processes for Machine Learning",
 * 2006, §2.7). Undefined when the values are explained without error.
 */
export function regress(values: Float64Array, covariance: Float64Array, regressors: readonly Regressor[]): Regression | undefined {
  const count = values.length;
  const columns = [...regressors.map(({ column }) => column), values];
  const whitened = columns.map(() => new Float64Array(count));
  let logFactors = 0;
  const predictor = predictorsOf(covariance, count, (at) => {
    logFactors += Math.log(at.variance);
    const deviation = Math.sqrt(at.variance);
    columns.forEach((column, index) => {
      const target = whitened[index];
      if (target !== undefined) target[at.order] = ((column[at.order] ?? 0) - predicted(at, column)) / deviation;
    });
  });
  const target = whitened[regressors.length] ?? new Float64Array(0);
  const solved = solvePriorLeastSquares(whitened.slice(0, -1), target, regressors.map(({ priorDeviation }) => priorDeviation ** -2));
  const noise = solved.squaredErrors / (count - 1);
  if (!(noise > 0)) return undefined;
  const priors = regressors.reduce((sum, { priorDeviation }) => sum + (priorDeviation === Infinity ? 0 : Math.log(priorDeviation)), 0);
  const scale = Math.sqrt(noise);
  return {
    coefficients: solved.coefficients,
    variances: solved.variances,
    noise,
    logLikelihood: -0.5 * ((count - 1) * Math.log(noise) + logFactors + solved.logDeterminant) - priors,
    standardisedErrors: Array.from(target, (value, at) => (value - solved.coefficients.reduce((sum, each, index) => sum + each * (whitened[index]?.[at] ?? 0), 0)) / scale),
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
