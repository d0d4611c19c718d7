import { describe, expect, it } from "vitest";
import type { PastForecast } from "./backtest.ts";
import { calibrate } from "./calibration.ts";
import type { Prediction } from "./forecast-model.ts";

const prediction: Prediction = { mean: [100], standardDeviation: [10], shape: "normal", degreesOfFreedom: 40, standardisedErrors: [] };

/** One-step forecasts of 100 ± 10 from every place of a series. */
function past(values: readonly number[]): PastForecast[] {
  return values.map((_, pointsKnown) => ({ pointsKnown, prediction }));
}

function widthAfter(values: readonly number[]): number {
  return calibrate(prediction, past(values), values).prediction.standardDeviation[0] ?? Number.NaN;
}

describe("calibrate", () => {
  const swings = (by: number) => Array.from({ length: 18 }, (_, index) => 100 + (index % 2 === 0 ? by : -by));

  it("widens where errors were larger than expected, narrows where they were smaller, half the way at 18 origins", () => {
    const asExpected = 10 * Math.sqrt(2 / Math.PI);
    expect(widthAfter(swings(asExpected))).toBeCloseTo(10, 6);
    expect(widthAfter(swings(2 * asExpected))).toBeCloseTo(10 * Math.SQRT2, 6);
    expect(widthAfter(swings(asExpected / 2))).toBeCloseTo(10 / Math.SQRT2, 6);
  });

  it("is bounded, and leaves a prediction without a past or without width alone", () => {
    expect(widthAfter(swings(1e9))).toBeCloseTo(10 * Math.sqrt(3), 6);
    expect(widthAfter([])).toBe(10);
    const sure = { ...prediction, standardDeviation: [0] };
    expect(calibrate(sure, [{ pointsKnown: 0, prediction: sure }], [100]).prediction.standardDeviation).toEqual([0]);
  });

  it("calibrates a past forecast by what was known then", () => {
    const values = [...swings(20), 1e6];
    const calm = [...swings(20), 100];
    const widths = (series: readonly number[]) => calibrate(prediction, past(series), series).past.map((made) => made.prediction.standardDeviation[0]);
    expect(widths(values)).toEqual(widths(calm));
  });
});
