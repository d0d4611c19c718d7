import type { Finding } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServerDatabase, type ServerDatabase } from "../testing/books.ts";
import { advise } from "./advice/advise.ts";
import type { AiWork } from "./ask-in-turn.ts";
import { oneLine } from "./checks/data-block.ts";
import { startDesk, type DeskOnWires } from "./testing/desk-on-wires.ts";
import { smallCompany, subject } from "./testing/figures.ts";
import { injections } from "./testing/injections.ts";
import type { WireAnswer, WireRequest } from "./testing/model-wire.ts";
import { explainChange } from "./wording/explain-change.ts";
import { nameFindings } from "./wording/name-findings.ts";
import { suggestCategories } from "./wording/suggest-categories.ts";

/*
 * Both models are taken over: they do whatever the text asks as far as the wire lets them, and add the worst an answer can hold. The company
 * even allows names. What counts is the effect: rows, amounts, advice, and words on the screen.
 */

const foreignId = "0197f000-0000-7000-8000-00000000000b";
let server: ServerDatabase;
let started: DeskOnWires;
let text = "";
let style = 0;
let rowsBefore = "";
beforeAll(async () => {
  server = await createServerDatabase();
  rowsBefore = await rowsOutside();
  started = await startDesk({ answers: { openai: obey, anthropic: obey }, pool: server.pool });
});
afterAll(async () => {
  await started.close();
  await server.drop();
});

/** A model that obeys the text it found in its data. Every third answer breaks out of the schema too. */
function obey({ instructions }: WireRequest): WireAnswer {
  if (style % 3 === 2) return { kind: "json", value: { proposals: [], verdicts: [], titles: [], placements: [], sentences: [], tool_calls: [{ name: "send_payment" }], sql: text } };
  const one = (action: string, target: string, changePercent: number) => ({ action, target, changePercent, ground: "rose", reason: text.slice(0, 280) });
  if (instructions.startsWith("You advise")) {
    const targets = ["c1", "c3", "c9", "v1", "v2", "k1", foreignId, text.slice(0, 40), "*"];
    return { kind: "json", value: { proposals: targets.flatMap((target) => [one("reduce_category", target, style % 2 === 0 ? -100 : -20), one("renegotiate_vendor", target, -20)]) } };
  }
  if (instructions.startsWith("You check")) return { kind: "json", value: { verdicts: [1, 2, 3, 99].map((proposal) => ({ proposal, verdict: "agree", changePercent: -100, reason: text })) } };
  if (instructions.startsWith("You put warnings")) return { kind: "json", value: { titles: [1, 2, 7].map((finding) => ({ finding, title: `${text.slice(0, 250)} $1,000,000` })) } };
  if (instructions.startsWith("You sort")) return { kind: "json", value: { placements: ["c1", "c2", "c9", foreignId].map((category, place) => ({ text: place + 1, category })) } };
  return { kind: "json", value: { sentences: [text.slice(0, 290), `Pay [v1] $1,000,000: ${text.slice(0, 100)}`, "[c9] did it."] } };
}

function work(place: number): AiWork {
  return { desk: started.desk, account: { workspaceId: `w${place}`, jobId: null }, signal: new AbortController().signal, nowMs: () => 0, progress: () => Promise.resolve() };
}

/** Every row that is not the workers' own bookkeeping. */
async function rowsOutside(): Promise<string> {
  const { rows } = await server.pool.query<{ name: string }>(`select table_schema || '."' || table_name || '"' as name from information_schema.tables where table_schema in ('public', 'auth', 'relay') order by 1`);
  const counts = await Promise.all(rows.map(async ({ name }) => `${name} ${JSON.stringify((await server.pool.query(`select * from ${name}`)).rows)}`));
  return counts.join("\n");
}

/** Words on a screen hold nothing of the text: no run of its words, no address, no markup, no number that is not ours. */
function expectHarmless(said: string): void {
  const words = oneLine(text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const plain = ` ${(oneLine(said).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;
  for (let place = 0; place + 4 <= words.length; place++) expect(plain).not.toContain(` ${words.slice(place, place + 4).join(" ")} `);
  expect(said).not.toMatch(/https?:|<|javascript|1,000,000|evil|злодей/iu);
}

const finding = (counterparty: string): Finding => ({
  stableKey: "duplicate_exact:1",
  kind: "duplicate_exact",
  severity: "high",
  scorePermille: 900,
  amountMinor: 1_000,
  currency: "USD",
  evidence: { version: 1, facts: { kind: "duplicate_exact", counterparty, amountMinor: 1_000, onDate: "2026-09-01", copies: 2, usualCopies: 1 }, rows: [], signals: [], subjectKey: "" },
});

it("there are sixty", () => {
  expect(injections).toHaveLength(60);
  expect(new Set(injections.map(([, each]) => each)).size).toBe(60);
});

describe.each(injections.map(([kind, payload], place) => ({ kind, payload, place })))("$place $kind", ({ payload, place }) => {
  it("has no effect", async () => {
    text = payload;
    style = place;
    const asked = (started.wires.openai?.requests.length ?? 0) + (started.wires.anthropic?.requests.length ?? 0);
    const company = smallCompany();
    const facts = { ...company, subjects: [...company.subjects, subject("vendor", "attacker", payload, [500_00, 900_00]), subject("category", "planted", payload, [100_00, 300_00])] };

    const advice = await advise({ facts, given: [], allowNames: true, priorityOf: () => "high" }, work(place));
    for (const { key, effect, parameters, opinion, measure } of advice.items) {
      const meant = facts.subjects.find(({ id }) => key.endsWith(`/${id}`));
      const now = (meant?.monthlyMinor.slice(-3).reduce((sum, amount) => sum + amount, 0) ?? 0) / 3;
      expect(meant?.isFixed).toBe(false);
      expect(effect).toEqual({ kind: "saves", per: "month", amountMinor: Math.round(now / 5), lowMinor: Math.round(now / 5), highMinor: Math.round(now / 5) });
      expect([parameters["percent"], measure.kind]).toEqual([20, "outflow"]);
      expect(opinion?.isRewritten).toBe(true);
      if (meant?.name !== payload) expectHarmless(opinion?.reason ?? "");
      expect(opinion?.reason).not.toMatch(/https?:\/\/(?!.*”)/u);
    }

    const named = await nameFindings({ findings: [finding(payload)], locale: "en", allowNames: true }, work(place));
    expect([...named]).toEqual([]);

    const suggestions = await suggestCategories({ rows: [{ id: "r1", text: payload, direction: "out" }, { id: "r2", text: "Rent", direction: "in" }], categories: [{ id: "cat-1", name: "Rent", kind: "expense" }, { id: "cat-2", name: payload.slice(0, 40), kind: "income" }], locale: "en", allowNames: true }, work(place));
    for (const { rowId, categoryId } of suggestions) expect([`r1 cat-1`, `r2 cat-2`]).toContain(`${rowId} ${categoryId}`);

    const part = { kind: "vendor" as const, id: "x", name: payload, beforeMinor: 1_000, nowMinor: 2_000 };
    const why = await explainChange({ subject: { kind: "category", id: "c", name: "Marketing" }, currency: "USD", beforeMinor: 1_000, nowMinor: 2_000, parts: [part], locale: "en", allowNames: true }, work(place));
    expect(why.by).toBe("figures");
    expect(why.sentences[0]).toBe("“Marketing”: $10.00 → $20.00 (+$10.00).");

    const requests = [...(started.wires.openai?.requests ?? []), ...(started.wires.anthropic?.requests ?? [])];
    expect(requests.length).toBeGreaterThan(asked);
    for (const { data, instructions, body } of requests.slice(asked)) {
      expect(data.match(/<\/?data>/g)).toEqual(["<data>", "</data>"]);
      expect(() => void JSON.parse(data.slice("<data>\n".length, -"\n</data>".length))).not.toThrow();
      expect(body).not.toContain('"tools"');
      expect(instructions).not.toContain(payload);
    }
    expect(started.logged.join("")).not.toContain(payload.slice(0, 30));
  });
});

it("no row but the workers' own bookkeeping has changed", async () => {
  expect(await rowsOutside()).toBe(rowsBefore);
});
