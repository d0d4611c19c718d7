import { describe, expect, it } from "vitest";
import { coverage, sMapePercent, scaledError, scaledIntervalScore, seasonalNaiveScale, totalAccuracyPercent } from "./scores.ts";

describe("scores, worked by hand", () => {
  it("sMAPE lies on 0–200 and counts a pair of zeros as no error", () => {
    expect(sMapePercent([100, 0, 0], [50, 0, 1])).toBeCloseTo((200 / 3 + 0 + 200) / 3, 9);
  });

  it("MASE divides by the mean absolute seasonal change of the history", () => {
    const scale = seasonalNaiveScale([1, 10, 3, 14], 2);
    expect(scale).toBe(3);
    expect(scaledError([5, 5], [2, 11], scale)).toBe(1.5);
  });

  it("the interval score adds 2/alpha of each miss to the width", () => {
    const intervals = [{ lo: 0, hi: 10 }, { lo: 0, hi: 10 }];
    expect(scaledIntervalScore([5, 11], intervals, 0.05, 2)).toBe((10 + 10 + 40) / 2 / 2);
    expect(coverage([10, 11], intervals)).toBe(0.5);
  });

  it("accuracy of a total is 100 less its error, never below 0, undefined at 0", () => {
    expect(totalAccuracyPercent([60, 40], [50, 40])).toBe(90);
    expect(totalAccuracyPercent([1], [5])).toBe(0);
    expect(totalAccuracyPercent([1, -1], [5, 5])).toBeUndefined();
  });
});
