import { autocovariancesOf } from "./autocovariance.ts";
import type { SarimaCoefficients } from "./form.ts";

/** What a pass of the exact filter over a stationary series leaves. */
export interface ArmaPass {
  /** Sum of squared innovations, each over its variance factor. */
  readonly squaredErrors: number;
  /** Sum of the logs of the variance factors; with the former it makes the exact Gaussian likelihood. */
  readonly logFactors: number;
  /** Predicted state after the last value: its first entry is the next value's forecast. */
  readonly state: Float64Array;
}

/** Runs a model over values. With `errors`, writes each innovation divided by the root of its variance factor. */
export type ArmaFilter = (coefficients: SarimaCoefficients, values: Float64Array, errors?: number[]) => ArmaPass;

const failed: ArmaPass = { squaredErrors: Infinity, logFactors: 0, state: new Float64Array(0) };
/** The filter has settled: its variance factor is 1 from here on. */
const settledAt = 1e-10;

/** One pass of the filter of {@link armaFilter}. */
export function filterArma(coefficients: SarimaCoefficients, values: Float64Array, errors?: number[]): ArmaPass {
  return armaFilter(coefficients.ar.length, coefficients.ma.length)(coefficients, values, errors);
}

/**
 * Exact Gaussian likelihood of an ARMA series by the Chandrasekhar recursions, which carry the gain instead of the covariance
 * matrix and cost O(order) a value (Morf, Sidhu & Kailath 1974; Pearlman 1980). State space of Harvey (1989), §3.3. A model whose covariances do not
 * exist gives `Infinity`. The filter is made once for models of the same orders and uses its memory again: a pass writes over the state of the one before.
 */
export function armaFilter(arOrder: number, maOrder: number): ArmaFilter {
  const order = Math.max(arOrder, maOrder + 1);
  const vectors = { state: new Float64Array(order + 1), gain: new Float64Array(order), step: new Float64Array(order + 1), feedback: new Float64Array(order) };
  const start = stationaryStart(arOrder, maOrder);
  return ({ ar, ma, constant }, values, errors) => {
    const firstVariance = start(ar, ma, vectors.gain);
    if (firstVariance === undefined) return failed;
    const { state, step, gain, feedback } = vectors;
    state.fill(0);
    step.set(gain);
    feedback.set(ar);
    let factor = firstVariance;
    let middle = -1 / factor;
    let squaredErrors = 0;
    let logFactors = 0;
    let settled = false;
    for (let index = 0; index < values.length; index += 1) {
      const miss = (values[index] ?? 0) - constant - (state[0] ?? 0);
      squaredErrors += (miss * miss) / factor;
      if (errors !== undefined) errors[index] = miss / Math.sqrt(factor);
      if (settled) {
        moveState(vectors, miss / factor);
        continue;
      }
      logFactors += Math.log(factor);
      const head = step[0] ?? 0;
      const grown = factor + middle * head * head;
      if (!(grown > 0)) return failed;
      moveAll(vectors, miss / factor, middle * head, -head / grown);
      middle += (middle * middle * head * head) / factor;
      factor = grown;
      settled = Math.abs(factor - 1) < settledAt && Math.abs(middle) * head * head < settledAt;
    }
    return { squaredErrors, logFactors, state: state.subarray(0, order) };
  };
}

/** State and step end with a zero, so that T, which shifts up and feeds the first entry back through the AR coefficients, needs no last row of its own. */
interface Vectors {
  readonly state: Float64Array;
  readonly gain: Float64Array;
  readonly step: Float64Array;
  readonly feedback: Float64Array;
}

/** state ← T·state + gain·byMiss; gain ← gain + T·step·intoGain; step ← T·step + gain·intoStep. */
function moveAll({ state, gain, step, feedback }: Vectors, byMiss: number, intoGain: number, intoStep: number): void {
  const first = state[0] ?? 0;
  const head = step[0] ?? 0;
  for (let row = 0; row < gain.length; row += 1) {
    const fed = feedback[row] ?? 0;
    const held = gain[row] ?? 0;
    const shifted = (step[row + 1] ?? 0) + fed * head;
    const moved = held + shifted * intoGain;
    state[row] = (state[row + 1] ?? 0) + fed * first + held * byMiss;
    gain[row] = moved;
    step[row] = shifted + moved * intoStep;
  }
}

/** state ← T·state + gain·byMiss. */
function moveState({ state, gain, feedback }: Vectors, byMiss: number): void {
  const first = state[0] ?? 0;
  for (let row = 0; row < gain.length; row += 1) state[row] = (state[row + 1] ?? 0) + (feedback[row] ?? 0) * first + (gain[row] ?? 0) * byMiss;
}

/** Answers the variance of the first value and writes T·P·Z′ of the stationary start into `gain`, both in units of the error variance. */
function stationaryStart(arOrder: number, maOrder: number): (ar: Float64Array, ma: Float64Array, gain: Float64Array) => number | undefined {
  const order = Math.max(arOrder, maOrder + 1);
  const psi = new Float64Array(maOrder + 1);
  const column = new Float64Array(order + 1);
  const covariancesOf = autocovariancesOf(arOrder, maOrder, arOrder);
  return (ar, ma, gain) => {
    const covariances = covariancesOf(ar, ma);
    const firstVariance = covariances?.[0];
    if (covariances === undefined || firstVariance === undefined || !(firstVariance > 0) || !Number.isFinite(firstVariance)) return undefined;
    fillPsi(psi, ar, ma);
    // Covariance of each state entry with the value itself: what lies ahead of it in both polynomials.
    for (let row = 0; row < order; row += 1) {
      let sum = 0;
      for (let lag = row; lag < arOrder; lag += 1) sum += (ar[lag] ?? 0) * (covariances[lag - row + 1] ?? 0);
      for (let lag = row; lag <= maOrder; lag += 1) sum += (lag === 0 ? 1 : (ma[lag - 1] ?? 0)) * (psi[lag - row] ?? 0);
      column[row] = sum;
    }
    column[0] = firstVariance;
    for (let row = 0; row < order; row += 1) gain[row] = (column[row + 1] ?? 0) + (row < arOrder ? (ar[row] ?? 0) : 0) * firstVariance;
    return firstVariance;
  };
}

/** Weights of past errors in the value, ψ₀ = 1 first. */
export function psiWeights(ar: ArrayLike<number>, ma: ArrayLike<number>, count: number): Float64Array {
  const psi = new Float64Array(count);
  fillPsi(psi, ar, ma);
  return psi;
}

function fillPsi(psi: Float64Array, ar: ArrayLike<number>, ma: ArrayLike<number>): void {
  for (let lag = 0; lag < psi.length; lag += 1) {
    let weight = lag === 0 ? 1 : (ma[lag - 1] ?? 0);
    for (let back = 1; back <= Math.min(lag, ar.length); back += 1) weight += (ar[back - 1] ?? 0) * (psi[lag - back] ?? 0);
    psi[lag] = weight;
  }
}
