import { describe, expect, it } from "vitest";
import { filterArma, psiWeights } from "./filter.ts";

const coefficients = (ar: number[], ma: number[], constant = 0) => ({ ar: Float64Array.from(ar), ma: Float64Array.from(ma), constant });

/** −2 log-likelihood less its constants, by the covariance matrix of the whole series: an independent and slow way. */
function denseDeviance(ar: number[], ma: number[], values: readonly number[]): number {
  const psi = psiWeights(ar, ma, 4_000);
  const covariance = (lag: number) => psi.subarray(0, psi.length - lag).reduce((sum, weight, index) => sum + weight * (psi[index + lag] ?? 0), 0);
  const factors = values.map((_, row) => values.map((__, column) => covariance(Math.abs(row - column))));
  let logDeterminant = 0;
  const solved: number[] = [];
  // Cholesky, row by row, with forward substitution of the values.
  const lower: number[][] = [];
  for (const [row, covariances] of factors.entries()) {
    const line: number[] = [];
    for (let column = 0; column <= row; column += 1) {
      let value = covariances[column] ?? 0;
      for (let back = 0; back < column; back += 1) value -= (line[back] ?? 0) * ((column === row ? line : lower[column])?.[back] ?? 0);
      line.push(column === row ? Math.sqrt(value) : value / (lower[column]?.[column] ?? 1));
    }
    lower.push(line);
    const pivot = line[row] ?? 1;
    logDeterminant += 2 * Math.log(pivot);
    solved.push(((values[row] ?? 0) - solved.reduce((sum, each, back) => sum + each * (line[back] ?? 0), 0)) / pivot);
  }
  return solved.reduce((sum, each) => sum + each * each, logDeterminant);
}

const values = Array.from({ length: 40 }, (_, index) => Math.sin(index * 1.7) + ((index * 7919) % 13) / 6 - 1);

describe("filterArma", () => {
  it.each([
    ["white noise", [], []],
    ["AR(1)", [0.7], []],
    ["AR(2), cyclic", [1.2, -0.6], []],
    ["MA(1)", [], [-0.8]],
    ["MA(2)", [], [0.4, 0.3]],
    ["ARMA(1,1)", [0.9], [-0.5]],
    ["ARMA(2,1)", [0.5, 0.2], [0.4]],
    ["airline of period 4", [], [-0.4, 0, 0, -0.5, 0.2]],
    ["seasonal of period 4", [0.5, 0, 0, 0.8, -0.4], [-0.3, 0, 0, -0.6, 0.18]],
  ])("gives the exact likelihood of %s", (_, ar, ma) => {
    const pass = filterArma(coefficients(ar, ma), Float64Array.from(values));
    expect(pass.squaredErrors + pass.logFactors).toBeCloseTo(denseDeviance(ar, ma, values), 6);
  });

  it("gives innovations of unit scale that the constant shifts", () => {
    const errors: number[] = [];
    const pass = filterArma(coefficients([0.6], [], 2), Float64Array.from(values.map((value) => value + 2)), errors);
    const plain: number[] = [];
    filterArma(coefficients([0.6], []), Float64Array.from(values), plain);
    errors.forEach((error, index) => expect(error).toBeCloseTo(plain[index] ?? 0, 9));
    expect(pass.squaredErrors).toBeCloseTo(errors.reduce((sum, error) => sum + error * error, 0), 9);
  });

  it("has no likelihood for a model that is not stationary", () => {
    expect(filterArma(coefficients([1], []), Float64Array.from(values)).squaredErrors).toBe(Infinity);
  });
});
