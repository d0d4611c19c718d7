import { recommendationItem } from "@saldo/schema";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createServerDatabase, type ServerDatabase } from "../../testing/books.ts";
import { startDesk, type DeskOnWires, type WiresRecipe } from "../testing/desk-on-wires.ts";
import { ruleItem, smallCompany } from "../testing/figures.ts";
import type { WireAnswer, WireRequest } from "../testing/model-wire.ts";
import type { AiWork } from "../ask-in-turn.ts";
import { advise, type AdviseRequest } from "./advise.ts";

let server: ServerDatabase;
let started: DeskOnWires | undefined;
let runs = 0;
beforeAll(async () => {
  server = await createServerDatabase();
});
afterEach(() => started?.close());
afterAll(() => server.drop());

const marketing = { action: "reduce_category", target: "c1", changePercent: -20, ground: "rose", reason: "[c1] now costs $3,000.00 a month, 50% more than before." };
const ads = { action: "renegotiate_vendor", target: "v1", changePercent: -10, ground: "rose", reason: "[v1] raised its prices by 80%." };
const proposes = (...proposals: unknown[]): WireAnswer => ({ kind: "json", value: { proposals } });
const says = (...verdicts: readonly (readonly [number, string, number])[]): WireAnswer => ({
  kind: "json",
  value: { verdicts: verdicts.map(([proposal, verdict, changePercent]) => ({ proposal, verdict, changePercent, reason: "" })) },
});
const isCheck = (request: WireRequest) => request.instructions.startsWith("You check");
/** A model that proposes and checks. */
const model = (proposed: WireAnswer, checked: WireAnswer) => (request: WireRequest) => (isCheck(request) ? checked : proposed);
const down: WireAnswer = { kind: "status", status: 500 };

async function advised(answers: WiresRecipe["answers"], more: Partial<AdviseRequest> = {}, wires: Partial<WiresRecipe> = {}) {
  started = await startDesk({ answers, pool: server.pool, ...wires });
  const progress: number[] = [];
  const work: AiWork = {
    desk: started.desk,
    account: { workspaceId: `w${runs++}`, jobId: null },
    signal: new AbortController().signal,
    nowMs: () => progress.length * 10_000 + Date.now(),
    progress: async (permille) => void progress.push(permille),
  };
  const advice = await advise({ facts: smallCompany(), given: [], allowNames: false, priorityOf: () => "high", ...more }, work);
  for (const item of advice.items) expect(recommendationItem.parse(item)).toEqual(item);
  return { advice, progress, requests: [...(started.wires.openai?.requests ?? []), ...(started.wires.anthropic?.requests ?? [])] };
}
const short = ({ advice }: Awaited<ReturnType<typeof advised>>) => ({
  items: advice.items.map(({ key, priority, effect, opinion }) => [key, priority, effect.amountMinor, opinion?.check]),
  mode: advice.mode,
  by: [advice.proposedBy, advice.checkedBy],
});

describe("one proposes, the other checks", () => {
  it("agreed, amended, disagreed", async () => {
    const rent = { ...marketing, target: "c2", ground: "many_payments", reason: "Rent is high." };
    const result = await advised({ openai: () => proposes(marketing, ads, rent), anthropic: () => says([1, "agree", -20], [2, "amend", -5], [3, "disagree", -20]) });
    expect(short(result)).toEqual({
      items: [["reduce_category/0197f000-marketing", "high", 600_00, "agreed"], ["renegotiate_vendor/acme", "high", 120_00, "amended"]],
      mode: "two_models",
      by: ["openai", "anthropic"],
    });
    expect(result.advice.items.map(({ opinion }) => opinion?.confidencePermille)).toEqual([850, 700]);
    expect(result.progress.at(-1)).toBe(1_000);
    expect(result.advice.dropped).toEqual({ disagreed: 1 });
  });

  it("the other way round when the first is down", async () => {
    let asked = 0;
    const openai = (request: WireRequest) => (isCheck(request) ? says([1, "agree", -20]) : (asked++, down));
    const result = await advised({ openai, anthropic: model(proposes(marketing), down) });
    expect(short(result)).toEqual({ items: [["reduce_category/0197f000-marketing", "high", 600_00, "agreed"]], mode: "two_models", by: ["anthropic", "openai"] });
    expect(asked).toBe(2);
  });

  it.each<[string, WiresRecipe["answers"], "openai" | "anthropic"]>([
    ["only OpenAI has a key", { openai: model(proposes(marketing), down) }, "openai"],
    ["only Anthropic has a key", { anthropic: model(proposes(marketing), down) }, "anthropic"],
    ["the checker is down", { openai: () => proposes(marketing), anthropic: () => down }, "openai"],
    ["the checker refuses", { openai: () => proposes(marketing), anthropic: () => ({ kind: "refused" }) }, "openai"],
    ["the checker talks nonsense", { openai: () => proposes(marketing), anthropic: () => ({ kind: "text", text: "{" }) }, "openai"],
  ])("unchecked when %s", async (_, answers, by) => {
    expect(short(await advised(answers))).toEqual({ items: [["reduce_category/0197f000-marketing", "medium", 600_00, "unchecked"]], mode: "one_model", by: [by, null] });
  });

  it.each<[string, WireAnswer]>([
    ["down", down],
    ["without room", { kind: "status", status: 529 }],
    ["busy", { kind: "status", status: 429 }],
    ["refusing", { kind: "refused" }],
    ["cut short", { kind: "truncated", text: '{"proposals":[' }],
    ["not to be understood", { kind: "text", text: '{"proposals":[{"action":"wire_money"}]}' }],
    ["silent", { kind: "silent" }],
  ])("nothing when both are %s", async (_, answer) => {
    const result = await advised({ openai: () => answer, anthropic: () => answer }, {}, { requestMsMax: 60 });
    expect(result.advice).toEqual({ items: [], mode: "off", proposedBy: null, checkedBy: null, dropped: {} });
  });

  it("nothing without a key, and nothing over the budget", async () => {
    const work: AiWork = { desk: null, account: { workspaceId: "w", jobId: null }, signal: new AbortController().signal, nowMs: () => 0, progress: () => Promise.resolve() };
    expect((await advise({ facts: smallCompany(), given: [], allowNames: false, priorityOf: () => "high" }, work)).mode).toBe("off");
    const { advice, requests } = await advised({ openai: () => proposes(marketing) }, {}, { budgetMicros: 10 });
    expect([advice.mode, requests.length]).toEqual(["off", 0]);
  });
});

describe("what models see", () => {
  const names = /Acme Secret|Globex Hidden|0197f000|acme|globex/;

  it("totals and categories, counterparties as stand-ins, no id of the books", async () => {
    const { requests } = await advised({ openai: () => proposes(marketing), anthropic: () => says([1, "agree", -20]) }, { given: [ruleItem("0197f000-rent")] });
    expect(requests).toHaveLength(2);
    for (const { body, data } of requests) {
      expect(body).not.toMatch(names);
      expect(data).toMatch(/"Marketing"[\s\S]*"Vendor 1"[\s\S]*"Client 1"/);
    }
    expect(requests[0]?.data).toContain('"action": "reduce_category",\n   "target": "c2"');
  });

  it("names where the company allows them", async () => {
    const { requests } = await advised({ openai: () => proposes() }, { allowNames: true });
    expect(requests[0]?.data).toMatch(/Acme Secret Ads Ltd[\s\S]*Globex Hidden Corp/);
    expect(requests[0]?.body).not.toContain("0197f000");
  });
});

describe("what is shown", () => {
  it("the model's sentence where its numbers are ours, else our own with the same names", async () => {
    const { advice } = await advised({ openai: () => proposes(marketing, { ...ads, changePercent: -25, reason: "[v1] could save you $9,999 a month." }) });
    expect(advice.items.map(({ opinion }) => [opinion?.isRewritten, opinion?.reason])).toEqual([
      [false, "“Marketing” now costs $3,000.00 a month, 50% more than before."],
      [true, "“Acme Secret Ads Ltd” cost $2,400.00 a month over the last 3 months, 60% more than before. 25% less saves $600.00 a month."],
    ]);
  });

  it("figures whose rows add up to them", async () => {
    const { advice } = await advised({ openai: () => proposes(marketing) });
    expect(advice.items[0]?.figures.slice(0, 2)).toEqual([
      { name: "now", unit: "money_per_month", value: 3_000_00, rows: { from: "2026-07-01", to: "2026-09-30", direction: "out", categoryId: "0197f000-marketing", totalMinor: 9_000_00, count: 6, dividedBy: 3 } },
      { name: "before", unit: "money_per_month", value: 2_000_00, rows: { from: "2025-12-01", to: "2026-06-30", direction: "out", categoryId: "0197f000-marketing", totalMinor: 14_000_00, count: 14, dividedBy: 7 } },
    ]);
  });

  it("in Russian where the company speaks it", async () => {
    const facts = { ...smallCompany(), locale: "ru" as const, currency: "RUB" };
    const { advice, requests } = await advised({ openai: () => proposes(marketing) }, { facts });
    expect(requests[0]?.instructions).toContain("in Russian");
    expect(advice.items[0]?.opinion?.reason.replace(/[\u00A0\u202F]/g, " ")).toBe("«Marketing»: 3 000,00 ₽ в месяц за последние 3 месяца, на 50% больше, чем раньше. Снижение на 20% даст 600,00 ₽ в месяц.");
  });
});
