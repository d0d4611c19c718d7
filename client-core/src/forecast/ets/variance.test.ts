import { describe, expect, it } from "vitest";
import type { EtsForm } from "./form.ts";
import { runStates, projectState, type EtsState } from "./state.ts";
import { stepVariances } from "./variance.ts";

const parameters = { alpha: 0.4, beta: 0.1, gamma: 0.2, phi: 1 };

/** A seeded linear congruential generator turned normal by the central limit of twelve draws. */
function seededNormals(seed: number): () => number {
  let state = seed;
  return () => {
    let sum = -6;
    for (let draw = 0; draw < 12; draw += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 4294967296;
    }
    return sum;
  };
}

/** Variance of simulated paths, each step's value drawn from the model itself. */
function simulatedVariances(form: EtsForm, state: EtsState, sigma: number, horizon: number): number[] {
  const normal = seededNormals(20240229);
  const paths = 20_000;
  const sums = Array.from({ length: horizon }, () => 0);
  const squares = Array.from({ length: horizon }, () => 0);
  const phi = form.trend === "Ad" ? 0.9 : 1;
  for (let path = 0; path < paths; path += 1) {
    let now = state;
    for (let step = 0; step < horizon; step += 1) {
      const expected = projectState(form, phi, now, 1)[0] ?? 0;
      const error = sigma * normal();
      const value = form.error === "M" ? expected * (1 + error) : expected + error;
      sums[step] = (sums[step] ?? 0) + value;
      squares[step] = (squares[step] ?? 0) + value * value;
      now = runStates(form, { ...parameters, phi }, now, [value]).state;
    }
  }
  return sums.map((sum, step) => (squares[step] ?? 0) / paths - (sum / paths) ** 2);
}

const additive = [0.1, -0.2, 0.05, 0.05];
const multiplicative = [1.1, 0.8, 1.05, 1.05];

describe("stepVariances", () => {
  it("is the textbook sum for simple smoothing: sigma² (1 + (h − 1) alpha²)", () => {
    const form: EtsForm = { error: "A", trend: "N", season: "N" };
    const level = { ...parameters, beta: 0, gamma: 0 };
    const variances = stepVariances(form, level, { level: 1, growth: 0, season: [] }, 4, 5);
    variances.forEach((variance, step) => expect(variance).toBeCloseTo(4 * (1 + step * 0.16), 12));
  });

  it.each<[EtsForm]>([
    [{ error: "A", trend: "A", season: "N" }],
    [{ error: "A", trend: "Ad", season: "A" }],
    [{ error: "M", trend: "A", season: "N" }],
    [{ error: "M", trend: "Ad", season: "A" }],
    [{ error: "M", trend: "A", season: "M" }],
  ])("agrees with simulated paths of %o", (form) => {
    const season = form.season === "N" ? [] : form.season === "A" ? additive : multiplicative;
    const state = { level: 1, growth: 0.02, season };
    const phi = form.trend === "Ad" ? 0.9 : 1;
    const expected = simulatedVariances(form, state, 0.05, 6);
    const used = form.season === "N" ? { ...parameters, gamma: 0, phi } : { ...parameters, phi };
    const exact = stepVariances(form, used, state, 0.0025, 6);
    // Sampling error of a variance over 20,000 paths is 1%.
    exact.forEach((variance, step) => expect(Math.abs(variance / (expected[step] ?? 0) - 1)).toBeLessThan(0.04));
  });
});
