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

const failed: ArmaPass = { squaredErrors: Infinity, logFactors: 0, state: new Float64Array(0) };
/** The filter has settled: its variance factor is 1 from here on. */
const settledAt = 1e-10;

/**
 * Exact Gaussian likelihood of an ARMA series by the Chandrasekhar recursions, which carry the gain instead of the covariance
 * matrix and cost O(order) a value (Morf, Sidhu & Kailath 1974; Pearlman 1980). State space of Harvey (1989), §3.3. With `errors`, writes each
 * innovation divided by the root of its variance factor. A model whose covariances do not exist gives `Infinity`.
 */
export function filterArma({ ar, ma, constant }: SarimaCoefficients, values: Float64Array, errors?: number[]): ArmaPass {
  const order = Math.max(ar.length, ma.length + 1);
  const gain = firstGain(ar, ma, order);
  if (gain === undefined) return failed;
  const { firstVariance, gain: scaledGain } = gain;
  const step = Float64Array.from(scaledGain);
  const state = new Float64Array(order);
  let factor = firstVariance;
  let middle = -1 / factor;
  let squaredErrors = 0;
  let logFactors = 0;
  let settled = false;
  for (let index = 0; index < values.length; index += 1) {
    const miss = (values[index] ?? 0) - constant - (state[0] ?? 0);
    squaredErrors += (miss * miss) / factor;
    logFactors += settled ? 0 : Math.log(factor);
    if (errors !== undefined) errors[index] = miss / Math.sqrt(factor);
    advance(state, ar, scaledGain, miss / factor);
    if (settled) continue;
    const head = step[0] ?? 0;
    const grown = factor + middle * head * head;
    if (!(grown > 0)) return failed;
    moveGain(scaledGain, step, ar, middle * head);
    const nextMiddle = middle + (middle * middle * head * head) / factor;
    advance(step, ar, scaledGain, -head / grown);
    factor = grown;
    middle = nextMiddle;
    if (Math.abs(factor - 1) < settledAt && Math.abs(middle) * head * head < settledAt) settled = true;
  }
  return { squaredErrors, logFactors, state };
}

/** `state` ← T·state + gain·by, in place; T shifts up and feeds the first entry back through the AR coefficients. */
function advance(state: Float64Array, ar: Float64Array, gain: Float64Array, by: number): void {
  const first = state[0] ?? 0;
  const last = state.length - 1;
  for (let row = 0; row <= last; row += 1) {
    const carried = row < last ? (state[row + 1] ?? 0) : 0;
    state[row] = carried + (ar[row] ?? 0) * first + (gain[row] ?? 0) * by;
  }
}

/** `gain` ← gain + T·step·by, in place. */
function moveGain(gain: Float64Array, step: Float64Array, ar: Float64Array, by: number): void {
  const first = step[0] ?? 0;
  const last = gain.length - 1;
  for (let row = 0; row <= last; row += 1) {
    const carried = row < last ? (step[row + 1] ?? 0) : 0;
    gain[row] = (gain[row] ?? 0) + (carried + (ar[row] ?? 0) * first) * by;
  }
}

/** Variance of the first value and T·P·Z′ of the stationary start, in units of the error variance. */
function firstGain(ar: Float64Array, ma: Float64Array, order: number): { firstVariance: number; gain: Float64Array } | undefined {
  const psi = psiWeights(ar, ma, ma.length + 1);
  const covariances = autocovariances(ar, ma, psi, order);
  const firstVariance = covariances?.[0];
  if (covariances === undefined || firstVariance === undefined || !(firstVariance > 0) || !Number.isFinite(firstVariance)) return undefined;
  // Covariance of each state entry with the value itself: what lies ahead of it in both polynomials.
  const column = new Float64Array(order);
  for (let row = 0; row < order; row += 1) {
    let sum = 0;
    for (let lag = row; lag < ar.length; lag += 1) sum += (ar[lag] ?? 0) * (covariances[lag - row + 1] ?? 0);
    for (let lag = row; lag <= ma.length; lag += 1) sum += theta(ma, lag) * (psi[lag - row] ?? 0);
    column[row] = sum;
  }
  column[0] = firstVariance;
  const gain = new Float64Array(order);
  moveGain(gain, column, ar, 1);
  return { firstVariance, gain };
}

/** Weights of past errors in the value, ψ₀ = 1 first. */
export function psiWeights(ar: ArrayLike<number>, ma: ArrayLike<number>, count: number): Float64Array {
  const psi = new Float64Array(count);
  for (let lag = 0; lag < count; lag += 1) {
    let weight = lag === 0 ? 1 : (ma[lag - 1] ?? 0);
    for (let back = 1; back <= Math.min(lag, ar.length); back += 1) weight += (ar[back - 1] ?? 0) * (psi[lag - back] ?? 0);
    psi[lag] = weight;
  }
  return psi;
}

function theta(ma: Float64Array, lag: number): number {
  return lag === 0 ? 1 : (ma[lag - 1] ?? 0);
}

/** Autocovariances γ₀…γ_lagMax in units of the error variance, by the Yule–Walker equations; undefined when they are singular. */
function autocovariances(ar: Float64Array, ma: Float64Array, psi: Float64Array, lagMax: number): Float64Array | undefined {
  const p = ar.length;
  const forced = (lag: number) => {
    let sum = 0;
    for (let back = lag; back <= ma.length; back += 1) sum += theta(ma, back) * (psi[back - lag] ?? 0);
    return sum;
  };
  const found = new Float64Array(lagMax + 1);
  const solved = p === 0 ? Float64Array.of(forced(0)) : solveYuleWalker(ar, forced);
  if (solved === undefined) return undefined;
  for (let lag = 0; lag <= lagMax; lag += 1) {
    if (lag < solved.length) {
      found[lag] = solved[lag] ?? 0;
      continue;
    }
    let sum = forced(lag);
    for (let back = 1; back <= p; back += 1) sum += (ar[back - 1] ?? 0) * (found[Math.abs(lag - back)] ?? 0);
    found[lag] = sum;
  }
  return found;
}

/** Solves γ_k − Σ φ_j γ_|k−j| = forced(k), k = 0…p, by elimination with row exchange. */
function solveYuleWalker(ar: Float64Array, forced: (lag: number) => number): Float64Array | undefined {
  const size = ar.length + 1;
  const rows = Array.from({ length: size }, (_, lag) => {
    const row = new Float64Array(size + 1);
    row[lag] = 1;
    for (let back = 1; back < size; back += 1) {
      const column = Math.abs(lag - back);
      row[column] = (row[column] ?? 0) - (ar[back - 1] ?? 0);
    }
    row[size] = forced(lag);
    return row;
  });
  return solveLinear(rows);
}

/** Gaussian elimination with partial pivoting on rows that end with their right side; undefined when singular. */
function solveLinear(rows: Float64Array[]): Float64Array | undefined {
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const pivotAt = largestBelow(rows, column);
    const pivot = rows[pivotAt];
    const here = rows[column];
    if (pivot === undefined || here === undefined) return undefined;
    if (Math.abs(pivot[column] ?? 0) < 1e-12) return undefined;
    rows[pivotAt] = here;
    rows[column] = pivot;
    for (let below = column + 1; below < size; below += 1) {
      const row = rows[below];
      const share = (row?.[column] ?? 0) / (pivot[column] ?? 1);
      if (row === undefined || share === 0) continue;
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - share * (pivot[at] ?? 0);
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row -= 1) {
    let value = rows[row]?.[size] ?? 0;
    for (let at = row + 1; at < size; at += 1) value -= (rows[row]?.[at] ?? 0) * (solution[at] ?? 0);
    solution[row] = value / (rows[row]?.[row] ?? 1);
  }
  return solution;
}

function largestBelow(rows: readonly Float64Array[], column: number): number {
  let best = column;
  for (let row = column + 1; row < rows.length; row += 1) {
    if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row;
  }
  return best;
}
