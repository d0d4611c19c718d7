import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createServerDatabase, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { costOfJobs } from "./ledger/ai-ledger.pg.ts";
import type { ModelQuestion } from "./providers/provider.ts";
import { startDesk, type DeskOnWires } from "./testing/desk-on-wires.ts";
import type { WireAnswer } from "./testing/model-wire.ts";
import { wireUsage } from "./testing/wire-events.ts";

let server: ServerDatabase;
let started: DeskOnWires | undefined;
beforeEach(async () => {
  server = await createServerDatabase();
});
afterEach(async () => {
  await started?.close();
  await server.drop();
});

const question: ModelQuestion<{ word: string }> = { purpose: "propose", instructions: "Say a word.", data: "<data>\nmoney\n</data>", schema: z.strictObject({ word: z.string() }), outputTokensMax: 400 };
const good: WireAnswer = { kind: "json", value: { word: "rent" } };
const account = { workspaceId: "w1", jobId: "j1" };
/** What one answered request costs at 1 and 10 dollars. */
const cost = wireUsage.inputTokens + 10 * wireUsage.outputTokens;

async function desk(answers: readonly WireAnswer[], more: { readonly budgetMicros?: number; readonly requestMsMax?: number; readonly nowMs?: () => number } = {}) {
  let asked = 0;
  started = await startDesk({ answers: { openai: () => answers[Math.min(asked++, answers.length - 1)] ?? good }, pool: server.pool, ...more });
  return started;
}

function ask({ desk: at }: DeskOnWires, about = question, signal = new AbortController().signal) {
  return at.ask("openai", about, account, { signal });
}

async function usage() {
  const { rows } = await server.pool.query(`select outcome, input_tokens, output_tokens, cost_micros from compute.ai_usage order by id`);
  return rows.map((row: Record<string, unknown>) => ({ outcome: row["outcome"], tokens: [row["input_tokens"], row["output_tokens"]], cost: Number(row["cost_micros"]) }));
}

it("answers, and writes what it cost", async () => {
  const at = await desk([good]);
  expect(await ask(at)).toEqual({ ok: true, answer: { word: "rent" }, provider: "openai", fromCache: false });
  expect(await usage()).toEqual([{ outcome: "ok", tokens: [wireUsage.inputTokens, wireUsage.outputTokens], cost }]);
  expect(await costOfJobs(server.pool, ["j1", "j2"])).toEqual(new Map([["j1", { requests: 1, costMicros: cost }]]));
});

it("pays for the same question of a workspace once a month, and asks anew for other words, workspaces and months", async () => {
  let now = testNowMs;
  const at = await desk([good], { nowMs: () => now });
  await ask(at);
  expect(await ask(at)).toMatchObject({ ok: true, fromCache: true });
  expect(await ask(at, { ...question, data: "<data>\nother\n</data>" })).toMatchObject({ fromCache: false });
  expect(await at.desk.ask("openai", question, { workspaceId: "w2", jobId: null }, { signal: new AbortController().signal })).toMatchObject({ fromCache: false });
  now += 31 * 86_400_000;
  expect(await ask(at)).toMatchObject({ fromCache: false });
  expect((await usage()).length).toBe(4);
});

it("never spends more than the month's budget, whoever asks at the same time", async () => {
  // A request may cost up to 5,100 before it leaves: room for three at once.
  const budgetMicros = 16_000;
  const at = await desk([good], { budgetMicros });
  const asked = Array.from({ length: 12 }, (_, place) => ask(at, { ...question, data: `<data>\n${place}\n</data>` }));
  const answers = await Promise.all(asked);
  const spent = (await usage()).reduce((sum, each) => sum + each.cost, 0);
  expect(spent).toBeLessThanOrEqual(budgetMicros);
  expect(answers.filter(({ ok }) => !ok).length).toBeGreaterThan(0);
  expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, failure: "budget_spent" });
  expect(at.wires.openai?.requests.length).toBe(answers.filter(({ ok }) => ok).length);
});

it("asks once more when a provider is busy or ill, and not when it would be in vain", async () => {
  for (const [first, requests] of [
    [{ kind: "status", status: 429 }, 2],
    [{ kind: "status", status: 500 }, 2],
    [{ kind: "status", status: 529 }, 2],
    [{ kind: "cut", text: "{" }, 2],
    [{ kind: "status", status: 401 }, 1],
    [{ kind: "refused" }, 1],
    [{ kind: "text", text: "no JSON" }, 1],
    [{ kind: "json", value: { word: 1 } }, 1],
    [{ kind: "json", value: { word: "x", more: true } }, 1],
  ] as const) {
    const at = await desk([first, good]);
    await ask(at, { ...question, instructions: JSON.stringify(first) });
    expect([first, at.wires.openai?.requests.length]).toEqual([first, requests]);
    await at.close();
  }
});

describe("what a request without an answer costs", () => {
  it.each<[string, WireAnswer, boolean]>([
    ["nothing when it was turned away", { kind: "status", status: 400 }, false],
    ["everything when nobody knows how far it came", { kind: "silent" }, true],
  ])("%s", async (_, answer, isCharged) => {
    const at = await desk([answer], { requestMsMax: isCharged ? 50 : 30_000 });
    expect(await ask(at)).toMatchObject({ ok: false });
    expect((await usage()).every(({ cost: paid }) => (isCharged ? paid > 1_000 : paid === 0))).toBe(true);
  });
});

it("stops asking a provider that is down, and tries again later", async () => {
  let now = testNowMs;
  const down: WireAnswer = { kind: "status", status: 500 };
  const at = await desk([down, down, down, down, down, good], { nowMs: () => now });
  for (let round = 0; round < 5; round++) await ask(at, { ...question, data: `<data>${round}</data>` });
  expect(at.wires.openai?.requests.length).toBe(5);
  expect(await ask(at)).toEqual({ ok: false, failure: "breaker_open" });
  now += 30_000;
  expect(await ask(at)).toMatchObject({ ok: true });
});

it("logs what was asked by whom and what it cost, and not a word of what was said", async () => {
  const at = await desk([{ kind: "garbage", text: "CANARY-ANSWER" }, { kind: "text", text: "CANARY-TEXT" }, { kind: "status", status: 500, type: "CANARY-TYPE" }]);
  const secret = { ...question, instructions: "CANARY-INSTRUCTIONS", data: "<data>\nCANARY-DATA\n</data>" };
  for (let round = 0; round < 3; round++) await ask(at, secret);
  const log = at.logged.join("");
  expect(log).toContain('"costMicros"');
  expect(log).toContain('"jobId":"j1"');
  expect(log).not.toMatch(/CANARY|key-openai/);
});
