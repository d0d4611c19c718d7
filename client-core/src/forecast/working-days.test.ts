import { describe, expect, it } from "vitest";
import { forecastSeries } from "./series-forecast.ts";
import { workingDays } from "./working-days.ts";

describe("workingDays", () => {
  it("is nothing for four whole weeks, up for days of work and down for weekends beyond them", () => {
    // February 2026 has 28 days; March begins on a Sunday and has 31, so a Sunday, a Monday and a Tuesday more; January a Thursday, a Friday and a Saturday more.
    const found = Array.from(workingDays("2026-01", 3));
    [2 - 2.5, 0, 2 - 2.5].forEach((value, at) => expect(found[at]).toBeCloseTo(value / 10, 12));
    expect(workingDays("2024-02", 1)[0]).toBeCloseTo(0.1, 12);
  });
});

describe("a series that follows the working days", () => {
  const days = workingDays("2019-01", 78);
  const values = Array.from({ length: 78 }, (_, at) => 1_000 * Math.exp(0.4 * (days[at] ?? 0) + ((((at * 7919) % 101) - 50) / 50) * 0.015));
  const errorOf = (firstMonth: string | undefined) => {
    const outcome = forecastSeries(values.slice(0, 72), { period: 12, horizon: 6, ...(firstMonth === undefined ? {} : { firstMonth }) });
    if (!outcome.ok) throw new Error(outcome.code);
    return outcome.result.mean.reduce((sum, mean, step) => sum + Math.abs(mean / (values[72 + step] ?? 1) - 1), 0) / 6;
  };

  it("is forecast by them where its months are known", () => {
    expect(errorOf("2019-01")).toBeLessThan(0.02);
    expect(errorOf("2019-01")).toBeLessThan(errorOf(undefined) / 1.5);
  });
});
