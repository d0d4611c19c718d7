/**
 * A stationary Gaussian process on equally spaced points, whitened by the Durbin–Levinson recursion (Brockwell & Davis, "Time Series: Theory and
 * Methods", 1991, §5.2): the best linear prediction of each value from those before it, in O(n²) for any covariance, without a matrix.
 */

/** The best linear prediction of a value from the `order` values before it: weights, nearest first, and the variance of its error. */
export interface LinearPredictor {
  readonly order: number;
  readonly weights: Float64Array;
  readonly variance: number;
}

/** Calls `visit` with the predictors of order 0 to `count` − 1 and answers that of order `count`. All share one array of weights; `covariance` reaches `count` steps. */
export function predictorsOf(covariance: Float64Array, count: number, visit: (predictor: LinearPredictor) => void): LinearPredictor {
  let predictor: LinearPredictor = { order: 0, weights: new Float64Array(count), variance: covariance[0] ?? 0 };
  while (predictor.order < count) {
    visit(predictor);
    predictor = extended(predictor, covariance);
  }
  return predictor;
}

/** The predictor from one value more; writes over the weights of the given one, which have room for it. */
export function extended({ order, weights, variance }: LinearPredictor, covariance: Float64Array): LinearPredictor {
  let unexplained = covariance[order + 1] ?? 0;
  for (let back = 0; back < order; back += 1) unexplained -= (weights[back] ?? 0) * (covariance[order - back] ?? 0);
  const partial = unexplained / variance;
  for (let low = 0, high = order - 1; low <= high; low += 1, high -= 1) {
    const near = weights[low] ?? 0;
    const far = weights[high] ?? 0;
    weights[low] = near - partial * far;
    weights[high] = far - partial * near;
  }
  weights[order] = partial;
  return { order: order + 1, weights, variance: variance * (1 - partial * partial) };
}

/** What the predictor says of the value that follows the first `order` ones. */
export function predicted({ order, weights }: LinearPredictor, values: ArrayLike<number>): number {
  let sum = 0;
  for (let back = 0; back < order; back += 1) sum += (weights[back] ?? 0) * (values[order - 1 - back] ?? 0);
  return sum;
}
