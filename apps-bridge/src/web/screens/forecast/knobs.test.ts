import { expect, it } from "vitest";
import { changesOf, knobsOfText, stillKnobs, textOfKnobs } from "./knobs.ts";

const months = ["2026-11", "2026-12"];
const turned = { percents: { revenue: -5, "category:c": 0 }, people: 2, cost: "1,200.50", from: "2026-12", once: "-300", month: "2026-11" };

it("knobs survive the way through an address and stand for the same changes", () => {
  const text = textOfKnobs(turned, "GBP");
  expect(knobsOfText(text ?? null, months)).toEqual(turned);
  expect(changesOf(turned, "GBP")).toEqual([
    { kind: "percent", componentId: "revenue", percent: -5 },
    { kind: "hire", count: 2, monthlyCostMinor: 120_050, from: "2026-12" },
    { kind: "one_off", amountMinor: -30_000, month: "2026-11" },
  ]);
});

it("an address without knobs, with damaged ones, or with ones of other months has none turned", () => {
  for (const text of [null, "{", "{}", JSON.stringify({ ...turned, from: "2020-01" }), JSON.stringify({ ...turned, people: 99 })]) expect(knobsOfText(text, months)).toEqual(stillKnobs(months));
  expect(textOfKnobs(stillKnobs(months), "GBP")).toBeUndefined();
});
