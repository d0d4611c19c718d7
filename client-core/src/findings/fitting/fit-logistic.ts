import { logistic, logOddsOf, type KindModel } from "../log-odds.ts";

/** One example: its features, whether it was right, and how much it counts. */
export interface Example {
  readonly features: readonly number[];
  readonly isRight: boolean;
  readonly weight: number;
}

/** Which way a feature may speak: 1 only for, −1 only against, 0 either way. */
export type Direction = -1 | 0 | 1;

const roundsMax = 60;
const sweepsMax = 200;
const enough = 1e-7;

/**
 * Fits a logistic model with a ridge on standardised features whose weights keep to their directions: what stands to reason (a larger
 * excess is no less suspicious) holds on ledgers of other kinds, too. Newton's method, each step by coordinates within the directions (as
 * glmnet does: Friedman, Hastie, Tibshirani 2010). The same examples give the same weights.
 */
export function fitLogistic(examples: readonly Example[], directions: readonly Direction[], ridge = 1): KindModel {
  const scale = directions.map((_, index) => spreadOf(examples, index));
  const rows = examples.map(({ features }) => [...scale.map((spread, index) => (features[index] ?? 0) / spread), 1]);
  const bounds: readonly Direction[] = [...directions, 0];
  const ridges = [...directions.map(() => ridge), 0];
  let at = bounds.map(() => 0);
  let cost = costOf(at, rows, examples, ridges);
  for (let round = 0; round < roundsMax; round++) {
    const target = newtonStep(at, rows, examples, bounds, ridges);
    let share = 1;
    let next = target;
    while (costOf(next, rows, examples, ridges) > cost && share > enough) {
      share /= 2;
      next = at.map((value, index) => value + share * ((target[index] ?? 0) - value));
    }
    const reached = costOf(next, rows, examples, ridges);
    at = next;
    if (cost - reached < enough * (1 + Math.abs(cost))) break;
    cost = reached;
  }
  return { bias: at.at(-1) ?? 0, weights: scale.map((spread, index) => (at[index] ?? 0) / spread) };
}

/** The least point of the cost's second-order approximation within the directions. */
function newtonStep(at: readonly number[], rows: readonly (readonly number[])[], examples: readonly Example[], bounds: readonly Direction[], ridges: readonly number[]): number[] {
  const width = at.length;
  const slope = at.map((value, index) => (ridges[index] ?? 0) * value);
  const curve = at.map((_, index) => at.map((__, other) => (index === other ? (ridges[index] ?? 0) + 1e-9 : 0)));
  for (const [place, row] of rows.entries()) {
    const { isRight, weight } = examples[place] ?? { isRight: false, weight: 0 };
    const probability = logistic(dot(at, row));
    const error = weight * (probability - (isRight ? 1 : 0));
    const bend = weight * probability * (1 - probability);
    for (let index = 0; index < width; index++) {
      const value = row[index] ?? 0;
      slope[index] = (slope[index] ?? 0) + error * value;
      const line = curve[index];
      if (line !== undefined) for (let other = 0; other < width; other++) line[other] = (line[other] ?? 0) + bend * value * (row[other] ?? 0);
    }
  }
  const next = [...at];
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let moved = 0;
    for (let index = 0; index < width; index++) {
      const line = curve[index] ?? [];
      let pull = slope[index] ?? 0;
      for (let other = 0; other < width; other++) pull += (line[other] ?? 0) * ((next[other] ?? 0) - (at[other] ?? 0));
      const value = within((next[index] ?? 0) - pull / (line[index] ?? 1), bounds[index] ?? 0);
      moved = Math.max(moved, Math.abs(value - (next[index] ?? 0)));
      next[index] = value;
    }
    if (moved < enough) break;
  }
  return next;
}

function costOf(at: readonly number[], rows: readonly (readonly number[])[], examples: readonly Example[], ridges: readonly number[]): number {
  let cost = at.reduce((sum, value, index) => sum + ((ridges[index] ?? 0) * value * value) / 2, 0);
  for (const [place, row] of rows.entries()) {
    const { isRight, weight } = examples[place] ?? { isRight: false, weight: 0 };
    const logOdds = dot(at, row);
    cost += weight * (Math.max(0, logOdds) + Math.log1p(Math.exp(-Math.abs(logOdds))) - (isRight ? logOdds : 0));
  }
  return cost;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return logOddsOf({ bias: 0, weights: a }, b);
}

function within(value: number, direction: Direction): number {
  return direction === 1 ? Math.max(0, value) : direction === -1 ? Math.min(0, value) : value;
}

function spreadOf(examples: readonly Example[], index: number): number {
  const values = examples.map(({ features }) => features[index] ?? 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return Math.sqrt(variance) || 1;
}
