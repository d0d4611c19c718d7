import type { Guess } from "./guess.ts";
import type { RowKeys } from "./row-keys.ts";

/** Of what was seen before, each new row leaves this much. */
const fading = 0.97;
/** How many rows each level's word is worth against the next one's. */
const levelRows = 0.5;
/** How many rows of a counterparty the model's word is worth while it knows nothing, how many when it knows much, and rows learned at which it is half way. */
const [modelRowsMin, modelRowsMax, halfWay] = [0.7, 8, 300];

interface Counts {
  readonly byClass: Map<number, number>;
  /** Faded number of rows. */
  total: number;
  /** Rows, not faded. */
  rows: number;
}

/** What was seen of a row's counterparty, mixed with what the model says. */
export interface Remembered extends Omit<Guess, "rare"> {
  /** Rows of the counterparty, and of the very same texts. */
  readonly rows: number;
  readonly sameRows: number;
  /** Rows of the counterparty that were of the likeliest class. */
  readonly agreed: number;
}

/** Remembers which classes the rows of each counterparty were of. */
export interface Memory {
  /** Null when nothing of the counterparty was ever seen. */
  recall(keys: RowKeys, guess: Guess): Remembered | null;
  learn(keys: RowKeys, owner: number): void;
  /** Whether the counterparty had the very amount before. */
  knowsAmount(keys: RowKeys): boolean;
}

/**
 * Makes an empty {@link Memory}: counts of each counterparty, of it with each amount, and of each set of texts, newer rows weighing more, each level leaning
 * on the one above it as a hierarchical Dirichlet model does (MacKay and Peto 1995), the model's guess at the top. That guess is worth the more rows the more
 * were learned: the model has learned the counterparty too, and what the other texts say. `isRare` tells the classes that are one to the model.
 */
export function createMemory(isRare: (owner: number) => boolean): Memory {
  const counterparties = new Map<number, Counts>();
  const amounts = new Map<number, Counts>();
  const same = new Map<number, Counts>();
  let learned = 0;
  return {
    recall({ counterparty, counterpartyAmount, texts }, guess) {
      const known = counterparties.get(counterparty);
      if (counterparty === 0 || known === undefined) return null;
      const amount = amounts.get(counterpartyAmount);
      const exact = same.get(texts);
      const owners = [...new Set([...guess.classes, ...known.byClass.keys()])];
      const rareRows = owners.reduce((sum, owner) => sum + (isRare(owner) ? (known.byClass.get(owner) ?? 0) : 0), 0);
      const modelRows = modelRowsMin + ((modelRowsMax - modelRowsMin) * learned) / (learned + halfWay);
      const mixed = owners.map((owner) => {
        const byModel = isRare(owner) ? (guess.rare * (known.byClass.get(owner) ?? 0)) / rareRows : (guess.likely[guess.classes.indexOf(owner)] ?? 0);
        const byCounterparty = leaning(known, owner, byModel, modelRows);
        const byAmount = leaning(amount, owner, byCounterparty, levelRows);
        return { owner, likely: leaning(exact, owner, byAmount, levelRows) };
      });
      mixed.sort((a, b) => b.likely - a.likely || a.owner - b.owner);
      const [best] = mixed;
      const share = best === undefined ? 0 : (known.byClass.get(best.owner) ?? 0) / known.total;
      return { classes: mixed.map(({ owner }) => owner), likely: mixed.map(({ likely }) => likely), rows: known.rows, sameRows: exact?.rows ?? 0, agreed: Math.round(share * known.rows) };
    },
    learn({ counterparty, counterpartyAmount, texts }, owner) {
      if (counterparty === 0) return;
      count(counterparties, counterparty, owner);
      count(amounts, counterpartyAmount, owner);
      count(same, texts, owner);
      learned++;
    },
    knowsAmount: ({ counterpartyAmount }) => amounts.has(counterpartyAmount),
  };
}

function leaning(counts: Counts | undefined, owner: number, above: number, aboveRows: number): number {
  if (counts === undefined) return above;
  return ((counts.byClass.get(owner) ?? 0) + aboveRows * above) / (counts.total + aboveRows);
}

function count(all: Map<number, Counts>, key: number, owner: number): void {
  let counts = all.get(key);
  if (counts === undefined) all.set(key, (counts = { byClass: new Map(), total: 0, rows: 0 }));
  for (const [other, value] of counts.byClass) counts.byClass.set(other, value * fading);
  counts.byClass.set(owner, (counts.byClass.get(owner) ?? 0) + 1);
  counts.total = counts.total * fading + 1;
  counts.rows++;
}
