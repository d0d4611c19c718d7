/**
 * Minimum trace reconciliation (Wickramasuriya, Athanasopoulos & Hyndman 2019) of parts with one total: the difference between the forecast total
 * and the sum of the forecast parts is shared out by how much, and how much together, they err. With one constraint it has a closed form.
 */
export interface Reconcilable {
  /** Means of the parts in one month, and of their total forecast on its own. */
  readonly parts: readonly number[];
  readonly total: number;
  /** Standard deviations of the same. */
  readonly partDeviations: readonly number[];
  readonly totalDeviation: number;
  /** Correlations of errors, parts first, the total last. */
  readonly correlation: readonly (readonly number[])[];
}

/** Means of the parts, changed so that they and the total agree; none goes below zero. */
export function reconciledParts({ parts, total, partDeviations, totalDeviation, correlation }: Reconcilable): number[] {
  const deviations = [...partDeviations, totalDeviation];
  const last = parts.length;
  const covariance = (i: number, j: number) => (correlation[i]?.[j] ?? 0) * (deviations[i] ?? 0) * (deviations[j] ?? 0);
  // Covariance of each forecast with the gap: total less the sum of parts.
  const withGap = deviations.map((_, i) => parts.reduce((sum, _part, j) => sum - covariance(i, j), covariance(i, last)));
  const gapVariance = parts.reduce((sum, _, j) => sum - (withGap[j] ?? 0), withGap[last] ?? 0);
  const gap = parts.reduce((sum, part) => sum - part, total);
  if (!(gapVariance > 0) || gap === 0) return [...parts];
  return parts.map((part, i) => Math.max(0, part - ((withGap[i] ?? 0) / gapVariance) * gap));
}
