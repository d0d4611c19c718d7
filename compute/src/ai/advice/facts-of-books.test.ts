import { adviceLedger, advise, type AdviceBooks } from "@saldo/client-core/recommendations";
import { minor, monthRange, recommendationsReport } from "@saldo/schema";
import { expect, it } from "vitest";
import type { ModelDesk } from "../desk.ts";
import { adviseOnBooks } from "./advise-on-books.ts";
import { factsOfBooks } from "./facts-of-books.ts";
import { figuresOf } from "./facts.ts";

const months = monthRange("2025-01", "2026-06");

function books(): AdviceBooks {
  const row = (on: string, amount: number, name: string, categoryId: string, kind: "ordinary" | "payroll" = "ordinary") => ({
    id: `${on} ${name}`, postedOn: on, amountMinor: minor(amount), currency: "EUR", description: "", counterpartyName: name, counterpartyId: null, counterpartyTaxId: null, categoryId, kind,
  });
  const rows = months.flatMap((month, place) => [
    row(`${month}-05`, 900_00, "Client GmbH", "sales"),
    row(`${month}-10`, place >= months.length - 3 ? -300_00 : -200_00, place % 2 === 0 ? "Ads AG" : "ADS AG", "marketing"),
    row(`${month}-25`, -400_00, "Payroll", "people", "payroll"),
  ]);
  const categories = [{ id: "marketing", name: "Marketing", kind: "expense" as const }, { id: "people", name: "Team", kind: "expense" as const }, { id: "sales", name: "Sales", kind: "income" as const }, { id: "idle", name: "Idle", kind: "expense" as const }];
  return { currency: "EUR", rows, categories, months, cashMinor: null, cashAhead: [] };
}

it("totals of fifteen months by category, vendor and client; what has no money now is left out", () => {
  const facts = factsOfBooks(adviceLedger(books()), "en");
  expect(facts.months).toEqual(monthRange("2025-04", "2026-06"));
  expect(facts.subjects.map(({ kind, id, name, isFixed }) => [kind, id, name, isFixed])).toEqual([
    ["category", "people", "Team", true],
    ["category", "marketing", "Marketing", false],
    ["vendor", "payroll", "Payroll", true],
    ["vendor", "ads", "ADS AG", false],
    ["client", "client", "Client GmbH", true],
  ]);
  expect([facts.revenueMinor.at(-1), facts.expensesMinor.at(-1), facts.expensesMinor[0]]).toEqual([900_00, 700_00, 600_00]);
});

it("figures of a subject: now, before, a year ago, its share", () => {
  const facts = factsOfBooks(adviceLedger(books()), "en");
  const ads = facts.subjects.find(({ id }) => id === "ads");
  expect(ads?.names.toSorted()).toEqual(["ADS AG", "Ads AG"]);
  expect(ads && figuresOf(facts, ads)).toEqual({ nowMinor: 300_00, lowestMinor: 300_00, highestMinor: 300_00, monthsBefore: 12, beforeMinor: 200_00, lastYearMinor: 200_00, changePercent: 50, sharePercent: 43, payments: 3 });
});

it("rules alone are what a report holds without a key; with one, a model's advice stands beside them, and none twice", async () => {
  const report = advise(books());
  const work = { desk: null, account: { workspaceId: "w", jobId: null }, signal: new AbortController().signal, nowMs: () => 0, progress: () => Promise.resolve() };
  expect((await adviseOnBooks({ facts: factsOfBooks(adviceLedger(books()), "en"), report, allowNames: false }, work)).report).toBe(report);
  expect(report.items.map(({ code }) => code)).toContain("renegotiate_vendor");
  const proposal = { changePercent: -10, ground: "rose", reason: "[v2] rose by 50%." };
  const proposals = [{ ...proposal, action: "reduce_category", target: "c2" }, { ...proposal, action: "renegotiate_vendor", target: "v2" }];
  const desk: ModelDesk = {
    providers: ["openai"],
    ask: async (provider, question) => ({ ok: true, answer: question.schema.parse({ proposals }), provider, fromCache: false }),
  };
  const both = await adviseOnBooks({ facts: factsOfBooks(adviceLedger(books()), "en"), report, allowNames: false }, { ...work, desk });
  expect(both.report.items.filter(({ source }) => source === "model").map(({ key }) => key)).toEqual(["reduce_category/marketing"]);
  expect(both.report.items.filter(({ source }) => source === "rule")).toEqual(report.items);
  expect(both.advice.dropped).toEqual({ repeats: 1 });
  expect(recommendationsReport.parse(both.report)).toEqual(both.report);
});
