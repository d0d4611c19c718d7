import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { shown, type Bench, type BenchContext, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { findFindings } from "./find-findings.ts";
import { fitModels, fittedKinds, labelledCandidates, type LabelledCandidate } from "./fitting/fit-models.ts";
import { kindsOfAnswers, readLabelledFile } from "./fitting/labelled-file.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { isFitted, publicSpendLedgers } from "./fitting/public-spend.ts";
import { logistic, logOddsOf } from "./log-odds.ts";
import { measureFindings } from "./measure.ts";
import { fittedFeatures } from "./model.ts";
import type { KindModels } from "./weights.ts";

/** What it takes on the command line. */
export const options: BenchOptions = {};

/** Ledgers generated for fitting; what a candidate of them counts beside one of the real card postings. */
const fittedLedgers = 16;
const generatedWeight = 0.2;
const spentWeight = 0.2;
const heldOutSeed = 1_000;
const heldOutLedgers = 6;
const tellFrom = 0.28;

/**
 * Fits the weights of `weights.ts` from generated ledgers and from the card postings in ../shared/data, prints them, and shows what models fitted
 * without a part score on that part: other counterparties, later months, other departments, and each source by the other alone.
 */
const evaluation: Bench = async (context) => {
  const file = path.join(context.repository, "..", "shared", "data", "anomaly", "ledger-anomaly-dev.csv.gz");
  if (!existsSync(file)) throw new Error("The card postings to fit to are not there (../shared/data/anomaly).");
  const spend = path.join(context.repository, "..", "shared", "data", "categorisation", "uk_public_spend_labelled.csv.gz");
  if (!existsSync(spend)) throw new Error("The payments of public bodies to fit to are not there (../shared/data/categorisation).");
  const cards = await readLabelledFile(new Uint8Array(gunzipSync(readFileSync(file))), "ledger.csv");
  const real = labelledCandidates({ ledger: cards.ledger, labels: kindsOfAnswers(cards.answers) });
  const generated = ledgerRecipes(1, fittedLedgers).flatMap((recipe) => labelledCandidates(plantedLedger(recipe)));
  const bodies = await publicSpendLedgers(new Uint8Array(gunzipSync(readFileSync(spend))));
  const spent = bodies.filter(isFitted).flatMap((body) => labelledCandidates(body.planted));
  const fit = (some: readonly LabelledCandidate[], made = generated, paid = spent) =>
    fitModels([{ candidates: some, weight: 1 }, { candidates: made, weight: generatedWeight }, { candidates: paid, weight: spentWeight }]);
  const models = fit(real);
  for (const line of written(models)) context.note(line);

  const held = ledgerRecipes(heldOutSeed, heldOutLedgers).map(plantedLedger);
  const onGenerated = (which: KindModels) => held.map(({ ledger, labels }) => measureFindings(findFindings(ledger, which).findings, ledger.count, labels).quality.f1Score ?? 0).reduce((sum, score) => sum + score / held.length, 0);
  const onBodies = (which: KindModels) => bodies.filter((body) => !isFitted(body)).map(({ planted }) => measureFindings(findFindings(planted.ledger, which).findings, planted.ledger.count, planted.labels).quality.f1Score ?? 0).reduce((sum, score, _, { length }) => sum + score / length, 0);
  const onCards = (which: KindModels) => measureFindings(findFindings(cards.ledger, which).findings, cards.ledger.count, cards.answers).quality.f1Score ?? 0;
  const partOf = (name: string, foldOf: (one: LabelledCandidate) => number, folds: number) => heldOutFigures(context, name, real, cards.answers, cards.ledger.ids, foldOf, folds, fit);
  const days = real.map(({ day }) => day).toSorted((a, b) => a - b);
  const twoThirds = days[Math.floor((days.length * 2) / 3)] ?? 0;
  const directorate = cards.ledger.details[cards.details.indexOf("directorate")];
  return [
    shown("F1 of all, fitted to all", onCards(models), ""),
    shown("F1 of card postings, fitted to generated ledgers and public bodies alone", onCards(fit([])), ""),
    shown("F1 of generated ledgers kept apart", onGenerated(models), ""),
    shown("F1 of generated ledgers, fitted to card postings alone", onGenerated(fit(real, [], [])), ""),
    shown("F1 of public bodies kept apart", onBodies(models), ""),
    shown("F1 of public bodies kept apart, fitted without any public body", onBodies(fit(real, generated, [])), ""),
    ...partOf("counterparties kept apart, five parts", ({ vendor }) => vendor % 5, 5),
    ...partOf("days kept apart: the last third", ({ day }) => (day > twoThirds ? 0 : -1), 1),
    ...(directorate === undefined ? [] : partOf("departments kept apart, two parts", ({ row }) => (directorate[row] ?? 0) % 2, 2)),
  ];
};

/** Scores each part by models fitted without it. −1 is never scored. Anomalies of a part that are no candidate count as missed. */
function heldOutFigures(
  context: BenchContext,
  name: string,
  real: readonly LabelledCandidate[],
  answers: ReadonlyMap<string, string>,
  ids: readonly string[],
  foldOf: (one: LabelledCandidate) => number,
  folds: number,
  fit: (some: readonly LabelledCandidate[]) => KindModels,
): Figure[] {
  const reported = new Set<string>();
  const reachable = new Set<string>();
  for (let fold = 0; fold < folds; fold++) {
    context.note(`${name}: ${fold + 1} of ${folds}`);
    const models = fit(real.filter((one) => foldOf(one) !== fold));
    for (const { candidate } of real.filter((one) => foldOf(one) === fold)) {
      const kind = fittedKinds.find((one) => one === candidate.kind);
      const suspects = candidate.suspects.map((row) => ids[row] ?? "");
      for (const id of suspects) if (answers.has(id)) reachable.add(id);
      if (kind !== undefined && logistic(logOddsOf(models[kind], candidate.features)) >= tellFrom) for (const id of suspects) reported.add(id);
    }
  }
  const right = [...reported].filter((id) => answers.has(id)).length;
  const precision = right / Math.max(1, reported.size);
  const recall = right / Math.max(1, reachable.size);
  return [shown(`precision, ${name}`, precision, ""), shown(`recall of candidates, ${name}`, recall, ""), shown(`F1, ${name}`, (2 * precision * recall) / (precision + recall), "")];
}

function written(models: KindModels): string[] {
  const number = (value: number) => String(Number(value.toFixed(3)));
  return fittedKinds.map((kind) => `  ${kind}: { bias: ${number(models[kind].bias)}, weights: [${models[kind].weights.map(number).join(", ")}] }, // ${fittedFeatures[kind].join(", ")}`);
}

export default evaluation;
