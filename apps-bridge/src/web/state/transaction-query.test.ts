import { expect, test } from "vitest";
import { drillDownDifference, drillDownHref, drillDownOfQuery, filterOfQuery } from "./transaction-query.ts";

const queryOf = (href: string): URLSearchParams => new URL(href, "https://saldo.example").searchParams;

test("a figure's link names its rows and itself", () => {
  const href = drillDownHref({
    from: "2026-10-01",
    to: "2026-10-31",
    measure: "expenses",
    currency: "RUB",
    amountMinor: 68400000,
    categoryId: "c3",
    name: "Аренда & склад",
  });
  expect(filterOfQuery(queryOf(href))).toEqual({
    from: "2026-10-01",
    to: "2026-10-31",
    categoryId: "c3",
    measure: "expenses",
    currency: "RUB",
  });
  expect(drillDownOfQuery(queryOf(href))).toEqual({ amountMinor: 68400000, currency: "RUB", measure: "expenses", name: "Аренда & склад" });
});

test("rows without a category are asked for by name", () => {
  const href = drillDownHref({ from: "2026-10-01", to: "2026-10-31", measure: "expenses", currency: "RUB", amountMinor: 1, categoryId: null, name: undefined });
  expect(filterOfQuery(queryOf(href)).categoryId).toBeNull();
});

test("what is not understood in an address narrows nothing", () => {
  expect(filterOfQuery(queryOf("/transactions?from=yesterday&direction=up&currency=rub&q="))).toEqual({});
  expect(drillDownOfQuery(queryOf("/transactions?adds=1e3&measure=expenses&currency=RUB"))).toBeUndefined();
});

const none = { inMinor: 0, outMinor: 0, transferInMinor: 0, transferOutMinor: 0 };

test("rows add up to a figure or the difference is told", () => {
  const drill = { amountMinor: 500, currency: "RUB", measure: "expenses", name: undefined } as const;
  expect(drillDownDifference(drill, { ...none, inMinor: 20, outMinor: 520 })).toBe(0);
  expect(drillDownDifference(drill, { ...none, outMinor: 520 })).toBe(20);
  expect(drillDownDifference({ ...drill, measure: "profit", amountMinor: -500 }, { ...none, transferInMinor: 100, transferOutMinor: 600 })).toBe(0);
});
