import { minor } from "@saldo/schema";
import { expect, it } from "vitest";
import { generatedBusiness } from "./generated-business.ts";
import { comparePast, pastOrigins, requestAsOf } from "./past-forecast.ts";
import { forecastAtOnce } from "./run-forecast.ts";

const { rows, months, categories } = generatedBusiness(4, 20);
const request = { currency: "EUR", horizonMonths: 6, months, categories, rows, planned: [], cash: null };
const actualOf = (month: string) => months.find((entry) => entry.month === month);

it("a past forecast knows nothing of what came since, and is compared with it month by month and as a whole", () => {
  const [newest, ...older] = pastOrigins(request);
  expect(newest).toBe(months.at(-2)?.month);
  expect(older.length).toBe(11);
  const origin = months.at(-5)?.month ?? "";
  const then = requestAsOf(request, origin);
  // Were the months since others, the forecast of that time would be the same.
  const other = { ...request, months: months.map((entry) => (entry.month > origin ? { ...entry, revenueMinor: minor(entry.revenueMinor * 9) } : entry)) };
  const report = forecastAtOnce(then);
  expect(forecastAtOnce(requestAsOf(other, origin))).toEqual(report);
  if (report.outcome !== "ok" || report.version !== 2) throw new Error(report.outcome);
  const past = comparePast(report, months);
  expect(past?.since.map(({ month }) => month)).toEqual(months.slice(-4).map(({ month }) => month));
  expect(past?.before.at(-1)?.month).toBe(origin);
  let [actual, expected, within] = [0, 0, 0];
  for (const { month, revenue } of past?.since ?? []) {
    expect(revenue.actualMinor).toBe(actualOf(month)?.revenueMinor);
    actual += revenue.actualMinor;
    expected += revenue.expected.mean;
    if (revenue.actualMinor >= revenue.expected.lo80 && revenue.actualMinor <= revenue.expected.hi80) within += 1;
  }
  expect(past?.totals.revenue).toEqual({ actualMinor: actual, expectedMinor: expected, accuracyBasisPoints: Math.round(10_000 * (1 - Math.abs(actual - expected) / actual)), within80: within });
  expect(past?.totals.net.actualMinor).toBe((past?.totals.revenue.actualMinor ?? 0) - (past?.totals.expenses.actualMinor ?? 0));
});

it("books of six months have no past forecast yet, and months ahead are none", () => {
  expect(pastOrigins({ months: months.slice(0, 6) })).toEqual([]);
  expect(pastOrigins({ months: months.slice(0, 7) })).toEqual([months[5]?.month]);
  const report = forecastAtOnce(request);
  expect(report.outcome === "ok" && report.version === 2 ? comparePast(report, months) : null).toBeUndefined();
});
