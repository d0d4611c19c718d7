import { expect, it } from "vitest";
import { atLeast, atMost, quantile, shown, withinTimes } from "./bench.ts";

it("holds a figure to its bound", () => {
  expect(atMost("p50", 29, "ms", 30).ok).toBe(true);
  expect(atMost("p50", 31, "ms", 30).ok).toBe(false);
  expect(atLeast("rows", 10, "rows/s", 10).ok).toBe(true);
  expect(atLeast("rows", 9.9, "rows/s", 10)).toMatchObject({ hold: ">= 10 rows/s", ok: false });
  expect(withinTimes("import", 5, "s", 2, 2.5)).toMatchObject({ reference: 2, hold: "<= 2.5 × reference", ok: true });
  expect(withinTimes("import", 5.1, "s", 2, 2.5).ok).toBe(false);
  expect(shown("memory", 1, "MB")).toMatchObject({ hold: null, ok: true });
});

it("takes quantiles by nearest rank", () => {
  const sample = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.99, 1].map((share) => quantile(sample, share))).toEqual([1, 1, 3, 5, 5]);
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});
