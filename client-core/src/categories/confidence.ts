/** One row predicted without having been learned: what speaks for the prediction, whether it was right, and whose row it was. */
export interface Trial {
  readonly evidence: readonly number[];
  readonly isRight: boolean;
  readonly counterparty: number;
}

/** How sure one may be of a prediction, and from where on it is applied. */
export interface Confidence {
  /** Share of predictions with such evidence that are right. */
  of(evidence: readonly number[]): number;
  /** Predictions at least this sure are applied; above 1: none are. */
  readonly appliedFrom: number;
}

/** Share of applied predictions that must be right, and how far above it the trials must be. */
const rightMin = 0.92;
const margin = 0.012;
/** Fewer different counterparties than this tell nothing. */
export const counterpartiesMin = 40;
/** However right the others are, none less sure than this is applied. */
const sureMin = 0.75;
/** Standard errors the share of right ones must stay above the bound. */
const errorsBelow = 1;

/**
 * Learns from trials how sure predictions are (logistic regression on what speaks for them, Platt 1999) and from where on those applied are right often
 * enough, counting a counterparty's rows as one observation where it matters: the error of the share. The same must hold of each of `hardest`, parts of the trials
 * where predictions may be less right. Null when there are too few trials.
 */
export function learnConfidence(trials: readonly Trial[], hardest: readonly (readonly Trial[])[] = []): Confidence | null {
  if (new Set(trials.map(({ counterparty }) => counterparty)).size < counterpartiesMin) return null;
  const of = fitLogistic(trials);
  const bounds = [trials, ...hardest].filter((some) => some.length > 0).map((some) => boundOf(some, of));
  return { of, appliedFrom: Math.max(...bounds) };
}

/** The lowest sureness from which on predictions are right often enough; above 1 when there is none. */
function boundOf(trials: readonly Trial[], of: Confidence["of"]): number {
  const judged = trials.map((trial) => ({ ...trial, sure: of(trial.evidence) })).toSorted((a, b) => b.sure - a.sure);
  const met = new Set<number>();
  let right = 0;
  let appliedFrom = 2;
  for (const [index, { counterparty, isRight, sure }] of judged.entries()) {
    met.add(counterparty);
    if (isRight) right++;
    if (judged[index + 1]?.sure === sure || met.size < counterpartiesMin / 2) continue;
    const share = right / (index + 1);
    if (share - errorsBelow * Math.sqrt((share * (1 - share)) / met.size) >= rightMin + margin) appliedFrom = Math.max(sure, sureMin);
  }
  return appliedFrom;
}

/** Newton's method with a little ridge, on standardised evidence. */
function fitLogistic(trials: readonly Trial[]): (evidence: readonly number[]) => number {
  const width = (trials[0]?.evidence.length ?? 0) + 1;
  const { means, scales } = standards(trials, width - 1);
  const standardise = (evidence: readonly number[], into: Float64Array, from: number) => {
    into[from] = 1;
    for (let at = 1; at < width; at++) into[from + at] = ((evidence[at - 1] ?? 0) - (means[at - 1] ?? 0)) / (scales[at - 1] ?? 1);
  };
  const rows = new Float64Array(trials.length * width);
  for (const [index, { evidence }] of trials.entries()) standardise(evidence, rows, index * width);
  const right = Uint8Array.from(trials, ({ isRight }) => Number(isRight));
  let weights = new Float64Array(width);
  for (let round = 0; round < newtonRounds; round++) {
    const { gradient, curvature } = slopes(rows, right, weights);
    const step = solve(curvature, [...gradient]);
    weights = weights.map((weight, index) => weight + (step[index] ?? 0));
  }
  const row = new Float64Array(width);
  return (evidence) => {
    standardise(evidence, row, 0);
    return logistic(dot(weights, row, 0));
  };
}

const newtonRounds = 12;
const ridge = 1;

/** Slope and curvature of the likelihood where the weights are. */
function slopes(rows: Float64Array, right: Uint8Array, weights: Float64Array): { readonly gradient: Float64Array; readonly curvature: number[][] } {
  const width = weights.length;
  const gradient = weights.map((weight) => -ridge * weight);
  const sums = new Float64Array(width * width);
  for (let index = 0; index < right.length; index++) {
    const from = index * width;
    const p = logistic(dot(weights, rows, from));
    const missed = (right[index] ?? 0) - p;
    for (let row = 0; row < width; row++) {
      const value = rows[from + row] ?? 0;
      gradient[row] = (gradient[row] ?? 0) + missed * value;
      const pull = p * (1 - p) * value;
      for (let column = 0; column < width; column++) sums[row * width + column] = (sums[row * width + column] ?? 0) + pull * (rows[from + column] ?? 0);
    }
  }
  const curvature = Array.from({ length: width }, (_, row) => Array.from({ length: width }, (__, column) => (sums[row * width + column] ?? 0) + (row === column ? ridge : 0)));
  return { gradient, curvature };
}

function standards(trials: readonly Trial[], width: number) {
  const means = Array.from({ length: width }, (_, index) => trials.reduce((sum, { evidence }) => sum + (evidence[index] ?? 0), 0) / trials.length);
  const scales = means.map((mean, index) => Math.sqrt(trials.reduce((sum, { evidence }) => sum + ((evidence[index] ?? 0) - mean) ** 2, 0) / trials.length) || 1);
  return { means, scales };
}

function dot(weights: Float64Array, rows: Float64Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (weights[at] ?? 0) * (rows[from + at] ?? 0);
  return sum;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Gaussian elimination with the largest pivot; the matrix is positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, index) => [...line, right[index] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows.slice(column).reduce((best, line, index) => (Math.abs(line[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? column + index : best), column);
    const [own, other] = [rows[column], rows[pivot]];
    if (own !== undefined && other !== undefined) [rows[column], rows[pivot]] = [other, own];
    const lead = rows[column] ?? [];
    for (const [index, line] of rows.entries()) {
      if (index === column) continue;
      const factor = (line[column] ?? 0) / (lead[column] ?? 1);
      for (let at = column; at <= size; at++) line[at] = (line[at] ?? 0) - factor * (lead[at] ?? 0);
    }
  }
  return rows.map((line, index) => (line[size] ?? 0) / (line[index] ?? 1));
}
