/** Predictions that are taken for granted of everything, right as often as all. */
const assumed = 4;
/** Most shares kept worked out. */
const knownMax = 50_000;

interface Tally {
  right: number;
  all: number;
}

/** How often predictions of a kind were right: of a class, or beside the same other texts. */
export interface Reliability {
  /** Takes a prediction of a fold into account. */
  add(kind: string, fold: number, isRight: boolean): void;
  /**
   * Share of the kind's predictions that were right, shrunk to the share of all. Those of one fold can be left out: what judges a trial must not have seen
   * how it ended, not even by its absence.
   */
  of(kind: string, withoutFold?: number): number;
}

/** Makes an empty {@link Reliability} over a number of folds. */
export function createReliability(foldCount: number): Reliability {
  const folds = Array.from({ length: foldCount }, () => new Map<string, Tally>());
  const everything = "";
  const sumOf = (kind: string, withoutFold: number | undefined): Tally => {
    const sum: Tally = { right: 0, all: 0 };
    for (const [fold, tallies] of folds.entries()) {
      const tally = fold === withoutFold ? undefined : tallies.get(kind);
      if (tally === undefined) continue;
      sum.right += tally.right;
      sum.all += tally.all;
    }
    return sum;
  };
  const shareOf = (kind: string, withoutFold: number | undefined): number => {
    const whole = sumOf(everything, withoutFold);
    const base = (whole.right + 1) / (whole.all + 2);
    const { right, all } = sumOf(kind, withoutFold);
    return (right + assumed * base) / (all + assumed);
  };
  const known = new Map<string, number>();
  return {
    add(kind, fold, isRight) {
      known.clear();
      for (const key of [everything, kind]) {
        const tallies = folds[fold];
        const tally = tallies?.get(key) ?? { right: 0, all: 0 };
        tally.all++;
        if (isRight) tally.right++;
        tallies?.set(key, tally);
      }
    },
    of(kind, withoutFold) {
      if (withoutFold !== undefined) return shareOf(kind, withoutFold);
      let share = known.get(kind);
      if (share !== undefined) return share;
      share = shareOf(kind, undefined);
      if (known.size < knownMax) known.set(kind, share);
      return share;
    },
  };
}
