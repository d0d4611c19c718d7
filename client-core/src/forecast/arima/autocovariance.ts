/**
 * Autocovariances γ₀, γ₁, … of an ARMA process in units of its error variance: those of its AR half by the step-down recursion (Brockwell & Davis, "Time
 * Series: Theory and Methods", 1991, §5.2), then the MA half as a filter over them. O(order²), where the Yule–Walker equations by elimination take O(order³).
 */

/** Computes autocovariances up to a lag for models of given orders; undefined when the AR half is not stationary. Each call writes over the result of the one before. */
export function autocovariancesOf(arOrder: number, maOrder: number, lagMax: number): (ar: Float64Array, ma: Float64Array) => Float64Array | undefined {
  const predictors = Array.from({ length: arOrder }, (_, index) => new Float64Array(index + 1));
  const ofAr = new Float64Array(lagMax + maOrder + 1);
  const ofErrors = new Float64Array(maOrder + 1);
  const found = new Float64Array(lagMax + 1);
  return (ar, ma) => {
    const variance = stepDown(ar, predictors);
    if (variance === undefined) return undefined;
    fillAutoregressive(ofAr, variance, predictors);
    fillMovingAverage(ofErrors, ma);
    for (let lag = 0; lag <= lagMax; lag += 1) {
      let sum = (ofErrors[0] ?? 0) * (ofAr[lag] ?? 0);
      for (let apart = 1; apart <= maOrder; apart += 1) sum += (ofErrors[apart] ?? 0) * ((ofAr[lag + apart] ?? 0) + (ofAr[Math.abs(lag - apart)] ?? 0));
      found[lag] = sum;
    }
    return found;
  };
}

/** Fills in the best linear predictors of order 1, 2, … and answers the variance of the process; undefined when a partial autocorrelation reaches ±1. */
function stepDown(ar: Float64Array, predictors: readonly Float64Array[]): number | undefined {
  predictors.at(-1)?.set(ar);
  let variance = 1;
  for (let order = predictors.length; order > 0; order -= 1) {
    const longer = predictors[order - 1];
    const shorter = predictors[order - 2];
    const partial = longer?.[order - 1] ?? 0;
    const unexplained = 1 - partial * partial;
    if (!(unexplained > 0)) return undefined;
    variance /= unexplained;
    if (longer === undefined || shorter === undefined) continue;
    for (let at = 0; at < order - 1; at += 1) shorter[at] = ((longer[at] ?? 0) + partial * (longer[order - 2 - at] ?? 0)) / unexplained;
  }
  return variance;
}

function fillAutoregressive(covariances: Float64Array, variance: number, predictors: readonly Float64Array[]): void {
  covariances[0] = variance;
  for (let lag = 1; lag < covariances.length; lag += 1) {
    const weights = predictors[Math.min(lag, predictors.length) - 1];
    let sum = 0;
    if (weights !== undefined) for (let back = 0; back < weights.length; back += 1) sum += (weights[back] ?? 0) * (covariances[lag - 1 - back] ?? 0);
    covariances[lag] = sum;
  }
}

/** Autocovariances of the MA half alone. */
function fillMovingAverage(covariances: Float64Array, ma: Float64Array): void {
  for (let lag = 0; lag <= ma.length; lag += 1) {
    let sum = lag === 0 ? 1 : (ma[lag - 1] ?? 0);
    for (let at = lag; at < ma.length; at += 1) sum += (ma[at] ?? 0) * (ma[at - lag] ?? 0);
    covariances[lag] = sum;
  }
}
