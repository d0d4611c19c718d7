import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { atLeast, atMost, shown, type Bench, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { causeKinds } from "./causes.ts";
import { alarmsOf, storeLedger } from "./pipeline.ts";
import { plantedLedgers } from "./planted-ledgers.ts";
import { decide, scoreDecisions, type Decision } from "./score.ts";
import { readSpendData } from "./spend-data.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {
  ledgers: { type: "string", help: "how many ledgers; 520 without it" },
  seed: { type: "string", help: "another set of ledgers for another number; 1 without it" },
};

const ledgersUsual = 520;

/** Scores the whole analysis (findings, forecast, recommendations) on ledgers with planted causes: one decision for each ledger and kind of cause. */
const evaluation: Bench = async (context) => {
  const count = Number(context.options["ledgers"] ?? ledgersUsual);
  const seed = Number(context.options["seed"] ?? 1);
  const spend = readSpendData(context.repository);
  if (spend === undefined) context.note("The real spend data are not there: every ledger is made up.");
  const decisions: (Decision & { readonly origin: string })[] = [];
  let ledgers = 0;
  let rows = 0;
  const startedAt = context.now();
  for (const { ledger, causes } of plantedLedgers(count, seed, spend)) {
    const database = openBetterSqlite3({ path: ":memory:" });
    await openStore(database);
    await storeLedger(database, "w", ledger);
    decisions.push(...decide(causes, await alarmsOf(database, "w")).map((decision) => ({ ...decision, origin: ledger.origin })));
    await database.close();
    ledgers += 1;
    rows += ledger.postings.length;
    if (ledgers % 50 === 0) context.note(`${ledgers} ledgers`);
  }
  return [
    shown("ledgers", ledgers, ""),
    shown("rows a ledger, mean", rows / ledgers, ""),
    shown("time a ledger", (context.now() - startedAt) / ledgers, "ms"),
    ...summary("all", decisions, true),
    ...["real_spend", "generated"].flatMap((origin) => summary(origin.replace("_", " "), decisions.filter((decision) => decision.origin === origin), false)),
    ...causeKinds.flatMap((kind) => ofKind(kind, decisions.filter((decision) => decision.kind === kind))),
  ];
};

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
