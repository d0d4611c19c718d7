import { counterpartiesMin, learnConfidence, type Confidence, type Trial } from "./confidence.ts";
import type { CategoriserRow } from "./features.ts";
import type { Guess } from "./guess.ts";
import type { TextModel } from "./low-rank-model.ts";
import type { Remembered } from "./memory.ts";
import { createReliability, type Reliability } from "./reliability.ts";
import type { RowKeys } from "./row-keys.ts";
import { examplesOf, foldCount, foldOf, guessFrom, memoryBeside, rowsPerTurn, trainModel, type Example, type Learned, type ModelClasses } from "./train-model.ts";

/**
 * Trials of memory, as shares of the rows: those up to the first are learned, those from there to the second are asked without being learned one by one, as those
 * of a file that is imported are. What was right last year is less right now.
 */
const windows = [
  [0.3, 0.6],
  [0.5, 1],
] as const;
/** Share of each counterparty's own rows that is learned before its others are asked: so all are asked, also where ledgers in one table begin and end at different times. */
const ownShare = 0.5;
/** Share of the rows that are the earlier ones. */
const earlierShare = 0.5;

/** How far guesses can be trusted. */
export interface Judged {
  /** Of rows whose counterparty was never seen, and of the others. */
  readonly unseen: Confidence | null;
  readonly seen: Confidence | null;
  /** How often guesses of a model that met no row of the counterparty were right, and how often what was remembered was. */
  readonly reliability: Reliability;
  readonly remembering: Reliability;
}

/**
 * Learns how far to trust a guess by predicting every row by a model that met no row of its counterparty, and how far to trust memory by predicting later
 * rows as they will be predicted: by a model and a memory of the earlier ones. A model that met a counterparty agrees with the memory of it in any case, so
 * one that did not could not tell how much that agreement is worth.
 */
export async function tryOut(learned: readonly Learned[], examples: readonly Example[], classes: ModelClasses, pause: () => Promise<void>): Promise<Judged> {
  const [reliability, remembering] = [createReliability(foldCount), createReliability(foldCount)];
  if (new Set(learned.map(({ keys }) => keys.counterparty)).size < counterpartiesMin) return { unseen: null, seen: null, reliability, remembering };
  const tried: Tried[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const guesses = guesserOf(await trainModel(examples, classes, pause, fold), classes);
    for (const [index, { keys, row, owner }] of learned.entries()) {
      if (index % rowsPerTurn === 0) await pause();
      if (foldOf(keys.counterparty) !== fold) continue;
      tried.push({ keys, best: guesses(row, keys), byModel: null, owner, isLate: index >= learned.length * earlierShare });
    }
  }
  const recalled: Tried[] = [];
  for (const { earlier, later } of [...windows.map((window) => cutByTime(learned, window)), cutByCounterparty(learned)]) {
    for (const each of await recallLater(earlier, later, classes, pause)) recalled.push(each);
  }
  count(tried, reliability);
  count(recalled, remembering);
  await pause();
  const trials = (some: readonly Tried[]) =>
    some.map(({ keys, best, byModel, owner }): Trial => {
      const fold = foldOf(keys.counterparty);
      return { evidence: evidenceOf(best, byModel, keys, { reliability, remembering }, fold), isRight: best.classes[0] === owner, counterparty: keys.counterparty };
    });
  const unseen = learnConfidence(trials(tried), [trials(tried.filter(({ isLate }) => isLate))]);
  await pause();
  return { unseen, seen: learnConfidence(trials(recalled)), reliability, remembering };
}

/** A row that was asked without having been learned. */
interface Tried {
  readonly keys: RowKeys;
  readonly best: Guess | Remembered;
  /** What the model guessed where that is not the best. */
  readonly byModel: Guess | null;
  readonly owner: number;
  readonly isLate: boolean;
}

interface Cut {
  readonly earlier: readonly Learned[];
  readonly later: readonly Learned[];
}

function cutByTime(learned: readonly Learned[], [from, to]: (typeof windows)[number]): Cut {
  const cut = Math.round(learned.length * from);
  return { earlier: learned.slice(0, cut), later: learned.slice(cut, Math.round(learned.length * to)) };
}

function cutByCounterparty(learned: readonly Learned[]): Cut {
  const rows = new Map<number, number>();
  for (const { keys } of learned) rows.set(keys.counterparty, (rows.get(keys.counterparty) ?? 0) + 1);
  const met = new Map<number, number>();
  const [earlier, later]: [Learned[], Learned[]] = [[], []];
  for (const row of learned) {
    const before = met.get(row.keys.counterparty) ?? 0;
    met.set(row.keys.counterparty, before + 1);
    (before < Math.ceil((rows.get(row.keys.counterparty) ?? 0) * ownShare) ? earlier : later).push(row);
  }
  return { earlier, later };
}

async function recallLater(earlier: readonly Learned[], later: readonly Learned[], classes: ModelClasses, pause: () => Promise<void>): Promise<Tried[]> {
  const guesses = guesserOf(await trainModel(await examplesOf(earlier, classes, pause), classes, pause), classes);
  const memory = memoryBeside(classes);
  for (const { keys, owner } of earlier) memory.learn(keys, owner);
  const tried: Tried[] = [];
  for (const [index, { keys, row, owner }] of later.entries()) {
    if (index % rowsPerTurn === 0) await pause();
    const byModel = guesses(row, keys);
    const best = memory.recall(keys, byModel);
    if (best !== null) tried.push({ keys, best, byModel, owner, isLate: true });
  }
  return tried;
}

function count(tried: readonly Tried[], reliability: Reliability): void {
  for (const { keys, best, owner } of tried) for (const kind of kindsOf(best, keys)) reliability.add(kind, foldOf(keys.counterparty), best.classes[0] === owner);
}

/** Asks a model once for rows alike. */
function guesserOf(model: TextModel, classes: ModelClasses): (row: CategoriserRow, keys: RowKeys) => Guess {
  const guesses = new Map<number, Guess>();
  return (row, keys) => {
    let guess = guesses.get(keys.texts);
    if (guess === undefined) guesses.set(keys.texts, (guess = guessFrom(model, row, classes)));
    return guess;
  };
}

/** What a guess is judged by beside itself: its class, its other texts. */
function kindsOf({ classes }: Pick<Guess, "classes">, { beside }: RowKeys): readonly [string, string] {
  return [`class ${classes[0] ?? -1}`, `beside ${beside}`];
}

/** What speaks for a guess, as numbers; `withoutFold` leaves out what rows of a fold tell. */
export function evidenceOf(best: Guess | Remembered, byModel: Guess | null, keys: RowKeys, { reliability, remembering }: Pick<Judged, "reliability" | "remembering">, withoutFold?: number): number[] {
  const [first = 0, second = 0] = best.likely;
  const kinds = kindsOf(best, keys);
  const common = [logOdds(first), first - second, ...kinds.map((kind) => logOdds(reliability.of(kind, withoutFold)))];
  if (byModel === null || !("rows" in best)) return common;
  const memory = [Math.log1p(best.rows), Math.log1p(best.sameRows), byModel.classes[0] === best.classes[0] ? 1 : 0, logOdds(best.agreed / Math.max(1, best.rows))];
  return [...common, ...memory, ...kinds.map((kind) => logOdds(remembering.of(kind, withoutFold)))];
}

function logOdds(share: number): number {
  const kept = Math.min(0.999, Math.max(0.001, share));
  return Math.log(kept / (1 - kept));
}
