import { dashboardRisk, minor } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { topRisks, type RiskFacts } from "./risks.ts";

const totals = (revenue: number, expenses: number) => ({ revenueMinor: minor(revenue), expensesMinor: minor(expenses) });
const calm: RiskFacts = {
  month: "2026-05",
  current: totals(100_000, 60_000),
  previous: totals(100_000, 60_000),
  burnRateMinor: -40_000,
  runway: { kind: "no_burn" },
  year: totals(1_200_000, 720_000),
  customer: { name: "ООО «Ромашка»", amountMinor: minor(300_000) },
  supplier: { name: "АО «Север»", amountMinor: minor(200_000) },
  jump: undefined,
  expensesMinor: 60_000,
  uncategorisedMinor: 0,
};
const codes = (facts: Partial<RiskFacts>) => topRisks({ ...calm, ...facts }).map(({ code, severity, amountMinor }) => `${severity} ${code} ${amountMinor}`);

describe("top risks", () => {
  it("are none in calm books", () => {
    expect(codes({})).toEqual([]);
  });

  it.each<[string, Partial<RiskFacts>, string]>([
    ["29 tenths of runway", { runway: { kind: "months", tenths: 29 }, burnRateMinor: 500 }, "high cash_runs_out 500"],
    ["30 tenths of runway", { runway: { kind: "months", tenths: 30 }, burnRateMinor: 500 }, "medium cash_runs_out 500"],
    ["119 tenths of runway", { runway: { kind: "months", tenths: 119 }, burnRateMinor: 500 }, "low cash_runs_out 500"],
    ["burn without a balance", { runway: { kind: "unknown_balance" }, burnRateMinor: 700 }, "medium burning_without_balance 700"],
    ["a loss of a fifth", { current: totals(100_000, 120_000), previous: null }, "medium loss_this_month 20000"],
    ["a loss above a fifth", { current: totals(100_000, 120_011), previous: null }, "high loss_this_month 20011"],
    ["a loss without revenue", { current: totals(0, 1), previous: null }, "high loss_this_month 1"],
    ["revenue a tenth lower", { current: totals(90_000, 60_000) }, "medium revenue_falling 10000"],
    ["revenue three tenths lower", { current: totals(70_000, 60_000) }, "high revenue_falling 30000"],
    ["expenses a tenth higher", { current: totals(100_000, 66_000) }, "medium expenses_growing_faster 6000"],
    ["one customer at four tenths", { customer: { name: "А", amountMinor: minor(480_000) } }, "medium one_customer 480000"],
    ["one customer at six tenths", { customer: { name: "А", amountMinor: minor(720_000) } }, "high one_customer 720000"],
    ["one supplier at four tenths", { supplier: { name: "Б", amountMinor: minor(288_000) } }, "low one_supplier 288000"],
    ["a category half above usual", { jump: { categoryId: "c", name: "Реклама", amountMinor: 9_000, usualMinor: 6_000 } }, "medium category_jump 3000"],
    ["a category three times usual", { jump: { categoryId: "c", name: "Реклама", amountMinor: 18_000, usualMinor: 6_000 } }, "high category_jump 12000"],
    ["a tenth without a category", { uncategorisedMinor: 6_000 }, "low uncategorised 6000"],
    ["three tenths without a category", { uncategorisedMinor: 18_000 }, "medium uncategorised 18000"],
  ])("see %s", (_, facts, risk) => {
    expect(codes(facts)).toEqual([risk]);
    for (const seen of topRisks({ ...calm, ...facts })) expect(dashboardRisk.parse(seen)).toEqual(seen);
  });

  it.each<[string, Partial<RiskFacts>]>([
    ["a year of runway", { runway: { kind: "months", tenths: 120 }, burnRateMinor: 500 }],
    ["revenue a little lower", { current: totals(90_010, 60_000) }],
    ["expenses growing with revenue", { current: totals(110_000, 66_000) }],
    ["nothing to compare with", { current: totals(10_000, 6_000), previous: null }],
    ["a jump of a small category", { jump: { categoryId: "c", name: "Реклама", amountMinor: 2_900, usualMinor: 1 } }],
    ["no expenses at all", { current: totals(100_000, 0), expensesMinor: 0, year: totals(1_200_000, 0), supplier: undefined }],
  ])("see nothing in %s", (_, facts) => {
    expect(codes(facts)).toEqual([]);
  });

  it("are the three worst: by severity, then money, then code", () => {
    const facts: Partial<RiskFacts> = {
      runway: { kind: "months", tenths: 10 },
      burnRateMinor: 50_000,
      current: totals(60_000, 200_000),
      customer: { name: "А", amountMinor: minor(480_000) },
      uncategorisedMinor: 30_000,
    };
    expect(codes(facts)).toEqual(["high loss_this_month 140000", "high cash_runs_out 50000", "high revenue_falling 40000"]);
  });
});
