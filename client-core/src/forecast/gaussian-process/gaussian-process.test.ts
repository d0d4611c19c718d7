import { describe, expect, it } from "vitest";
import { adjust } from "./adjustment.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import { covarianceOf, kernelsFor } from "./kernels.ts";
import { extended, predicted, predictorsOf } from "./whitening.ts";

const season = [5, -3, 2, 8, -6, 0, 4, -9, 1, 3, -7, 2];
const noisy = (count: number) => Array.from({ length: count }, (_, at) => 10 + 0.02 * at + (season[at % 12] ?? 0) / 30 + ((((at * 7919) % 101) - 50) / 50) * 0.05);

describe("predictorsOf", () => {
  it.each([["with a season", true], ["without", false]])("solves the normal equations of every order, %s", (_, seasonal) => {
    for (const kernel of kernelsFor(seasonal)) {
      const covariance = covarianceOf(kernel, 12, 31);
      const last = predictorsOf(covariance, 30, (predictor) => expect(residualOf(predictor.order, predictor.weights, covariance)).toBeLessThan(1e-7));
      expect(residualOf(30, last.weights, covariance)).toBeLessThan(1e-7);
      const weights = new Float64Array(31);
      weights.set(last.weights);
      const more = extended({ ...last, weights }, covariance);
      expect(residualOf(31, more.weights, covariance)).toBeLessThan(1e-7);
      expect(more.variance).toBeGreaterThan(0);
    }
  });

  it("predicts from the nearest value first", () => {
    expect(predicted({ order: 2, weights: Float64Array.of(0.5, 0.25), variance: 1 }, [4, 8])).toBe(5);
  });
});

/** Largest miss of the normal equations Σ w_k γ(j − k) = γ(j). */
function residualOf(order: number, weights: Float64Array, covariance: Float64Array): number {
  const size = covariance[0] ?? 1;
  return Array.from({ length: order }, (_, row) => {
    let sum = 0;
    for (let back = 0; back < order; back += 1) sum += (weights[back] ?? 0) * (covariance[Math.abs(row - back)] ?? 0);
    return Math.abs(sum - (covariance[row + 1] ?? 0)) / size;
  }).reduce((max, each) => Math.max(max, each), 0);
}

describe("gaussianProcess", () => {
  it("carries season and trend on, with wider steps further away", () => {
    const fitted = gaussianProcess.fit(noisy(72), 12);
    const steps = fitted?.predict(12);
    expect(fitted?.name).toBe("Gaussian process, seasonal");
    noisy(84).slice(72).forEach((value, step) => expect(Math.abs(value - (steps?.mean[step] ?? 0))).toBeLessThan(0.12));
    expect(steps?.standardDeviation[11]).toBeGreaterThan(steps?.standardDeviation[0] ?? Infinity);
    expect(fitted?.withValues(noisy(72))?.predict(12)).toEqual(steps);
  });

  it("has nothing to say of values without error", () => {
    expect(gaussianProcess.fit(Array.from({ length: 40 }, () => 0), 12)).toBeUndefined();
  });
});

describe("adjust", () => {
  const kernel = { walk: 0.06, season: 1.6, trend: 2 };

  it("brings an outlier in and leaves its neighbours and a lasting change of level", () => {
    const values = noisy(60);
    values[30] = (values[30] ?? 0) + 1.5;
    const { values: seen } = adjust(values, { ...kernel, walk: 3 }, 12);
    expect(Math.abs((seen[30] ?? 0) - (noisy(60)[30] ?? 0))).toBeLessThan(0.5);
    expect(Math.abs((seen[29] ?? 0) - (values[29] ?? 0))).toBeLessThan(0.1);
    const shifted = noisy(60).map((value, at) => value + (at < 40 ? 0 : 1.5));
    const { values: after } = adjust(shifted, { ...kernel, walk: 3 }, 12);
    shifted.forEach((value, at) => expect(Math.abs((after[at] ?? 0) - value)).toBeLessThan(0.5));
  });

  it("takes the calendar's effect out where it shows and leaves it where it does not", () => {
    const calendar = Float64Array.from({ length: 60 }, (_, at) => (((at * 31) % 7) - 3) / 10);
    const moved = noisy(60).map((value, at) => value + 0.8 * (calendar[at] ?? 0));
    expect(adjust(moved, kernel, 12, calendar).calendarEffect).toBeCloseTo(0.8, 0);
    expect(Math.abs(adjust(noisy(60), kernel, 12, calendar).calendarEffect)).toBeLessThan(0.15);
  });
});
