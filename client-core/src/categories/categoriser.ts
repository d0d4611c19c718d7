import { featuresOf, type CategoriserRow } from "./features.ts";
import type { Guess } from "./guess.ts";
import type { TextModel } from "./low-rank-model.ts";
import type { Memory } from "./memory.ts";
import { rowKeysOf, type RowKeys } from "./row-keys.ts";
import { examplesOf, guessFrom, memoryBeside, modelClasses, trainModel, type ModelClasses } from "./train-model.ts";
import { evidenceOf, tryOut, type Judged } from "./trials.ts";

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

/** Most verdicts of the model that are kept. */
const cachedMax = 50_000;
/** A guess must be likelier than all others together to be applied, however right guesses of its kind are. */
const likelyMin = 0.5;
/** How eagerly the model learns from one correction. */
const correctionEagerness = 0.5;
/** From this likelihood on the memory's word is taken while too little is known to judge it. */
const memoryTrustedFrom = 0.85;

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
  const examples = await examplesOf(learned, classes, pause);
  const judged = await tryOut(learned, examples, classes, pause);
  const model = await trainModel(examples, classes, pause);
  const memory = memoryBeside(classes);
  for (const { keys, owner } of learned) memory.learn(keys, owner);
  return categoriserOf({ labels, classOf, classes, model, memory, ...judged });
}

async function noPause(): Promise<void> {}

interface Parts extends Judged {
  readonly labels: string[];
  readonly classOf: Map<string, number>;
  readonly classes: ModelClasses;
  readonly model: TextModel;
  readonly memory: Memory;
}

function categoriserOf({ labels, classOf, classes, model, memory, unseen, seen, ...reliabilities }: Parts): Categoriser {
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
      const verdictKey = memory.knowsAmount(keys) ? keys.whole : keys.texts;
      const known = verdicts.get(verdictKey);
      if (known !== undefined) return known;
      const byModel = guess(row, keys);
      const remembered = memory.recall(keys, byModel);
      const best = remembered ?? byModel;
      const [first = 0] = best.likely;
      const judge = remembered === null ? unseen : seen;
      const evidence = evidenceOf(best, byModel, keys, reliabilities);
      const judged = judge?.of(evidence) ?? (remembered === null ? Math.min(first, likelyMin) : first);
      const confidence = first > likelyMin ? judged : Math.min(judged, first);
      const isSure = first > likelyMin && (judge === null ? remembered !== null && first >= memoryTrustedFrom : confidence >= judge.appliedFrom);
      const why: Why = remembered === null ? { by: "words" } : { by: "memory", rows: remembered.rows, sameRows: remembered.sameRows, agreed: remembered.agreed };
      const others = best.classes.map((owner, index) => ({ label: labels[owner] ?? "", likely: best.likely[index] ?? 0 }));
      const verdict = { label: others[0]?.label ?? null, confidence, isSure, why, others };
      if (verdicts.size >= cachedMax) verdicts.clear();
      verdicts.set(verdictKey, verdict);
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
