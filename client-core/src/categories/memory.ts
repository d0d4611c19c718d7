import type { Guess } from "./guess.ts";

/** Of what was seen before, each new row leaves this much. */
const fading = 0.97;
/** How many rows the model's word is worth against a counterparty's, and a counterparty's against the same texts'. */
const [modelRows, counterpartyRows] = [0.7, 0.5];

interface Counts {
  readonly byClass: Map<number, number>;
  /** Faded number of rows. */
  total: number;
  /** Rows, not faded. */
  rows: number;
}

/** What was seen of a row's counterparty, mixed with what the model says. */
export interface Remembered extends Guess {
  /** Rows of the counterparty, and of the very same texts. */
  readonly rows: number;
  readonly sameRows: number;
  /** Rows of the counterparty that were of the likeliest class. */
  readonly agreed: number;
}

/** Remembers which classes the rows of each counterparty were of. */
export interface Memory {
  /** Null when nothing of the counterparty was ever seen. */
  recall(counterparty: string, texts: string, guess: Guess): Remembered | null;
  learn(counterparty: string, texts: string, owner: number): void;
}

/**
 * Makes an empty {@link Memory}: counts of each counterparty and of each set of texts, newer rows weighing more, each level leaning on the one above it as a
 * hierarchical Dirichlet model does (MacKay and Peto 1995), the model's guess at the top.
 */
export function createMemory(): Memory {
  const counterparties = new Map<string, Counts>();
  const same = new Map<string, Counts>();
  return {
    recall(counterparty, texts, guess) {
      const known = counterparties.get(counterparty);
      if (counterparty === "" || known === undefined) return null;
      const exact = same.get(texts);
      const owners = [...new Set([...guess.classes, ...known.byClass.keys()])];
      const mixed = owners.map((owner) => {
        const byModel = guess.likely[guess.classes.indexOf(owner)] ?? 0;
        const byCounterparty = leaning(known, owner, byModel, modelRows);
        return { owner, likely: leaning(exact, owner, byCounterparty, counterpartyRows) };
      });
      mixed.sort((a, b) => b.likely - a.likely || a.owner - b.owner);
      const [best] = mixed;
      const share = best === undefined ? 0 : (known.byClass.get(best.owner) ?? 0) / known.total;
      return { classes: mixed.map(({ owner }) => owner), likely: mixed.map(({ likely }) => likely), rows: known.rows, sameRows: exact?.rows ?? 0, agreed: Math.round(share * known.rows) };
    },
    learn(counterparty, texts, owner) {
      if (counterparty === "") return;
      count(counterparties, counterparty, owner);
      count(same, texts, owner);
    },
  };
}

function leaning(counts: Counts | undefined, owner: number, above: number, aboveRows: number): number {
  if (counts === undefined) return above;
  return ((counts.byClass.get(owner) ?? 0) + aboveRows * above) / (counts.total + aboveRows);
}

function count(all: Map<string, Counts>, key: string, owner: number): void {
  let counts = all.get(key);
  if (counts === undefined) all.set(key, (counts = { byClass: new Map(), total: 0, rows: 0 }));
  for (const [other, value] of counts.byClass) counts.byClass.set(other, value * fading);
  counts.byClass.set(owner, (counts.byClass.get(owner) ?? 0) + 1);
  counts.total = counts.total * fading + 1;
  counts.rows++;
}
