import type { Finding } from "@saldo/schema";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createServerDatabase, type ServerDatabase } from "../../testing/books.ts";
import type { AiWork } from "../ask-in-turn.ts";
import { startDesk, type DeskOnWires, type WiresRecipe } from "../testing/desk-on-wires.ts";
import { explainChange, type ChangeQuestion } from "./explain-change.ts";
import { nameFindings } from "./name-findings.ts";
import { suggestCategories, type SuggestionRequest } from "./suggest-categories.ts";

let server: ServerDatabase;
let started: DeskOnWires | undefined;
let runs = 0;
beforeAll(async () => {
  server = await createServerDatabase();
});
afterEach(() => started?.close());
afterAll(() => server.drop());

const noDesk: AiWork = { desk: null, account: { workspaceId: "w", jobId: null }, signal: new AbortController().signal, nowMs: () => 0, progress: () => Promise.resolve() };
async function workWith(answers: WiresRecipe["answers"]): Promise<AiWork> {
  started = await startDesk({ answers, pool: server.pool });
  return { ...noDesk, desk: started.desk, account: { workspaceId: `w${runs++}`, jobId: null } };
}
const saying = (value: unknown) => () => ({ kind: "json" as const, value });
const asked = () => [...(started?.wires.openai?.requests ?? []), ...(started?.wires.anthropic?.requests ?? [])];

describe("naming findings", () => {
  const step: Finding = {
    stableKey: "price_step:1",
    kind: "price_step",
    severity: "high",
    scorePermille: 900,
    amountMinor: 20_000,
    currency: "RUB",
    evidence: { version: 1, facts: { kind: "price_step", counterparty: "ПАО «Тайная линия»", beforeMinor: 300_000, amountMinor: 450_000, period: "month", sinceOn: "2026-07-05", payments: 3 }, rows: [], signals: [], subjectKey: "" },
  };
  const request = { findings: [step], locale: "ru", allowNames: false } as const;

  it("in the company's language, names put in by us", async () => {
    const work = await workWith({ openai: saying({ titles: [{ finding: 1, title: "[v1] с 5 июля 2026 берёт 4 500 ₽ вместо 3 000 ₽." }] }) });
    expect([...(await nameFindings(request, work))]).toEqual([["price_step:1", "«ПАО «Тайная линия»» с 5 июля 2026 берёт 4 500 ₽ вместо 3 000 ₽."]]);
    expect(asked()[0]?.body).not.toContain("Тайная");
  });

  it("not where a number is not of the finding, or the language is another", async () => {
    for (const title of ["[v1] берёт 9 999 ₽ вместо 3 000 ₽.", "[v1] takes more since July."]) {
      expect((await nameFindings(request, await workWith({ anthropic: saying({ titles: [{ finding: 1, title }] }) }))).size).toBe(0);
      await started?.close();
    }
    expect((await nameFindings(request, noDesk)).size).toBe(0);
  });
});

describe("suggesting categories", () => {
  const request: SuggestionRequest = {
    rows: [
      { id: "r1", text: "ACME OFFICE 4111111111111111", direction: "out" },
      { id: "r2", text: "ACME OFFICE 4222222222222222", direction: "out" },
      { id: "r3", text: "Payment from a client", direction: "in" },
    ],
    categories: [{ id: "office", name: "Office", kind: "expense" }, { id: "sales", name: "Sales", kind: "income" }],
    locale: "en",
    allowNames: true,
  };
  const placed = (...categories: (string | null)[]) => saying({ placements: categories.map((category, place) => ({ text: place + 1, category })) });

  it("what both models say, for all rows of a text; no card number leaves", async () => {
    const work = await workWith({ openai: placed("c1", "c2"), anthropic: placed("c1", null) });
    expect(await suggestCategories(request, work)).toEqual([{ rowId: "r1", categoryId: "office", check: "agreed" }, { rowId: "r2", categoryId: "office", check: "agreed" }]);
    for (const { body } of asked()) expect(body).not.toMatch(/4111|office"|r1/);
  });

  it("of one model unchecked, of the wrong direction not at all", async () => {
    expect(await suggestCategories(request, await workWith({ openai: placed("c2", "c2") }))).toEqual([{ rowId: "r3", categoryId: "sales", check: "unchecked" }]);
  });

  it("nothing where the company keeps its texts, and nobody is asked", async () => {
    expect(await suggestCategories({ ...request, allowNames: false }, await workWith({ openai: placed("c1", "c2") }))).toEqual([]);
    expect(asked()).toEqual([]);
  });
});

describe("explaining a change", () => {
  const question: ChangeQuestion = {
    subject: { kind: "category", id: "m", name: "Marketing" },
    currency: "USD",
    beforeMinor: 100_000,
    nowMinor: 160_000,
    parts: [
      { kind: "vendor", id: "b", name: "Quiet Posters", beforeMinor: 40_000, nowMinor: 45_000 },
      { kind: "vendor", id: "a", name: "Loud Ads", beforeMinor: 60_000, nowMinor: 115_000 },
    ],
    locale: "en",
    allowNames: false,
  };

  it("in a model's sentences over the report's figures", async () => {
    const work = await workWith({ openai: saying({ sentences: ["[c1] rose by $600.00, most of it through [v1] with $550.00 more.", "[v2] is to blame for $77.00."] }) });
    expect(await explainChange(question, work)).toMatchObject({ by: "model", sentences: ["“Marketing” rose by $600.00, most of it through “Loud Ads” with $550.00 more."] });
    expect(asked()[0]?.body).not.toMatch(/Loud|Quiet/);
  });

  it("by the figures themselves where there is no key or nothing that holds", async () => {
    const own = ["“Marketing”: $1,000.00 → $1,600.00 (+$600.00).", "“Loud Ads”: +$550.00.", "“Quiet Posters”: +$50.00."];
    expect(await explainChange(question, noDesk)).toMatchObject({ by: "figures", sentences: own });
    expect(await explainChange(question, await workWith({ openai: saying({ sentences: ["It rose by 99%."] }) }))).toMatchObject({ by: "figures", sentences: own });
  });
});
