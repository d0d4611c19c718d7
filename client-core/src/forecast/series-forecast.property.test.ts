import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastSeries, type SeriesForecast } from "./series-forecast.ts";

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: 0, max: 1e4, noNaN: true }),
  fc.constant(0),
  fc.integer({ min: 1, max: 1000 }),
);
const positive = fc.oneof(fc.double({ min: 0.01, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 1000 }));
const history = fc.oneof(fc.array(value, { minLength: 6, maxLength: 60 }), fc.array(positive, { minLength: 6, maxLength: 60 }));
const horizon = fc.integer({ min: 1, max: 18 });
// A failure prints its seed; shrinking a series of floats takes minutes and explains nothing.
const runs = { numRuns: 150, endOnFailure: true };

function forecast(values: readonly number[], steps: number): SeriesForecast {
  const outcome = forecastSeries(values, { period: 12, horizon: steps });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.result;
}

function endsOf({ lo95, lo80, mean, hi80, hi95 }: SeriesForecast): number[][] {
  return mean.map((centre, step) => [lo95[step], lo80[step], centre, hi80[step], hi95[step]].map((end) => end ?? Number.NaN));
}

describe("forecastSeries on any series", () => {
  it("gives finite, ordered intervals of the asked length that keep the sign of the history", () => {
    fc.assert(
      fc.property(history, horizon, (values, steps) => {
        const ends = endsOf(forecast(values, steps));
        expect(ends).toHaveLength(steps);
        for (const row of ends) {
          expect(row.every((end) => Number.isFinite(end))).toBe(true);
          expect(row).toEqual(row.toSorted((a, b) => a - b));
          if (values.every((entry) => entry >= 0)) expect(row[0]).toBeGreaterThanOrEqual(0);
          if (values.every((entry) => entry <= 0)) expect(row[4]).toBeLessThanOrEqual(0);
        }
      }),
      runs,
    );
  });

  it("gives the same answer twice, and the mirrored one for the mirrored series", () => {
    fc.assert(
      fc.property(history, (values) => {
        const once = forecast(values, 6);
        expect(forecast(values, 6)).toEqual(once);
        if (values.every((entry) => entry > 0)) {
          const mirrored = forecast(values.map((entry) => -entry), 6);
          expect(mirrored.mean.map((entry) => 0 - entry)).toEqual(once.mean);
          expect(mirrored.lo95.map((entry) => 0 - entry)).toEqual(once.hi95);
        }
      }),
      runs,
    );
  });

  it("scales with the series exactly for powers of two", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: -20, max: 20 }), (values, exponent) => {
        const factor = 2 ** exponent;
        // Values that leave the normal range of doubles when scaled lose bits, which is no matter of forecasting.
        fc.pre(values.every((entry) => entry === 0 || Math.abs(entry) > 1e-200));
        const plain = forecast(values, 6);
        const scaled = forecast(values.map((entry) => entry * factor), 6);
        expect(scaled.model).toEqual(plain.model);
        expect(scaled.mean).toEqual(plain.mean.map((entry) => entry * factor));
        expect(scaled.hi95).toEqual(plain.hi95.map((entry) => entry * factor));
      }),
      runs,
    );
  });

  it("back-tests without looking ahead: a change of the last value changes no earlier forecast", () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 8, maxLength: 50 }), positive, (values, other) => {
        const changed = [...values.slice(0, -1), other];
        const a = forecast(values, 1).backtest;
        const b = forecast(changed, 1).backtest;
        // One step ahead, only the last comparison may differ: by exactly the change of that error.
        const count = a?.origins ?? 0;
        const sumA = (a?.meanAbsoluteError ?? 0) * count;
        const sumB = (b?.meanAbsoluteError ?? 0) * count;
        const size = Math.max(...values, other);
        expect(Math.abs(sumA - sumB)).toBeLessThanOrEqual(Math.abs((values.at(-1) ?? 0) - other) + 1e-9 * size);
      }),
      runs,
    );
  });
});
