import { describe, expect, it } from "vitest";
import { forecastSeries } from "./series-forecast.ts";

const season = [5, -3, 2, 8, -6, 0, 4, -9, 1, 3, -7, 2];

function forecast(values: readonly number[], horizon = 6, mayCrossZero = false) {
  const outcome = forecastSeries(values, { period: 12, horizon, mayCrossZero });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.result;
}

function series(count: number, at: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => at(index));
}

describe("forecastSeries on series whose answer is known", () => {
  it.each([0, 1, 1234.56, -40])("continues a constant %d with no width", (value) => {
    const result = forecast(series(30, () => value));
    for (const steps of [result.mean, result.lo95, result.hi95]) steps.forEach((step) => expect(step).toBeCloseTo(value, 9));
    expect(result.backtest?.sMapePercent).toBeCloseTo(0, 9);
  });

  it.each([8, 12, 30, 60])("continues a straight line of %d points", (count) => {
    const result = forecast(series(count, (index) => 100 + 7 * index));
    result.mean.forEach((step, index) => expect(step).toBeCloseTo(100 + 7 * (count + index), 4));
  });

  it("repeats a pure additive season on a line, also below zero", () => {
    for (const base of [200, -200, 0]) {
      const at = (index: number) => base + 0.5 * index + (season[index % 12] ?? 0);
      const result = forecast(series(48, at), 18, true);
      result.mean.forEach((step, index) => expect(step).toBeCloseTo(at(48 + index), 4));
    }
  });

  it("repeats a pure multiplicative season", () => {
    const at = (index: number) => 100 * (1 + (season[index % 12] ?? 0) / 20);
    const result = forecast(series(36, at), 12);
    result.mean.forEach((step, index) => expect(step).toBeCloseTo(at(36 + index), 4));
  });

  it("knows no season with less than two full years, and uses one with more", () => {
    const at = (index: number) => 1000 + 40 * (season[index % 12] ?? 0) + ((index * 7919) % 13);
    expect(forecast(series(23, at)).model.name).toMatch(/^ETS\(A,\w+,N\) \+ ARIMA\(\d,1,\d\) \+ Theta$/);
    expect(forecast(series(48, at)).model.name).toMatch(/^ETS\(A,\w+,A\) \+ ARIMA\(\d,1,\d\)\(1,0,1\)\[12\] .* \+ Theta, seasonal \+ Gaussian process, seasonal$/);
  });

  it("refuses fewer than six values and accepts six, without a back-test", () => {
    expect(forecastSeries([1, 2, 3, 4, 5], { period: 12, horizon: 3 })).toEqual({
      ok: false,
      code: "not_enough_data",
      pointsHave: 5,
      pointsNeed: 6,
    });
    expect(forecast([1, 2, 3, 4, 5, 7]).backtest).toBeNull();
    expect(forecast([1, 2, 3, 4, 5, 7, 6]).backtest?.origins).toBe(1);
  });

  it("stays at or above zero for a falling positive history unless it may cross", () => {
    const falling = series(24, (index) => 100 - 4 * index + ((index * 31) % 7));
    expect(Math.min(...forecast(falling, 18).lo95)).toBe(0);
    expect(Math.min(...forecast(falling, 18, true).lo95)).toBeLessThan(0);
  });

  it("throws on options and values that are out of range", () => {
    const values = series(12, (index) => index);
    expect(() => forecastSeries(values, { period: 12, horizon: 0 })).toThrow(RangeError);
    expect(() => forecastSeries(values, { period: 12, horizon: 19 })).toThrow(RangeError);
    expect(() => forecastSeries(values, { period: 0, horizon: 1 })).toThrow(RangeError);
    expect(() => forecastSeries([...values, Number.NaN], { period: 12, horizon: 1 })).toThrow(RangeError);
  });
});
