import { forecastReport, minor, monthOf, type BusinessForecast, type Row } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { generatedBusiness } from "./generated-business.ts";
import type { BusinessRequest } from "./model.ts";
import { forecastAtOnce, runForecast } from "./run-forecast.ts";

function requestOf(seed: number, months: number, over: Partial<BusinessRequest> = {}): BusinessRequest {
  const { rows, months: all, categories } = generatedBusiness(seed, months);
  return { currency: "EUR", horizonMonths: 6, months: all, categories, rows, planned: [], cash: { openingMinor: minor(50_000_000), unknownAccounts: 0 }, ...over };
}

function ready(request: BusinessRequest): BusinessForecast {
  const report = forecastReport.parse(JSON.parse(JSON.stringify(forecastAtOnce(request))));
  if (report.outcome !== "ok" || report.version !== 2) throw new Error(report.outcome);
  return report;
}

function plannedItem(over: Partial<Row<"planned_item">>): Row<"planned_item"> {
  return { id: "p1", workspaceId: "w", name: "Plan", amountMinor: minor(-1_000_000), currency: "EUR", categoryId: "rent", firstOn: "2023-01-15", repeat: "once", lastOn: null, likelihood: 1, createdAt: "2022-01-01T00:00:00.000Z", ...over };
}

const usual = requestOf(4, 36);
const plain = ready(usual);
const knownOf = (report: BusinessForecast, source: "recurring" | "planned") => report.known.filter((payment) => payment.source === source);
const rentAhead = (report: BusinessForecast) => report.components.find(({ id }) => id === "category:rent")?.months.map(({ meanMinor }) => meanMinor) ?? [];

describe("the forecast of a business", () => {
  it("has at most eleven parts, the small categories together, and all months ahead", () => {
    expect(plain.components.length).toBeLessThanOrEqual(11);
    expect(plain.components[0]).toMatchObject({ id: "revenue", kind: "revenue" });
    expect(plain.points.map(({ month }) => month)).toEqual(["2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06"]);
    expect(plain.historyMonths.at(-1)).toBe("2022-12");
    plain.components.forEach(({ history, months }) => expect([history.length, months.length]).toEqual([36, 6]));
  });

  it("adds up: parts to totals, totals to profit, profit to cash", () => {
    let cash = 50_000_000;
    plain.points.forEach((point, step) => {
      const sumOf = (kind: string) => plain.components.filter((part) => part.kind === kind).reduce((sum, { months }) => sum + (months[step]?.meanMinor ?? 0), 0);
      expect([point.revenue.mean, point.expenses.mean]).toEqual([sumOf("revenue"), sumOf("expense")]);
      cash += sumOf("revenue") - sumOf("expense");
      expect(point.cash?.mean).toBe(cash);
    });
  });

  it("is told beside the error the same method made on the past", () => {
    for (const test of [plain.backtest.revenue, plain.backtest.expenses, plain.backtest.net]) expect(test).toMatchObject({ origins: 12, totalMonths: 6 });
    expect(plain.backtest.revenue?.totalAccuracyBasisPoints).toBeGreaterThan(7_000);
    expect(plain.backtest.revenue?.monthAccuracyBasisPoints).toBeGreaterThan(7_000);
  });

  it("takes regular payments ahead for known, and none that ended", () => {
    const rent = knownOf(plain, "recurring").filter(({ name }) => name === "Landlord");
    expect(rent.map(({ on }) => monthOf(on))).toEqual(plain.points.map(({ month }) => month));
    expect(rent.reduce((sum, { amountMinor }) => sum - amountMinor, 0)).toBeLessThanOrEqual(rentAhead(plain).reduce((sum, amount) => sum + amount, 0));
    expect(plain.known.every(({ amountMinor }) => amountMinor < 0)).toBe(true);
  });

  it("says when there are fewer than six complete months", () => {
    expect(forecastAtOnce({ ...usual, months: usual.months.slice(0, 5) })).toEqual({ version: 2, outcome: "not_enough_data", currency: "EUR", monthsHave: 5, monthsNeed: 6 });
    expect(forecastAtOnce({ ...usual, months: [] })).toMatchObject({ outcome: "not_enough_data", monthsHave: 0 });
    expect(ready({ ...usual, months: usual.months.slice(0, 6), horizonMonths: 2 }).points).toHaveLength(2);
  });
});

describe("planned payments", () => {
  it("are added in their month, by how likely they are", () => {
    const planned = [plannedItem({ name: "New oven", firstOn: "2023-03-10", likelihood: 0.5, amountMinor: minor(-9_000_001) })];
    const report = ready({ ...usual, planned });
    const added = rentAhead(report).map((amount, step) => amount - (rentAhead(plain)[step] ?? 0));
    expect(added.map((amount) => amount === 0)).toEqual([true, true, false, true, true, true]);
    // Half of it; what is uncertain is also drawn a little towards the forecast of all expenses.
    expect(Math.abs((added[2] ?? 0) / 4_500_000 - 1)).toBeLessThan(0.02);
    expect(knownOf(report, "planned")).toMatchObject([{ on: "2023-03-10", likelihoodPermille: 500, componentId: "category:rent" }]);
  });

  it("take the place of the regular payments they are, and are not counted twice", () => {
    const regular = knownOf(plain, "recurring").filter(({ name }) => name === "Landlord");
    const amountMinor = minor(2 * (regular[0]?.amountMinor ?? 0));
    const report = ready({ ...usual, planned: [plannedItem({ name: "landlord, new contract", amountMinor, firstOn: "2023-01-05", repeat: "month" })] });
    expect(knownOf(report, "recurring").filter(({ name }) => name === "Landlord")).toEqual([]);
    expect(knownOf(report, "planned")).toHaveLength(6);
    rentAhead(report).forEach((amount, step) => {
      const change = amount - (rentAhead(plain)[step] ?? 0);
      expect(Math.abs(change / ((regular[step]?.amountMinor ?? 0) - amountMinor) - 1)).toBeLessThan(0.02);
    });
  });

  it("in another currency are left out and told", () => {
    const report = ready({ ...usual, planned: [plannedItem({ currency: "USD" })] });
    expect(report).toMatchObject({ plannedElsewhere: 1, points: plain.points });
  });
});

it("tells how far it is, and stops when asked", async () => {
  const seen: number[] = [];
  const short = { ...usual, months: usual.months.slice(0, 8), horizonMonths: 1 };
  const report = await runForecast(short, { onProgress: ({ done, total }) => void seen.push(done / total) });
  expect(report).toEqual(forecastAtOnce(short));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  const stop = new AbortController();
  await expect(runForecast(short, { signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) })).rejects.toThrow("enough");
});
