import { seededRandom } from "../../seeded-random.ts";

/** A whole number from 0 up to but not including its bound. */
export type Random = (below: number) => number;

/** Uniform whole numbers from a seed. */
export function randomOf(seed: number): Random {
  const next = seededRandom(seed);
  return (below) => Math.floor(next() * below);
}

/** One of some values. */
export function oneOf<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[random(values.length)] ?? values[0];
}
