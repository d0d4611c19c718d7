import { expect, test } from "vitest";
import { seededRandom } from "./fitting/random.ts";
import { ascending, pairNumbers } from "./grouping.ts";

test("pairs are numbered in the order they come, whatever their size and sign", () => {
  const random = seededRandom(3);
  const values = [-1, 0, 7, 2 ** 31, 2 ** 32 + 7, -(2 ** 45) - 1, 9_007_199_254_740_991];
  const [first, second] = [0, 1].map(() => Float64Array.from({ length: 3_000 }, () => random.pick(values)));
  if (first === undefined || second === undefined) throw new RangeError("no columns");
  const known = new Map<string, number>();
  const expected = Array.from(first, (a, row) => {
    const pair = `${a} ${second[row]}`;
    const number = known.get(pair) ?? known.size;
    known.set(pair, number);
    return number;
  });
  const { numbers, count } = pairNumbers(first, second);
  expect([...numbers]).toEqual(expected);
  expect(count).toBe(known.size);
  expect(pairNumbers([], [])).toEqual({ numbers: new Int32Array(0), count: 0 });
});

test("small ranges of pairs are numbered as any others", () => {
  const random = seededRandom(5);
  const [first, second] = [0, 1].map((of) => Int32Array.from({ length: 2_000 }, () => random.below(of === 0 ? 40 : 3) - 1));
  if (first === undefined || second === undefined) throw new RangeError("no columns");
  const apart = first.map((value) => value * 1_000_003);
  expect(pairNumbers(first, second)).toEqual(pairNumbers(apart, second));
});

test("rows stand in ascending order of their values, equal ones as they came", () => {
  const random = seededRandom(6);
  for (const length of [0, 1, 2, 3_000]) {
    const values = Float32Array.from({ length }, () => (random.chance(0.3) ? random.below(4) : random() * 10 ** random.below(9)));
    const rows = Array.from(values, (_, row) => row).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
    expect([...ascending(values)]).toEqual(rows);
  }
});
