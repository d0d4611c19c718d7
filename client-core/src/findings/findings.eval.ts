import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { atLeast, atMost, shown, type Bench, type BenchContext, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { findFindings } from "./find-findings.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { readLabelledFile } from "./fitting/labelled-file.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { isFitted, publicSpendLedgers } from "./fitting/public-spend.ts";
import type { Ledger } from "./ledger.ts";
import { measureFindings, type Measured } from "./measure.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {
  data: { type: "string", help: "a ledger with a column of answers, plain or gzipped; without it the card postings in ../shared/data" },
  label: { type: "string", help: "name of the column of answers; else the first whose name says so (label, anomaly, is_fraud, …)" },
};

/** Ledgers generated from these seeds were never fitted to. */
const heldOutSeed = 1_000;
const heldOutLedgers = 6;

/**
 * Measures findings by rows against a ledger whose anomalies are known: of a file of one's own, or of the real card postings with injected
 * anomalies, held to recorded figures; and against generated ledgers that no weight was fitted to.
 */
const evaluation: Bench = async (context) => {
  const { data, label } = context.options;
  if (typeof data === "string") return fileFigures(context, data, typeof label === "string" ? label : undefined);
  const file = path.join(context.repository, "..", "shared", "data", "anomaly", "ledger-anomaly-dev.csv.gz");
  if (!existsSync(file)) context.note("The card postings are not there (../shared/data/anomaly): only generated ledgers are measured.");
  const spend = path.join(context.repository, "..", "shared", "data", "categorisation", "uk_public_spend_labelled.csv.gz");
  if (!existsSync(spend)) context.note("The payments of public bodies are not there (../shared/data/categorisation).");
  return [...(existsSync(file) ? await recordedFigures(context, file) : []), ...(existsSync(spend) ? await spendFigures(context, spend) : []), ...generatedFigures(context)];
};

async function measuredFile(context: BenchContext, file: string, label?: string): Promise<Measured & { readonly milliseconds: number }> {
  if (!existsSync(file)) throw new Error(`The ledger to measure is not there: ${file}`);
  const bytes = readFileSync(file);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const { ledger, answers, category, details, leftOut } = await readLabelledFile(new Uint8Array(plain), path.basename(file).replace(/\.gz$/u, ""), label);
  context.note(`${ledger.count} rows, ${answers.size} anomalies; category: ${category ?? "none"}; details: ${details.join(", ") || "none"}; not read: ${leftOut.join(", ")}`);
  return measured(context, ledger, answers);
}

function measured(context: BenchContext, ledger: Ledger, answers: ReadonlyMap<string, string>): Measured & { readonly milliseconds: number } {
  const startedAt = context.now();
  const { findings } = findFindings(ledger);
  return { ...measureFindings(findings, ledger.count, answers), milliseconds: context.now() - startedAt };
}

async function fileFigures(context: BenchContext, file: string, label: string | undefined): Promise<Figure[]> {
  const { quality, findingsPerThousand, rowsPerThousand, byAnswer, byKind, milliseconds } = await measuredFile(context, file, label);
  return [
    shown("F1", quality.f1Score ?? 0, ""),
    shown("precision", quality.precision ?? 0, ""),
    shown("recall", quality.recall ?? 0, ""),
    shown("false positive rate", 100 * (quality.falsePositiveRate ?? 0), "%"),
    shown("accuracy", quality.accuracy ?? 0, ""),
    shown("findings a 1,000 rows", findingsPerThousand, ""),
    shown("rows in question a 1,000 rows", rowsPerThousand, ""),
    ...partFigures({ byAnswer, byKind }),
    shown("time", milliseconds, "ms"),
  ];
}

/** Figures of the card postings; a change that makes one worse than recorded fails. */
async function recordedFigures(context: BenchContext, file: string): Promise<Figure[]> {
  const { quality, findingsPerThousand, rowsPerThousand, byAnswer, byKind, milliseconds } = await measuredFile(context, file);
  return [
    atLeast("F1", quality.f1Score ?? 0, "", 0.69, 0.35),
    atLeast("precision", quality.precision ?? 0, "", 0.61, 0.222),
    atLeast("recall", quality.recall ?? 0, "", 0.8, 0.817),
    atMost("false positive rate", 100 * (quality.falsePositiveRate ?? 0), "%", 0.46, 2.53),
    shown("accuracy", quality.accuracy ?? 0, ""),
    atMost("findings a 1,000 rows", findingsPerThousand, "", 9, 32.3),
    atMost("rows in question a 1,000 rows", rowsPerThousand, "", 12, 32.3),
    ...partFigures({ byAnswer, byKind }),
    shown("time", milliseconds, "ms"),
  ];
}

/** Payments of public bodies to suppliers, with planted anomalies: real ledgers no weight was fitted to. */
async function spendFigures(context: BenchContext, file: string): Promise<Figure[]> {
  const ledgers = await publicSpendLedgers(new Uint8Array(gunzipSync(readFileSync(file))));
  const all = ledgers.filter((body) => !isFitted(body)).map(({ source, planted }) => {
    const one = measured(context, planted.ledger, planted.labels);
    context.note(`${source}: ${planted.ledger.count} rows, F1 ${(one.quality.f1Score ?? 0).toFixed(3)}`);
    return one;
  });
  return meanFigures(`${all.length} public bodies with planted anomalies`, all, 0.47);
}

function partFigures({ byAnswer, byKind }: Pick<Measured, "byAnswer" | "byKind">): Figure[] {
  return [
    ...[...byAnswer].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([answer, { rows, found }]) => shown(`found of ${answer} (${rows})`, found / rows, "")),
    ...[...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, { rows, right }]) => shown(`right of ${kind} (${rows})`, rows === 0 ? 0 : right / rows, "")),
  ];
}

function generatedFigures(context: BenchContext): Figure[] {
  const all = ledgerRecipes(heldOutSeed, heldOutLedgers).map((recipe) => {
    const { ledger, labels } = plantedLedger(recipe);
    return measured(context, ledger, labels);
  });
  return meanFigures(`${heldOutLedgers} generated ledgers`, all, 0.55);
}

function meanFigures(which: string, all: readonly Measured[], f1Min: number): Figure[] {
  const mean = (of: (one: Measured) => number | null) => all.reduce((sum, one) => sum + (of(one) ?? 0), 0) / all.length;
  return [
    atLeast(`F1, mean of ${which}`, mean(({ quality }) => quality.f1Score), "", f1Min),
    shown(`precision, ${which}`, mean(({ quality }) => quality.precision), ""),
    shown(`recall, ${which}`, mean(({ quality }) => quality.recall), ""),
    atMost(`false positive rate, ${which}`, 100 * mean(({ quality }) => quality.falsePositiveRate), "%", 1),
    atMost(`rows in question a 1,000 rows, ${which}`, mean(({ rowsPerThousand }) => rowsPerThousand), "", 15.5),
  ];
}

export default evaluation;
