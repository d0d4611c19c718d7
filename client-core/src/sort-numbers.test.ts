import { expect, test } from "vitest";
import { seededRandom } from "./findings/fitting/random.ts";
import { nthSmallest, sortNumbers } from "./sort-numbers.ts";

test("few numbers and many are sorted alike", () => {
  const random = seededRandom(4);
  for (const length of [0, 1, 2, 23, 24, 25, 200]) {
    const numbers = Float64Array.from({ length }, () => random.below(50) - 20);
    const sorted = [...numbers].toSorted((a, b) => a - b);
    const copy = numbers.slice();
    sortNumbers(copy);
    expect([...copy]).toEqual(sorted);
    expect(sorted.map((_, place) => nthSmallest(numbers.slice(), place))).toEqual(sorted);
  }
});
