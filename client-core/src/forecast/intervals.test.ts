import { describe, expect, it } from "vitest";
import { predictionIntervals, studentQuantile } from "./intervals.ts";

describe("studentQuantile", () => {
  // Printed tables of Student's t, one-sided 0.90 and 0.975.
  it.each([
    [1, 3.078, 12.706],
    [2, 1.886, 4.303],
    [3, 1.638, 3.182],
    [4, 1.533, 2.776],
    [5, 1.476, 2.571],
    [10, 1.372, 2.228],
    [30, 1.31, 2.042],
    [120, 1.289, 1.98],
  ])("with %d degrees of freedom agrees with the tables", (nu, t80, t95) => {
    expect(Math.abs(studentQuantile("80", nu) / t80 - 1)).toBeLessThan(0.005);
    expect(Math.abs(studentQuantile("95", nu) / t95 - 1)).toBeLessThan(0.005);
  });
});

describe("predictionIntervals", () => {
  const prediction = { mean: [10, -2], standardDeviation: [20, 1], degreesOfFreedom: 1000, standardisedErrors: [], shape: "normal" as const };

  it("widens with the level and cuts all at a bound", () => {
    const free = predictionIntervals(prediction, "none");
    expect(free.lo95[0]).toBeLessThan(free.lo80[0] ?? -Infinity);
    const cut = predictionIntervals(prediction, "atLeastZero");
    expect(cut.mean).toEqual([10, 0]);
    expect(cut.lo95).toEqual([0, 0]);
    expect(cut.hi95[1]).toBe(0);
    expect(predictionIntervals(prediction, "atMostZero").hi95).toEqual([0, free.hi95[1]]);
  });
});
