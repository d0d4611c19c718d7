import type { DashboardReport, DashboardRisk } from "@saldo/schema";
import { expect, it } from "vitest";
import { drillDownOfQuery, filterOfQuery } from "../../state/transaction-query.ts";
import { riskHref } from "./risk-href.ts";

const report: Pick<DashboardReport, "currency" | "period" | "burnOf"> = {
  currency: "GBP",
  burnOf: { from: "2026-08-01", to: "2026-10-31", months: 3, outflowMinor: 2_100 },
  period: { kind: "month", from: "2026-10-01", to: "2026-10-31", partial: false, dataThrough: "2026-10-31" },
};
const risk = (code: DashboardRisk["code"], parameters: DashboardRisk["parameters"]): DashboardRisk => ({ code, severity: "high", amountMinor: 700, parameters });
const opened = (one: DashboardRisk) => {
  const query = new URLSearchParams(riskHref(one, report, "risk").split("?")[1]);
  return { filter: filterOfQuery(query), drill: drillDownOfQuery(query) };
};

it("a risk's money leads to the rows that add up to it", () => {
  expect(opened(risk("one_supplier", { name: "ООО «Двор»", shareBasisPoints: 5_000 }))).toEqual({
    filter: { from: "2025-11-01", to: "2026-10-31", currency: "GBP", rows: { measure: "out", transfers: "without", counterpartyName: "ООО «Двор»" } },
    drill: { amountMinor: 700, currency: "GBP", measure: "expenses", name: "risk" },
  });
  expect(opened(risk("loss_this_month", { month: "2026-10" })).drill).toMatchObject({ amountMinor: -700, measure: "profit" });
  expect(opened(risk("uncategorised", { shareBasisPoints: 5_000 })).filter).toMatchObject({ from: "2026-10-01", rows: { categoryIds: [null] } });
});

it("a change leads to the rows of the later days and is not held to add up", () => {
  expect(opened(risk("category_jump", { month: "2026-10", categoryId: "c", name: "Rent", growthBasisPoints: 9_000 }))).toEqual({
    filter: { from: "2026-10-01", to: "2026-10-31", currency: "GBP", rows: { measure: "out", transfers: "without", categoryIds: ["c"] } },
    drill: undefined,
  });
});

it("a burn rate leads to the months it is the mean of", () => {
  const rows = { measure: "net", transfers: "without" };
  expect(opened(risk("cash_runs_out", { monthsTenths: 20 }))).toEqual({
    filter: { from: "2026-08-01", to: "2026-10-31", currency: "GBP", rows },
    drill: { amountMinor: -2_100, currency: "GBP", measure: "profit", name: "risk" },
  });
});
