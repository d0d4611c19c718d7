import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { z } from "zod";
import { atLeast, atMost, shown, type Bench, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { causeKinds } from "./causes.ts";
import { evaluationDesk } from "./model-desk.ts";
import { alarmsOf, storeLedger } from "./pipeline.ts";
import { plantedLedgers, type LedgerCase } from "./planted-ledgers.ts";
import { decide, scoreDecisions, type Decision } from "./score.ts";
import { readSpendData } from "./spend-data.ts";
import type { ModelDesk } from "../ai/desk.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {
  ledgers: { type: "string", help: "how many ledgers; 520 without it" },
  seed: { type: "string", help: "another set of ledgers for another number; 1 without it" },
  keep: { type: "string", help: "a file that decisions are kept in: a run that was ended goes on where it was" },
};

const ledgersUsual = 520;

const decisionShape = z.object({ kind: z.enum(causeKinds), isPlanted: z.boolean(), isTold: z.boolean(), effectError: z.number().nullable() });
/** What came of one ledger. */
const judged = z.object({ name: z.string(), origin: z.enum(["real_spend", "generated"]), rows: z.int(), alone: z.array(decisionShape), withModels: z.array(decisionShape).nullable() });
type Judged = z.infer<typeof judged>;

/**
 * Scores the whole analysis (findings, forecast, recommendations) on ledgers with planted causes: one decision for each ledger and kind of cause; with keys of AI providers in
 * the environment, the same once more with what their models add.
 */
const evaluation: Bench = async (context) => {
  const count = Number(context.options["ledgers"] ?? ledgersUsual);
  const seed = Number(context.options["seed"] ?? 1);
  const keep = context.options["keep"];
  const file = typeof keep === "string" ? keep : undefined;
  const spend = readSpendData(context.repository);
  if (spend === undefined) context.note("The real spend data are not there: every ledger is made up.");
  const models = evaluationDesk(process.env, { random: Math.random, nowMs: context.now });
  const results = new Map(keptIn(file).map((result) => [result.name, result]));
  for (const one of plantedLedgers(count, seed, spend)) {
    const name = `${seed} ${one.ledger.name}`;
    if (results.has(name)) continue;
    const result = await judge(name, one, models?.desk ?? null);
    results.set(name, result);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(result)}\n`);
    if (results.size % 50 === 0) context.note(`${results.size} ledgers`);
  }
  return figuresOf([...results.values()], models?.costMicros());
};

function keptIn(file: string | undefined): Judged[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").flatMap((line) => (line === "" ? [] : [judged.parse(JSON.parse(line))]));
}

async function judge(name: string, { ledger, causes }: LedgerCase, desk: ModelDesk | null): Promise<Judged> {
  const database = openBetterSqlite3({ path: ":memory:" });
  await openStore(database);
  await storeLedger(database, "w", ledger);
  const { alone, withModels } = await alarmsOf(database, "w", ledger.locale, desk);
  await database.close();
  return { name, origin: ledger.origin, rows: ledger.postings.length, alone: decide(causes, alone), withModels: withModels && decide(causes, withModels) };
}

function figuresOf(results: readonly Judged[], costMicros: number | undefined): Figure[] {
  const decisions = results.flatMap(({ alone }) => alone);
  const byModels = results.flatMap(({ withModels }) => withModels ?? []);
  return [
    shown("ledgers", results.length, ""),
    shown("rows a ledger, mean", results.reduce((sum, { rows }) => sum + rows, 0) / results.length, ""),
    ...summary("all", decisions, true),
    ...(byModels.length === 0 ? [] : [...summary("with models", byModels, false), shown("cost of models", (costMicros ?? 0) / 1_000_000, "USD")]),
    ...["real_spend", "generated"].flatMap((origin) => summary(origin.replace("_", " "), results.flatMap((result) => (result.origin === origin ? result.alone : [])), false)),
    ...causeKinds.flatMap((kind) => ofKind(kind, decisions.filter((decision) => decision.kind === kind))),
  ];
}

const percent = (share: number) => 100 * share;

function summary(label: string, decisions: readonly Decision[], isHeld: boolean): Figure[] {
  const scores = scoreDecisions(decisions);
  const named = (name: string) => `${name}, ${label}`;
  return [
    shown(named("decisions"), scores.decisions, ""),
    shown(named("planted causes"), scores.planted, ""),
    isHeld ? atLeast(named("accuracy"), percent(scores.accuracy), "%", 92) : shown(named("accuracy"), percent(scores.accuracy), "%"),
    shown(named("precision"), scores.precision, ""),
    shown(named("recall"), scores.recall, ""),
    isHeld ? atLeast(named("F1"), scores.f1, "", 0.85) : shown(named("F1"), scores.f1, ""),
    isHeld ? atMost(named("false positive rate"), percent(scores.falsePositiveRate), "%", 5) : shown(named("false positive rate"), percent(scores.falsePositiveRate), "%"),
    shown(named("money effect within 10%"), percent(scores.effectWithinTenth), "%"),
  ];
}

function ofKind(kind: string, decisions: readonly Decision[]): Figure[] {
  const scores = scoreDecisions(decisions);
  return [
    shown(`${kind}: recall of ${scores.planted}`, scores.recall, ""),
    shown(`${kind}: false positive rate`, percent(scores.falsePositiveRate), "%"),
    shown(`${kind}: money effect within 10%`, percent(scores.effectWithinTenth), "%"),
  ];
}

export default evaluation;
