import type { WhatIf } from "@saldo/schema";
import { expect, it } from "vitest";
import { changesOf, knobsOf, knobsOfText, missingOf, stillKnobs, textOfKnobs } from "./knobs.ts";

const months = ["2026-11", "2026-12"];
const turned = { percents: { revenue: -5, "category:c": 0 }, people: 2, cost: "1,200.50", from: "2026-12", once: "-300", month: "2026-11", more: [] };

it("knobs survive the way through an address and stand for the same changes", () => {
  const text = textOfKnobs(turned, "GBP");
  expect(knobsOfText(text ?? null, months)).toEqual(turned);
  expect(changesOf(turned, "GBP")).toEqual([
    { kind: "percent", componentId: "revenue", percent: -5 },
    { kind: "hire", count: 2, monthlyCostMinor: 120_050, from: "2026-12" },
    { kind: "one_off", amountMinor: -30_000, month: "2026-11" },
  ]);
});

it("people without what one costs, and an amount that is none, are told", () => {
  expect(missingOf(turned, "GBP")).toBeUndefined();
  expect(missingOf(stillKnobs(months), "GBP")).toBeUndefined();
  expect(missingOf({ ...turned, cost: " " }, "GBP")).toBe("cost");
  expect(missingOf({ ...turned, once: "3a00" }, "GBP")).toBe("misread");
});

it("a saved scenario opens as knobs that stand for the same changes; what no knob stands for stays beside them", () => {
  const component = { id: "revenue", kind: "revenue" as const, categoryId: null, name: null, slot: 0, pooled: 0, model: "", shape: "normal" as const, degreesOfFreedom: 9, history: [], months: [], backtest: null };
  const range = { mean: 0, lo80: 0, hi80: 0, lo95: 0, hi95: 0 };
  const forecast = { components: [component], points: months.map((month) => ({ month, revenue: range, expenses: range, net: range, cash: null })), currency: "JPY" };
  const fits: WhatIf[] = [
    { kind: "percent", componentId: "revenue", percent: -5 },
    { kind: "hire", count: 2, monthlyCostMinor: 120_050, from: "2026-12" },
    { kind: "one_off", amountMinor: -30_000, month: "2026-11" },
  ];
  expect(knobsOf(fits, forecast).more).toEqual([]);
  expect(changesOf(knobsOf(fits, forecast), "JPY")).toEqual(fits);
  const more: WhatIf[] = [
    { kind: "percent", componentId: "revenue", percent: -5, from: "2026-12" },
    { kind: "percent", componentId: "category:gone", percent: 3 },
    { kind: "one_off", amountMinor: 5, month: "2026-12" },
    { kind: "one_off", amountMinor: 5, month: "2020-01" },
    { kind: "hire", count: 40, monthlyCostMinor: 1, from: "2026-11" },
  ];
  expect(knobsOf([...fits, ...more], forecast).more).toEqual(more);
  expect(changesOf(knobsOf([...fits, ...more], forecast), "JPY")).toEqual([...fits, ...more]);
  expect(knobsOf([{ kind: "hire", count: 1, monthlyCostMinor: 7, from: "2026-01" }], forecast)).toMatchObject({ people: 1, cost: "7", from: "2026-11" });
});

it("an address without knobs, with damaged ones, or with ones of other months has none turned", () => {
  for (const text of [null, "{", "{}", JSON.stringify({ ...turned, from: "2020-01" }), JSON.stringify({ ...turned, people: 99 })]) expect(knobsOfText(text, months)).toEqual(stillKnobs(months));
  expect(textOfKnobs(stillKnobs(months), "GBP")).toBeUndefined();
});
