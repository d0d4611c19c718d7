import { describe, expect, it } from "vitest";
import type { FittedModel } from "../forecast-model.ts";
import { drawTowardsBlocks } from "./blocks.ts";
import { ensemble } from "./ensemble.ts";

function noisy(count: number, at: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => at(index) * (1 + (((index * 7919 + 13) % 101) - 50) / 1_000));
}
const season = [0.8, 0.9, 1, 1.1, 1.3, 1.2, 1, 0.9, 0.8, 0.9, 1, 1.1];

function fit(values: readonly number[]): FittedModel {
  const fitted = ensemble.fit(values, 12);
  if (fitted === undefined) throw new Error("no model");
  return fitted;
}

describe("the ensemble", () => {
  it("carries a multiplicative season and growth on", () => {
    const truth = (index: number) => 1_000 * 1.01 ** index * (season[index % 12] ?? 1);
    const { mean } = fit(noisy(72, truth)).predict(12);
    mean.forEach((value, step) => expect(Math.abs(value / truth(72 + step) - 1)).toBeLessThan(0.08));
  });

  it("works on values that touch zero without logarithms", () => {
    const fitted = fit(noisy(48, (index) => (index % 5 === 0 ? 0 : 100)));
    expect(fitted.shape).toBe("normal");
    expect(fitted.predict(6).mean.every((value) => Number.isFinite(value) && Math.abs(value) < 200)).toBe(true);
  });

  it("keeps one near-zero month from ruling the rest", () => {
    const values = noisy(48, () => 100);
    values[20] = 0.01;
    expect(fit(values).shape).toBe("normal");
    fit(values).predict(6).mean.forEach((value) => expect(Math.abs(value - 100)).toBeLessThan(15));
  });

  it("feeds short histories to fewer methods", () => {
    expect(fit(noisy(8, () => 50)).name).toMatch(/^ETS\([^)]*\)$/);
    expect(fit(noisy(20, () => 50)).name).toMatch(/^ETS\([^)]*\) \+ ARIMA\([^)]*\) \+ Theta$/);
  });

  it("is the same on the stretch it was fitted on", () => {
    const fitted = fit(noisy(60, (index) => 500 * (season[index % 12] ?? 1)));
    const again = fitted.withValues(noisy(60, (index) => 500 * (season[index % 12] ?? 1)));
    expect(again?.predict(6)).toEqual(fitted.predict(6));
  });
});

describe("drawTowardsBlocks", () => {
  const totals = (mean: number[]): FittedModel => ({
    name: "totals",
    parameters: {},
    aicc: 0,
    degreesOfFreedom: 1,
    standardisedErrors: [],
    predict: () => ({ mean, standardDeviation: mean.map(() => 0) }),
    withValues: () => undefined,
  });

  it("moves a fifth of the way in logs and keeps the months' proportions", () => {
    const drawn = drawTowardsBlocks({ length: 2, fitted: totals([Math.log(400), Math.log(100)]) }, [80, 120, 50, 50]);
    expect(drawn[0]).toBeCloseTo(80 * 2 ** 0.2, 9);
    expect(drawn[1]).toBeCloseTo(120 * 2 ** 0.2, 9);
    expect(drawn.slice(2)).toEqual([50, 50]);
  });

  it("leaves months alone where the total is no number", () => {
    expect(drawTowardsBlocks({ length: 2, fitted: totals([Number.NaN]) }, [1, 2])).toEqual([1, 2]);
  });
});
