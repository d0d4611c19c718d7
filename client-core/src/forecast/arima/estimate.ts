import { minimiseBounded } from "../optimise.ts";
import { armaFilter, psiWeights, type ArmaPass } from "./filter.ts";
import { arLength, coefficientsAt, maLength, sarimaBox, sarimaParameterCount, type SarimaCoefficients, type SarimaForm } from "./form.ts";

/** A form estimated on a series. */
export interface SarimaEstimate {
  readonly form: SarimaForm;
  readonly coefficients: SarimaCoefficients;
  /** Comparable among forms of the same differencing. */
  readonly aicc: number;
}

/** Mean squared innovation, relative to the variance of the differenced series, at or below which a fit counts as perfect. */
const perfectFit = 1e-12;

/** A deviance within some thousandths and coefficients within a hundredth: far less than their standard errors. */
const coarse = { value: 5e-6, point: 6e-3 };

/** Exact maximum likelihood of a form; undefined when the series is too short for it or the likelihood exists nowhere tried. */
export function estimateSarima(form: SarimaForm, differenced: Float64Array, period: number): SarimaEstimate | undefined {
  const count = differenced.length;
  const estimated = sarimaParameterCount(form);
  if (count - estimated - 1 <= 0) return undefined;
  const { mean, deviation } = momentsOf(differenced);
  const floor = perfectFit * deviation * deviation;
  const at = (point: readonly number[]) => coefficientsAt(form, point, period, mean, deviation);
  const filter = armaFilter(arLength(form, period), maLength(form, period));
  const deviance = (point: readonly number[]) => {
    const pass = filter(at(point), differenced);
    return count * Math.log(Math.max(floor, pass.squaredErrors / count)) + pass.logFactors;
  };
  const minimum = minimiseBounded(deviance, sarimaBox(form), coarse);
  if (!Number.isFinite(minimum.value)) return undefined;
  const aicc = minimum.value + 2 * estimated + (2 * estimated * (estimated + 1)) / (count - estimated - 1);
  return { form, coefficients: at(minimum.point), aicc };
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Differences d times one step, then D times one season. */
export function difference(values: ArrayLike<number>, { d, seasonalD }: SarimaForm, period: number): Float64Array {
  let current = Float64Array.from(values);
  for (const lag of [...(d === 1 ? [1] : []), ...(seasonalD === 1 ? [period] : [])]) {
    current = current.slice(lag).map((value, index) => value - (current[index] ?? 0));
  }
  return current;
}

/** Coefficients that give the next value from past values when the differenced one is zero: (1−B)ᵈ(1−Bᵐ)ᴰ without its 1, negated. */
export function integration({ d, seasonalD }: SarimaForm, period: number): Float64Array {
  const lags = new Float64Array(d + seasonalD * period);
  if (d === 1) lags[0] = 1;
  if (seasonalD === 1) {
    lags[period - 1] = (lags[period - 1] ?? 0) + 1;
    if (d === 1) lags[period] = -1;
  }
  return lags;
}

/** Point forecasts of the undifferenced series from the filter's last state. */
export function projectSarima(form: SarimaForm, { ar, constant }: SarimaCoefficients, pass: ArmaPass, values: ArrayLike<number>, period: number, horizon: number): number[] {
  const lags = integration(form, period);
  const known = Array.from(values);
  const state = Float64Array.from(pass.state);
  for (let step = 0; step < horizon; step += 1) {
    let next = constant + (state[0] ?? 0);
    for (let back = 1; back <= lags.length; back += 1) next += (lags[back - 1] ?? 0) * (known[known.length - back] ?? 0);
    known.push(next);
    const first = state[0] ?? 0;
    for (let row = 0; row < state.length; row += 1) state[row] = (state[row + 1] ?? 0) + (ar[row] ?? 0) * first;
  }
  return known.slice(values.length);
}

/** Variance of each step ahead in units of the error variance: partial sums of the squared ψ of the integrated model. */
export function varianceFactors(form: SarimaForm, { ar, ma }: SarimaCoefficients, period: number, horizon: number): number[] {
  const psi = psiWeights(integratedAr(ar, integration(form, period)), ma, horizon);
  let sum = 0;
  return Array.from(psi, (weight) => (sum += weight * weight));
}

/** Coefficients of the product of the AR and the differencing polynomials. */
function integratedAr(ar: Float64Array, lags: Float64Array): Float64Array {
  const all = new Float64Array(ar.length + lags.length);
  for (let i = 0; i <= ar.length; i += 1) {
    for (let j = 0; j <= lags.length; j += 1) {
      if (i + j === 0) continue;
      const left = i === 0 ? 1 : -(ar[i - 1] ?? 0);
      const right = j === 0 ? 1 : -(lags[j - 1] ?? 0);
      all[i + j - 1] = (all[i + j - 1] ?? 0) - left * right;
    }
  }
  return all;
}
