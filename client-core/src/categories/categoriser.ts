import { counterpartiesMin, learnConfidence, type Confidence, type Trial } from "./confidence.ts";
import { featuresOf, type CategoriserRow, type Features } from "./features.ts";
import { guessOf, type Guess } from "./guess.ts";
import { textModel, type TextModel } from "./low-rank-model.ts";
import { createMemory, type Memory, type Remembered } from "./memory.ts";
import { rowKeysOf, type RowKeys } from "./row-keys.ts";
import { createReliability, type Reliability } from "./reliability.ts";

/** A row whose category is known. */
export interface LabelledRow extends CategoriserRow {
  readonly label: string;
}

/** Why a category was chosen. */
export type Why =
  /** Earlier rows of this counterparty were of it: `agreed` of `rows`, `sameRows` of them with the very same texts. */
  | { readonly by: "memory"; readonly rows: number; readonly sameRows: number; readonly agreed: number }
  /** Its words are like those of rows of the category. */
  | { readonly by: "words" };

/** What the categoriser says of a row. */
export interface Verdict {
  /** Null when nothing was learned yet. */
  readonly label: string | null;
  /** Share of verdicts like this that are right. */
  readonly confidence: number;
  /** True when the category may be given without asking. */
  readonly isSure: boolean;
  readonly why: Why;
  /** The likeliest categories, this one first. */
  readonly others: readonly { readonly label: string; readonly likely: number }[];
}

/** Gives rows categories as rows before were given them, and says how sure it is. */
export interface Categoriser {
  categorise(row: CategoriserRow): Verdict;
  /** Learns one row more, at once. */
  learn(row: LabelledRow): void;
}

/** Parts the rows are cut into, by counterparty, to try the model on rows of counterparties it never met. */
const foldCount = 2;
const passes = 4;
/** Shares of the rows that are asked at the end without being learned one by one, as those of a file that is imported are: what was right last year is less right now. */
const lateShares = [0.5, 0.3] as const;
/** Most rows of the same texts and class that the model learns from in one pass. */
const repeatsMax = 3;
/** Most verdicts of the model that are kept. */
const cachedMax = 50_000;
/** A guess must be likelier than all others together to be applied, however right guesses of its kind are. */
const likelyMin = 0.5;
/** How eagerly the model learns from one correction. */
const correctionEagerness = 0.5;
/** From this likelihood on the memory's word is taken while too little is known to judge it. */
const memoryTrustedFrom = 0.85;

/** Classes the model tells apart when it is trained: the most frequent; the others are one to it, which it never suggests. */
const modelClassesMax = 300;
/** The model's class of all categories it has no class of its own for. */
const rare = 0;
/** Examples learned between two pauses. */
const examplesPerTurn = 500;

/** Learns from rows, oldest first, pausing now and then. The same rows in the same order always give the same categoriser. */
export async function trainCategoriser(rows: readonly LabelledRow[], pause: () => Promise<void> = noPause): Promise<Categoriser> {
  const labels: string[] = [];
  const classOf = new Map<string, number>();
  const owners = rows.map(({ label }) => {
    const known = classOf.get(label);
    if (known !== undefined) return known;
    classOf.set(label, labels.length);
    return labels.push(label) - 1;
  });
  const learned = rows.map((row, index) => ({ keys: rowKeysOf(row), row, owner: owners[index] ?? 0 }));
  const classes = modelClasses(owners);
  const examples = examplesOf(learned, classes);
  const judged = await tryOut(learned, examples, classes, pause);
  const model = await trainModel(examples, classes, pause);
  const memory = createMemory();
  for (const { keys, owner } of learned) memory.learn(keys, owner);
  return categoriserOf({ labels, classOf, classes, model, memory, ...judged });
}

async function noPause(): Promise<void> {}

/** Which class of the model stands for which category, and the other way round. */
interface ModelClasses {
  readonly ofOwner: Map<number, number>;
  /** By class; none for {@link rare}. */
  readonly owners: (number | undefined)[];
}

function modelClasses(owners: readonly number[]): ModelClasses {
  const counts = new Map<number, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const frequent = [...counts].toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || a - b).slice(0, modelClassesMax);
  const classes: ModelClasses = { ofOwner: new Map(), owners: [undefined] };
  for (const [owner] of frequent) classes.ofOwner.set(owner, classes.owners.push(owner) - 1);
  return classes;
}

/** What the model guesses, as categories. */
function guessFrom(model: TextModel, row: CategoriserRow, { owners }: ModelClasses): Guess {
  const { classes, likely } = guessOf(model.predict(featuresOf(row)), model.classCount);
  const known = classes.flatMap((index, at) => { const owner = owners[index]; return owner === undefined ? [] : [{ owner, likely: likely[at] ?? 0 }]; });
  return { classes: known.map(({ owner }) => owner), likely: known.map((one) => one.likely) };
}

interface Learned {
  readonly keys: RowKeys;
  readonly row: CategoriserRow;
  readonly owner: number;
}

/** Rows alike, learned as one. */
interface Example {
  readonly features: Features;
  readonly modelClass: number;
  readonly fold: number;
  repeats: number;
}

function examplesOf(learned: readonly Learned[], { ofOwner }: ModelClasses): Example[] {
  const byKey = new Map<string, Example>();
  for (const { keys, row, owner } of learned) {
    const modelClass = ofOwner.get(owner) ?? rare;
    const key = `${keys.texts}\n${modelClass}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { features: featuresOf(row), modelClass, fold: foldOf(keys.counterparty), repeats: 1 });
    else known.repeats++;
  }
  return [...byKey.values()];
}

function foldOf(counterparty: number): number {
  return Math.floor(counterparty / 2 ** 44) % foldCount;
}

async function trainModel(examples: readonly Example[], classes: ModelClasses, pause: () => Promise<void>, leftOut = -1): Promise<TextModel> {
  const model = textModel();
  for (let index = 0; index < classes.owners.length; index++) model.addClass();
  const order = examples.flatMap((example) => (example.fold === leftOut ? [] : Array.from({ length: Math.min(repeatsMax, example.repeats) }, () => example)));
  let state = 1;
  for (let pass = 0; pass < passes; pass++) {
    for (let index = order.length - 1; index > 0; index--) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const other = Math.floor(((state >>> 0) / 0x100000000) * (index + 1));
      const [one, two] = [order[index], order[other]];
      if (one !== undefined && two !== undefined) [order[index], order[other]] = [two, one];
    }
    for (const [index, { features, modelClass }] of order.entries()) {
      model.learn(features, modelClass, 1 - pass / passes);
      if (index % examplesPerTurn === 0) await pause();
    }
  }
  return model;
}

interface Judged {
  /** Of rows whose counterparty was never seen, and of the others. */
  readonly unseen: Confidence | null;
  readonly seen: Confidence | null;
  readonly reliability: Reliability;
}

/**
 * Learns how far to trust a guess by predicting every row by a model that met no row of its counterparty, and how far to trust memory by predicting the later
 * rows as they will be predicted: by a model and a memory of the earlier ones. A model that met a counterparty agrees with the memory of it in any case, so
 * one that did not could not tell how much that agreement is worth.
 */
async function tryOut(learned: readonly Learned[], examples: readonly Example[], classes: ModelClasses, pause: () => Promise<void>): Promise<Judged> {
  const reliability = createReliability(foldCount);
  if (new Set(learned.map(({ keys }) => keys.counterparty)).size < counterpartiesMin) return { unseen: null, seen: null, reliability };
  const trials: { keys: RowKeys; guess: Guess; owner: number; isLate: boolean }[] = [];
  const latestFrom = learned.length * (1 - lateShares[0]);
  for (let fold = 0; fold < foldCount; fold++) {
    const guesses = guesserOf(await trainModel(examples, classes, pause, fold), classes);
    for (const [index, { keys, row, owner }] of learned.entries()) {
      if (foldOf(keys.counterparty) !== fold) continue;
      const guess = guesses(row, keys);
      trials.push({ keys, guess, owner, isLate: index >= latestFrom });
      for (const kind of kindsOf(guess, keys)) reliability.add(kind, fold, guess.classes[0] === owner);
    }
  }
  const unseen = trials.map(({ keys, guess, owner, isLate }) => {
    const { counterparty } = keys;
    return { evidence: evidenceOf(guess, null, keys, reliability, foldOf(counterparty)), isRight: guess.classes[0] === owner, counterparty, isLate };
  });
  const late: Trial[][] = [];
  for (const share of lateShares) {
    const cut = Math.round(learned.length * (1 - share));
    late.push(await laterTrials(learned.slice(0, cut), learned.slice(cut), classes, reliability, pause));
  }
  const hardest = late.flatMap((some) => [some, some.slice(Math.round(some.length / 2))]);
  return { unseen: learnConfidence(unseen, [unseen.filter(({ isLate }) => isLate)]), seen: learnConfidence(late.flat(), hardest), reliability };
}

async function laterTrials(earlier: readonly Learned[], later: readonly Learned[], classes: ModelClasses, reliability: Reliability, pause: () => Promise<void>): Promise<Trial[]> {
  const guesses = guesserOf(await trainModel(examplesOf(earlier, classes), classes, pause), classes);
  const memory = createMemory();
  for (const { keys, owner } of earlier) memory.learn(keys, owner);
  return later.flatMap(({ keys, row, owner }): Trial[] => {
    const guess = guesses(row, keys);
    const remembered = memory.recall(keys, guess);
    if (remembered === null) return [];
    return [{ evidence: evidenceOf(remembered, guess, keys, reliability, foldOf(keys.counterparty)), isRight: remembered.classes[0] === owner, counterparty: keys.counterparty }];
  });
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
function kindsOf(guess: Guess, { beside }: RowKeys): readonly [string, string] {
  return [`class ${guess.classes[0] ?? -1}`, `beside ${beside}`];
}

function evidenceOf(best: Guess | Remembered, byModel: Guess | null, keys: RowKeys, reliability: Reliability, withoutFold?: number): number[] {
  const [first = 0, second = 0] = best.likely;
  const [ofClass, ofBeside] = kindsOf(best, keys);
  const common = [logOdds(first), first - second, logOdds(reliability.of(ofClass, withoutFold)), logOdds(reliability.of(ofBeside, withoutFold))];
  if (byModel === null || !("rows" in best)) return common;
  return [...common, Math.log1p(best.rows), Math.log1p(best.sameRows), byModel.classes[0] === best.classes[0] ? 1 : 0, logOdds(best.agreed / Math.max(1, best.rows))];
}

function logOdds(share: number): number {
  const kept = Math.min(0.999, Math.max(0.001, share));
  return Math.log(kept / (1 - kept));
}

interface Parts extends Judged {
  readonly labels: string[];
  readonly classOf: Map<string, number>;
  readonly classes: ModelClasses;
  readonly model: TextModel;
  readonly memory: Memory;
}

function categoriserOf({ labels, classOf, classes, model, memory, unseen, seen, reliability }: Parts): Categoriser {
  const verdicts = new Map<number, Verdict>();
  const guesses = new Map<number, Guess>();
  const guess = (row: CategoriserRow, keys: RowKeys): Guess => {
    const known = guesses.get(keys.texts);
    if (known !== undefined) return known;
    const made = guessFrom(model, row, classes);
    if (guesses.size >= cachedMax) guesses.clear();
    guesses.set(keys.texts, made);
    return made;
  };
  return {
    categorise(row) {
      const keys = rowKeysOf(row);
      const isKnownAmount = memory.knowsAmount(keys);
      const known = isKnownAmount ? undefined : verdicts.get(keys.texts);
      if (known !== undefined) return known;
      const byModel = guess(row, keys);
      const remembered = memory.recall(keys, byModel);
      const best = remembered ?? byModel;
      const [first = 0] = best.likely;
      const judge = remembered === null ? unseen : seen;
      const evidence = evidenceOf(best, byModel, keys, reliability);
      const judged = judge?.of(evidence) ?? (remembered === null ? Math.min(first, likelyMin) : first);
      const confidence = first > likelyMin ? judged : Math.min(judged, first);
      const isSure = first > likelyMin && (judge === null ? remembered !== null && first >= memoryTrustedFrom : confidence >= judge.appliedFrom);
      const why: Why = remembered === null ? { by: "words" } : { by: "memory", rows: remembered.rows, sameRows: remembered.sameRows, agreed: remembered.agreed };
      const others = best.classes.map((owner, index) => ({ label: labels[owner] ?? "", likely: best.likely[index] ?? 0 }));
      const verdict = { label: others[0]?.label ?? null, confidence, isSure, why, others };
      if (verdicts.size >= cachedMax) verdicts.clear();
      if (!isKnownAmount) verdicts.set(keys.texts, verdict);
      return verdict;
    },
    learn(row) {
      let owner = classOf.get(row.label);
      if (owner === undefined) {
        owner = labels.push(row.label) - 1;
        classOf.set(row.label, owner);
      }
      let modelClass = classes.ofOwner.get(owner);
      if (modelClass === undefined) {
        modelClass = model.addClass();
        classes.owners[modelClass] = owner;
        classes.ofOwner.set(owner, modelClass);
      }
      const keys = rowKeysOf(row);
      memory.learn(keys, owner);
      model.learn(featuresOf(row), modelClass, correctionEagerness);
      guesses.delete(keys.texts);
      verdicts.clear();
    },
  };
}
