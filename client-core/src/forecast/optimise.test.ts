import { describe, expect, it } from "vitest";
import { evaluationsPerVariableMax, minimiseBounded } from "./optimise.ts";

describe("minimiseBounded", () => {
  it("finds the inner minimum of a bowl", () => {
    const found = minimiseBounded(([x = 0, y = 0]) => (x - 0.3) ** 2 + 2 * (y - 0.6) ** 2, {
      start: [0.9, 0.1],
      lower: [0, 0],
      upper: [1, 1],
    });
    expect(found.converged).toBe(true);
    expect(found.point[0]).toBeCloseTo(0.3, 2);
    expect(found.point[1]).toBeCloseTo(0.6, 2);
  });

  it("stops at the bound when the minimum is outside", () => {
    const found = minimiseBounded(([x = 0]) => (x - 5) ** 2, { start: [0.2], lower: [0], upper: [1] });
    expect(found.point[0]).toBeCloseTo(1, 6);
  });

  it("keeps every trial inside the box and under the maximum of evaluations", () => {
    const seen: number[] = [];
    const found = minimiseBounded(
      ([x = 0, y = 0]) => {
        seen.push(x, y);
        return Math.sin(40 * x) + Math.cos(37 * y * x);
      },
      { start: [0.5, 0.5], lower: [0, 0.4], upper: [1, 0.9] },
    );
    expect(Math.min(...seen.filter((_, index) => index % 2 === 1))).toBeGreaterThanOrEqual(0.4);
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
    // One move may still finish: a shrink evaluates every vertex but the best.
    expect(found.evaluations).toBeLessThanOrEqual(2 * evaluationsPerVariableMax + 4);
  });

  it("takes NaN and Infinity for refused points and says when all are refused", () => {
    expect(minimiseBounded(() => Number.NaN, { start: [0.5], lower: [0], upper: [1] }).value).toBe(Infinity);
    const found = minimiseBounded(([x = 0]) => (x > 0.5 ? Infinity : (x - 0.4) ** 2), { start: [0.1], lower: [0], upper: [1] });
    expect(found.point[0]).toBeCloseTo(0.4, 2);
  });

  it("evaluates once without variables", () => {
    expect(minimiseBounded(() => 7, { start: [], lower: [], upper: [] })).toEqual({ point: [], value: 7, evaluations: 1, converged: true });
  });
});
