import { addMonths, forecastReport, minor } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { buildForecastReport } from "./forecast-report.ts";
import { forecastLedger, type LedgerMonth } from "./ledger-forecast.ts";

function book(from: string, count: number, at: (index: number) => [revenue: number, expenses: number]): LedgerMonth[] {
  return Array.from({ length: count }, (_, index) => {
    const [revenue, expenses] = at(index);
    return { month: addMonths(from, index), revenueMinor: minor(revenue), expensesMinor: minor(expenses) };
  });
}

function noise(index: number): number {
  return ((index * 7919 + 104_729) % 1009) - 504;
}

function forecast(months: readonly LedgerMonth[], asOfMonth: string, horizonMonths = 6) {
  const outcome = forecastLedger({ months, currency: "EUR", horizonMonths, asOfMonth });
  if (!outcome.ok) throw new Error(`${outcome.code} ${outcome.monthsHave}`);
  return outcome.result;
}

describe("forecastLedger", () => {
  it("starts after the last complete month and leaves the current one out", () => {
    const months = book("2023-01", 14, (index) => [100_000 + 100 * index, 80_000]);
    const broken = [...months.slice(0, 13), { month: "2024-02", revenueMinor: minor(5), expensesMinor: minor(900_000_000) }];
    const result = forecast(broken.toReversed(), "2024-01");
    expect(result.historyTo).toBe("2024-01");
    expect(result.monthsHave).toBe(13);
    expect(result.points.map((point) => point.month)).toEqual(["2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07"]);
    expect(result.points[0]?.revenue.mean).toBe(101_300);
    expect(result.points[5]?.expenses).toEqual({ mean: 80_000, lo80: 80_000, hi80: 80_000, lo95: 80_000, hi95: 80_000 });
  });

  it("is in whole minor units, ordered, and net is revenue less expenses exactly", () => {
    const months = book("2020-01", 50, (index) => [500_000 + 70 * noise(index), 480_000 + 31 * noise(3 * index + 1)]);
    for (const { revenue, expenses, net } of forecast(months, "2024-02", 18).points) {
      expect(net.mean).toBe(revenue.mean - expenses.mean);
      for (const amount of [revenue, expenses, net]) {
        const row = [amount.lo95, amount.lo80, amount.mean, amount.hi80, amount.hi95];
        expect(row.every(Number.isSafeInteger)).toBe(true);
        expect(row).toEqual(row.toSorted((a, b) => a - b));
      }
      expect(net.lo95).toBeLessThan(0);
      expect(revenue.lo95).toBeGreaterThanOrEqual(0);
    }
  });

  it("narrows net when revenue and expenses move together and widens it when they oppose", () => {
    const together = book("2021-01", 36, (index) => [500_000 + 70 * noise(index), 400_000 + 70 * noise(index)]);
    const opposed = book("2021-01", 36, (index) => [500_000 + 70 * noise(index), 400_000 - 70 * noise(index)]);
    const width = (months: LedgerMonth[]) => {
      const net = forecast(months, "2023-12").points[0]?.net;
      return (net?.hi95 ?? 0) - (net?.lo95 ?? 0);
    };
    expect(width(together)).toBeLessThan(width(opposed) / 5);
  });

  it("counts months without rows between as zero, and tells how stale the data is", () => {
    const months = book("2023-01", 12, (index) => [1000 + index, 10]).filter((_, index) => index !== 4);
    const result = forecast(months, "2024-06");
    expect(result).toMatchObject({ monthsHave: 11, monthsEmpty: 1, monthsStale: 6, historyTo: "2023-12" });
    expect(result.points[0]?.month).toBe("2024-01");
  });

  it("says when there are fewer than six complete months", () => {
    const months = book("2024-01", 6, () => [1000, 900]);
    expect(forecastLedger({ months, currency: "RUB", horizonMonths: 3, asOfMonth: "2024-05" })).toEqual({
      ok: false,
      code: "not_enough_data",
      monthsHave: 5,
      monthsNeed: 6,
    });
    expect(forecastLedger({ months: [], currency: "RUB", horizonMonths: 3, asOfMonth: "2024-05" }).ok).toBe(false);
    expect(forecast(months, "2024-06").points).toHaveLength(6);
  });

  it("back-tests revenue, expenses and net on the past", () => {
    const months = book("2020-01", 48, (index) => [500_000 + 20 * noise(index), 300_000 + 20 * noise(5 * index)]);
    const { backtest } = forecast(months, "2023-12");
    for (const side of [backtest.revenue, backtest.expenses, backtest.net]) {
      expect(side).toMatchObject({ definition: "rolling_origin", origins: 12, steps: 6 });
    }
    expect(backtest.revenue?.total.accuracyPercent).toBeGreaterThan(95);
  });

  it("stays within safe money at the edge, and refuses malformed months", () => {
    const edge = book("2023-01", 12, (index) => [Number.MAX_SAFE_INTEGER - 1_000_000_000_000 * (12 - index) ** 2, index]);
    expect(Number.isSafeInteger(forecast(edge, "2023-12", 18).points[17]?.net.hi95)).toBe(true);
    const twice = [...book("2023-01", 7, () => [1, 1]), ...book("2023-02", 1, () => [1, 1])];
    expect(() => forecast(twice, "2024-01")).toThrow(RangeError);
    expect(() => forecast(book("2023-01", 7, () => [1, 1]), "2024-13")).toThrow(RangeError);
  });

  it("makes a stored report its schema accepts, either way", () => {
    const months = book("2020-01", 48, (index) => [500_000 + 20 * noise(index), index % 5 === 0 ? 0 : 300_000 + 20 * noise(5 * index)]);
    const request = { months, currency: "EUR", horizonMonths: 6, asOfMonth: "2023-12" };
    const report = forecastReport.parse(JSON.parse(JSON.stringify(buildForecastReport(request))));
    expect(report).toMatchObject({ outcome: "ok", asOfMonth: "2023-12", horizonMonths: 6, model: { net: "revenue - expenses" } });
    expect(forecastReport.parse(buildForecastReport({ ...request, months: [] }))).toEqual({
      version: 1,
      outcome: "not_enough_data",
      currency: "EUR",
      monthsHave: 0,
      monthsNeed: 6,
    });
  });
});
