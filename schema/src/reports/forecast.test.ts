import { describe, expect, it } from "vitest";
import { forecastReport } from "./forecast.ts";

describe("a stored forecast", () => {
  const range = { mean: 100, lo80: 90, hi80: 110, lo95: 80, hi95: 120 };

  it("of version 1 still opens", () => {
    const tested = { origins: 12, totalAccuracyBasisPoints: 9_500, smapeBasisPoints: 700, coverage80BasisPoints: 8_000 };
    const stored = {
      version: 1, outcome: "ok", currency: "EUR", asOfMonth: "2026-03", horizonMonths: 1,
      model: { revenue: "ETS(A,N,N)", expenses: "ETS(A,N,N)", net: "revenue - expenses" },
      points: [{ month: "2026-04", revenue: range, expenses: range, net: range }],
      backtest: { revenue: tested, expenses: null, net: tested },
    };
    expect(forecastReport.parse(stored)).toEqual(stored);
  });

  it.each([1, 2])("of too few months, version %d, still opens", (version) => {
    const stored = { version, outcome: "not_enough_data", currency: "EUR", monthsHave: 2, monthsNeed: 6 };
    expect(forecastReport.parse(stored)).toEqual(stored);
  });
});
