import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { atLeast, shown, type Bench, type BenchContext, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { feedbackEffect, type FeedbackEffect, type Halving } from "./feedback-effect.ts";
import { examineLedger } from "./find-findings.ts";
import { readLabelledFile } from "./fitting/labelled-file.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { isFitted, publicSpendLedgers } from "./fitting/public-spend.ts";
import type { Ledger } from "./ledger.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {
  data: { type: "string", help: "a ledger with a column of answers, plain or gzipped, instead of those usual" },
  label: { type: "string", help: "name of the column of answers; else the first whose name says so" },
};

interface Answered {
  readonly name: string;
  readonly ledger: Ledger;
  readonly answers: ReadonlyMap<string, string>;
}

/** Ledgers generated from these seeds were never fitted to. */
const heldOutSeed = 1_000;
const heldOutLedgers = 6;
const halvings: readonly Halving[] = [{ by: "time" }, ...[1, 2, 3].map((seed): Halving => ({ by: "counterparty", seed }))];

/**
 * Measures what verdicts on one half of a workspace do for the other half: the findings of the one are judged as the answers say, and those of the other
 * are measured with and without what that taught. Halves are the earlier days, or half of the counterparties, so that no verdict is on a row that is measured.
 */
const evaluation: Bench = async (context) => {
  const groups = await ledgers(context);
  return groups.flatMap(([group, members]) => {
    const of = members.map(({ ledger, answers }) => ({ examined: examineLedger(ledger), answers }));
    return (["time", "counterparty"] as const).flatMap((by) => {
      const halves = halvings.filter((halving) => halving.by === by);
      return figures(`${group}, by ${by}`, of.flatMap(({ examined, answers }) => halves.map((halving) => feedbackEffect(examined, answers, halving))));
    });
  });
};

async function ledgers({ options: { data, label }, repository, note }: BenchContext): Promise<(readonly [string, readonly Answered[]])[]> {
  if (typeof data === "string") return [["file", [await answeredFile(data, typeof label === "string" ? label : undefined)]]];
  const file = path.join(repository, "..", "shared", "data", "anomaly", "ledger-anomaly-dev.csv.gz");
  const spend = path.join(repository, "..", "shared", "data", "categorisation", "uk_public_spend_labelled.csv.gz");
  const groups: (readonly [string, readonly Answered[]])[] = [];
  if (existsSync(file)) groups.push(["card postings", [await answeredFile(file)]]);
  else note("The card postings are not there (../shared/data/anomaly).");
  if (existsSync(spend)) {
    const bodies = (await publicSpendLedgers(bytesOf(spend))).filter((body) => !isFitted(body));
    groups.push([`${bodies.length} public bodies`, bodies.map(({ source, planted }) => ({ name: source, ledger: planted.ledger, answers: planted.labels }))]);
  } else note("The payments of public bodies are not there (../shared/data/categorisation).");
  const generated = ledgerRecipes(heldOutSeed, heldOutLedgers).map((recipe) => {
    const { ledger, labels } = plantedLedger(recipe);
    return { name: `seed ${recipe.seed}`, ledger, answers: labels };
  });
  return [...groups, [`${heldOutLedgers} generated ledgers`, generated]];
}

async function answeredFile(file: string, label?: string): Promise<Answered> {
  if (!existsSync(file)) throw new Error(`The ledger to measure is not there: ${file}`);
  const { ledger, answers } = await readLabelledFile(bytesOf(file), path.basename(file).replace(/\.gz$/u, ""), label);
  return { name: path.basename(file), ledger, answers };
}

function bytesOf(file: string): Uint8Array {
  const bytes = readFileSync(file);
  return new Uint8Array(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
}

function figures(name: string, effects: readonly FeedbackEffect[]): Figure[] {
  const mean = (of: (one: FeedbackEffect) => number | null) => effects.reduce((sum, one) => sum + (of(one) ?? 0), 0) / effects.length;
  const before = mean((one) => one.before.f1Score);
  return [
    shown(`${name}: verdicts`, mean((one) => one.verdicts), ""),
    // Verdicts must never make the rest worse than it was without them.
    atLeast(`${name}: F1 of the other half after`, mean((one) => one.after.f1Score), "", Number((before - 0.005).toFixed(4)), before),
    shown(`${name}: precision after`, mean((one) => one.after.precision), "", mean((one) => one.before.precision)),
    shown(`${name}: recall after`, mean((one) => one.after.recall), "", mean((one) => one.before.recall)),
  ];
}

export default evaluation;
