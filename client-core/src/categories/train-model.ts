import { featuresOf, type CategoriserRow, type Features } from "./features.ts";
import { guessOf, type Guess } from "./guess.ts";
import { textModel, type TextModel } from "./low-rank-model.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { RowKeys } from "./row-keys.ts";

/** Parts the rows are cut into, by counterparty, to try the model on rows of counterparties it never met. */
export const foldCount = 2;
const passes = 4;
/** Most rows of the same texts and class that the model learns from in one pass. */
const repeatsMax = 3;
/** Classes the model tells apart when it is trained: the most frequent; the others are one to it, which it never suggests. */
const modelClassesMax = 300;
/** The model's class of all categories it has no class of its own for. */
const rare = 0;
/** Rows that are learned or asked between two pauses: some ten milliseconds of work. */
export const rowsPerTurn = 200;

/** Which class of the model stands for which category, and the other way round. */
export interface ModelClasses {
  readonly ofOwner: Map<number, number>;
  /** By class; none for {@link rare}. */
  readonly owners: (number | undefined)[];
}

/** Gives the most frequent categories, of one for each row, classes of the model. */
export function modelClasses(owners: readonly number[]): ModelClasses {
  const counts = new Map<number, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const frequent = [...counts].toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || a - b).slice(0, modelClassesMax);
  const classes: ModelClasses = { ofOwner: new Map(), owners: [undefined] };
  for (const [owner] of frequent) classes.ofOwner.set(owner, classes.owners.push(owner) - 1);
  return classes;
}

/** What the model guesses, as categories. */
export function guessFrom(model: TextModel, row: CategoriserRow, { owners }: ModelClasses): Guess {
  const whole = model.predict(featuresOf(row));
  const { classes, likely } = guessOf(whole, model.classCount);
  const known = classes.flatMap((index, at) => { const owner = owners[index]; return owner === undefined ? [] : [{ owner, likely: likely[at] ?? 0 }]; });
  return { classes: known.map(({ owner }) => owner), likely: known.map((one) => one.likely), rare: whole[rare] ?? 0 };
}

/** An empty memory that shares out what the model cannot tell apart. */
export function memoryBeside({ ofOwner }: ModelClasses): Memory {
  return createMemory((owner) => !ofOwner.has(owner));
}

/** A row, what it is remembered by, and the number of its category. */
export interface Learned {
  readonly keys: RowKeys;
  readonly row: CategoriserRow;
  readonly owner: number;
}

/** Rows alike, learned as one. */
export interface Example {
  readonly features: Features;
  readonly modelClass: number;
  readonly fold: number;
  repeats: number;
}

/** Rows as the model learns them. */
export async function examplesOf(learned: readonly Learned[], { ofOwner }: ModelClasses, pause: () => Promise<void>): Promise<Example[]> {
  const byKey = new Map<string, Example>();
  for (const [index, { keys, row, owner }] of learned.entries()) {
    if (index % rowsPerTurn === 0) await pause();
    const modelClass = ofOwner.get(owner) ?? rare;
    const key = `${keys.texts}\n${modelClass}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { features: featuresOf(row), modelClass, fold: foldOf(keys.counterparty), repeats: 1 });
    else known.repeats++;
  }
  return [...byKey.values()];
}

/** The fold of a counterparty, by its key. */
export function foldOf(counterparty: number): number {
  return Math.floor(counterparty / 2 ** 44) % foldCount;
}

/** Trains a model, on all folds but `leftOut`. The same examples always give the same one. */
export async function trainModel(examples: readonly Example[], classes: ModelClasses, pause: () => Promise<void>, leftOut = -1): Promise<TextModel> {
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
      if (index % rowsPerTurn === 0) await pause();
    }
  }
  return model;
}
