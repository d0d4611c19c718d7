import { describe, expect, it } from "vitest";
import { difference, estimateSarima, projectSarima, varianceFactors } from "./estimate.ts";
import { driftingSeason, noSeason } from "./families.ts";
import { filterArma } from "./filter.ts";
import type { SarimaForm } from "./form.ts";

/** International airline passengers in thousands, January 1949 to December 1960: series G of Box & Jenkins (1970). */
const passengers = [
  112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199,
  184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227,
  234, 264, 302, 293, 259, 229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
  315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559,
  463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
];
const logs = passengers.map(Math.log);
const airline: SarimaForm = { p: 0, d: 1, q: 1, seasonalP: 0, seasonalD: 1, seasonalQ: 1, constant: false };

describe("estimateSarima", () => {
  it("finds the published estimates of the airline model", () => {
    const differenced = difference(logs, airline, 12);
    const estimate = estimateSarima(airline, differenced, 12);
    if (estimate === undefined) throw new Error("no estimate");
    // R: arima(log(AirPassengers), c(0,1,1), c(0,1,1)): ma1 −0.4018, sma1 −0.5569, σ² 0.001348, log-likelihood 244.70.
    expect(estimate.coefficients.ma[0]).toBeCloseTo(-0.4018, 2);
    expect(estimate.coefficients.ma[11]).toBeCloseTo(-0.5569, 2);
    const pass = filterArma(estimate.coefficients, differenced);
    const count = differenced.length;
    const variance = pass.squaredErrors / count;
    expect(variance).toBeCloseTo(0.001348, 5);
    expect(-0.5 * (count * (Math.log(2 * Math.PI * variance) + 1) + pass.logFactors)).toBeCloseTo(244.7, 1);
  });

  it("refuses a form with more to estimate than there are values", () => {
    expect(estimateSarima(airline, Float64Array.of(1, 2, 3, 4), 12)).toBeUndefined();
  });

  it("has nothing to estimate in a series without variation", () => {
    expect(noSeason.fit(Array.from({ length: 24 }, () => 5), 12)).toBeUndefined();
  });
});

describe("forecasts", () => {
  it("continues the passengers as R does", () => {
    // R: exp(predict(arima(…), 12)$pred), January to June 1961.
    const published = [450.4, 425.7, 479.0, 492.4, 509.1, 583.3];
    const means = driftingSeason.fit(logs, 12)?.predict(6).mean.map(Math.exp) ?? [];
    means.forEach((mean, step) => expect(Math.abs(mean / (published[step] ?? 0) - 1)).toBeLessThan(0.01));
  });

  it("of a random walk stay where it ended, with a variance that grows by one each step", () => {
    const walk: SarimaForm = { p: 0, d: 1, q: 0, seasonalP: 0, seasonalD: 0, seasonalQ: 0, constant: false };
    const none = { ar: new Float64Array(0), ma: new Float64Array(0), constant: 0 };
    const pass = filterArma(none, difference([3, 1, 4, 1, 5], walk, 12));
    expect(projectSarima(walk, none, pass, [3, 1, 4, 1, 5], 12, 3)).toEqual([5, 5, 5]);
    expect(varianceFactors(walk, none, 12, 4)).toEqual([1, 2, 3, 4]);
  });

  it("of a differenced season repeat last year's months, with a variance that jumps after a year", () => {
    const naive: SarimaForm = { p: 0, d: 0, q: 0, seasonalP: 0, seasonalD: 1, seasonalQ: 0, constant: false };
    const none = { ar: new Float64Array(0), ma: new Float64Array(0), constant: 0 };
    const values = [1, 2, 3, 4, 1, 2, 3, 4];
    expect(projectSarima(naive, none, filterArma(none, difference(values, naive, 4)), values, 4, 5)).toEqual([1, 2, 3, 4, 1]);
    expect(varianceFactors(naive, none, 4, 5)).toEqual([1, 1, 1, 1, 2]);
  });

  it("with parameters kept, another stretch gives what the same stretch gave", () => {
    const fitted = driftingSeason.fit(logs, 12);
    expect(fitted?.withValues(logs)?.predict(6)).toEqual(fitted?.predict(6));
  });
});
