import { lastDay, sumMinor, type BusinessForecast, type ForecastRange, type Month } from "@saldo/schema";
import { historyPointsMin } from "../backtest.ts";
import type { BusinessMonth, BusinessRequest } from "./model.ts";

/** Months a past forecast is compared over at most, and so many months back one may be chosen. */
export const pastMonthsMax = 12;
/** Months shown before it. */
const beforeMax = 12;

/** What is compared of a past forecast. */
export const pastMeasures = ["revenue", "expenses", "net"] as const;
/** See {@link pastMeasures}. */
export type PastMeasure = (typeof pastMeasures)[number];

/** What came in a month, beside what was expected of it. */
export interface ComparedAmount {
  readonly actualMinor: number;
  readonly expected: ForecastRange;
}

/** A past forecast over all months since. */
export interface ComparedTotal {
  readonly actualMinor: number;
  readonly expectedMinor: number;
  /** 100 − |actual − forecast| / |actual| of the total, not below zero, in hundredths of a percent; null where nothing came. */
  readonly accuracyBasisPoints: number | null;
  /** Months that landed within the 80% range. */
  readonly within80: number;
}

/** A forecast of an earlier month beside what came since. */
export interface PastComparison {
  /** The last month it knew. */
  readonly asOfMonth: Month;
  readonly currency: string;
  readonly before: readonly ({ readonly month: Month } & Readonly<Record<PastMeasure, number>>)[];
  readonly since: readonly ({ readonly month: Month } & Readonly<Record<PastMeasure, ComparedAmount>>)[];
  readonly totals: Readonly<Record<PastMeasure, ComparedTotal>>;
}

/** The months a forecast of these books could have been made at the end of, with a month to compare since; the newest first. */
export function pastOrigins({ months }: Pick<BusinessRequest, "months">): Month[] {
  return months.slice(historyPointsMin - 1, -1).map(({ month }) => month).slice(-pastMonthsMax).toReversed();
}

/** What the forecast of a business would have started from at the end of a month: rows, months and plans of that time, and as far ahead as there is something to compare. */
export function requestAsOf(request: BusinessRequest, month: Month): BusinessRequest {
  const end = lastDay(month);
  const months = request.months.filter((entry) => entry.month <= month);
  return {
    ...request,
    months,
    rows: request.rows.filter(({ postedOn }) => postedOn <= end),
    planned: request.planned.filter(({ createdAt }) => createdAt.slice(0, 10) <= end),
    horizonMonths: Math.min(pastMonthsMax, Math.max(1, request.months.length - months.length)),
    cash: null,
  };
}

/** Compares a forecast with the months that came since it was made; undefined when none has. */
export function comparePast({ asOfMonth, currency, points }: Pick<BusinessForecast, "asOfMonth" | "currency" | "points">, months: readonly BusinessMonth[]): PastComparison | undefined {
  const actual = new Map(months.map((entry) => [entry.month, amountsOf(entry)]));
  const since = points.slice(0, pastMonthsMax).flatMap((point) => {
    const came = actual.get(point.month);
    const compared = (measure: PastMeasure): ComparedAmount => ({ actualMinor: came?.[measure] ?? 0, expected: point[measure] });
    return came === undefined ? [] : [{ month: point.month, revenue: compared("revenue"), expenses: compared("expenses"), net: compared("net") }];
  });
  if (since.length === 0) return undefined;
  const totalOf = (measure: PastMeasure) => totalsOf(since.map((month) => month[measure]));
  return {
    asOfMonth,
    currency,
    before: months.filter(({ month }) => month <= asOfMonth).slice(-beforeMax).map((entry) => ({ month: entry.month, ...amountsOf(entry) })),
    since,
    totals: { revenue: totalOf("revenue"), expenses: totalOf("expenses"), net: totalOf("net") },
  };
}

function amountsOf({ revenueMinor, expensesMinor }: BusinessMonth): Record<PastMeasure, number> {
  const expenses = sumMinor(expensesMinor.values());
  return { revenue: revenueMinor, expenses, net: revenueMinor - expenses };
}

function totalsOf(amounts: readonly ComparedAmount[]): ComparedTotal {
  const actualMinor = amounts.reduce((sum, amount) => sum + amount.actualMinor, 0);
  const expectedMinor = amounts.reduce((sum, { expected }) => sum + expected.mean, 0);
  const missed = Math.abs(actualMinor - expectedMinor) / Math.abs(actualMinor);
  return {
    actualMinor,
    expectedMinor,
    accuracyBasisPoints: actualMinor === 0 ? null : Math.max(0, Math.round(10_000 * (1 - missed))),
    within80: amounts.filter(({ actualMinor: came, expected }) => came >= expected.lo80 && came <= expected.hi80).length,
  };
}
