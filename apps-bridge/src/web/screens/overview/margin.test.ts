import { expect, test } from "vitest";
import { marginRatio } from "./margin.ts";

test.each([
  [271, 10_000, 0.0271],
  [-90_000, 10_000, -9],
  [-100_000, 10_000, undefined],
  [-527_051_100, 258_300, undefined],
  [-100, 0, undefined],
  [0, 100, 0],
])("profit %d of revenue %d is a margin of %s", (profit, revenue, ratio) => {
  expect(marginRatio(profit, revenue)).toBe(ratio);
});
