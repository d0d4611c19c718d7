import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { expect, it } from "vitest";
import { startModelWire, type WireAnswer, type WireRequest } from "../ai/testing/model-wire.ts";
import { evaluationDesk } from "./model-desk.ts";
import { alarmsOf, storeLedger } from "./pipeline.ts";
import { plantedLedgers } from "./planted-ledgers.ts";

const steady = { random: () => 0, nowMs: () => 0 };

it("scores what models add beside what is said without them, and what they cost", async () => {
  const proposals = Array.from({ length: 12 }, (_, index) => ({ action: "reduce_category", target: `c${index + 1}`, changePercent: -10, ground: "many_payments", reason: "There are many payments." }));
  const answers = ({ instructions }: WireRequest): WireAnswer =>
    instructions.includes("You check")
      ? { kind: "json", value: { verdicts: proposals.map((_, index) => ({ proposal: index + 1, verdict: "agree", changePercent: -10, reason: "" })) } }
      : { kind: "json", value: { proposals } };
  const [openai, anthropic] = [await startModelWire("openai", answers), await startModelWire("anthropic", answers)];
  const [one] = plantedLedgers(1, 1, undefined);
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  try {
    if (one === undefined) throw new Error("there is no ledger");
    await storeLedger(database, "w", one.ledger);
    const keys = { OPENAI_API_KEY: "key-1", OPENAI_BASE_URL: openai.baseUrl, ANTHROPIC_API_KEY: "key-2", ANTHROPIC_BASE_URL: anthropic.baseUrl };
    const models = evaluationDesk(keys, steady);
    const { alone, withModels } = await alarmsOf(database, "w", one.ledger.locale, models?.desk ?? null);
    expect((await alarmsOf(database, "w", one.ledger.locale, evaluationDesk({}, steady)?.desk ?? null)).withModels).toBeNull();
    expect(withModels).toEqual(expect.arrayContaining([...alone]));
    expect(withModels?.filter(({ kind }) => kind === "category_overspend").length).toBeGreaterThan(alone.filter(({ kind }) => kind === "category_overspend").length);
    expect(models?.costMicros()).toBeGreaterThan(0);
    expect([openai.requests.length, anthropic.requests.length, openai.faults, anthropic.faults]).toEqual([1, 1, [], []]);
  } finally {
    await database.close();
    await openai.close();
    await anthropic.close();
  }
});
