import { expect, test } from "vitest";
import { seededRandom } from "./fitting/random.ts";
import { pairNumbers, sortNumbers } from "./grouping.ts";

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

test("few numbers and many are sorted alike", () => {
  const random = seededRandom(4);
  for (const length of [0, 1, 2, 23, 24, 25, 200]) {
    const numbers = Float64Array.from({ length }, () => random.below(50) - 20);
    expect([...sortNumbers(numbers.slice())]).toEqual([...numbers].toSorted((a, b) => a - b));
  }
});
