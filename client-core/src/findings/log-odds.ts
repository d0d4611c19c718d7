/** How a kind is scored: log-odds of being right as a sum over its features. */
export interface KindModel {
  readonly bias: number;
  readonly weights: readonly number[];
}

/** Log-odds of being right; features beyond the weights count nothing. */
export function logOddsOf({ bias, weights }: KindModel, features: ArrayLike<number>): number {
  let sum = bias;
  for (let index = 0; index < weights.length; index++) sum += (weights[index] ?? 0) * (features[index] ?? 0);
  return sum;
}

/** The probability of log-odds. */
export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** The log-odds of a probability, kept from certainty. */
export function logit(probability: number): number {
  const kept = Math.min(0.999, Math.max(0.001, probability));
  return Math.log(kept / (1 - kept));
}
