/** Classes a guess keeps: the likeliest. */
const keptMax = 8;

/** The likeliest classes of a row, likeliest first. */
export interface Guess {
  readonly classes: readonly number[];
  readonly likely: readonly number[];
  /** Likelihood of all classes together that cannot be told apart. */
  readonly rare: number;
}

/** The likeliest classes of a whole distribution. */
export function guessOf(likely: Float32Array, classCount: number): Omit<Guess, "rare"> {
  const best: number[] = [];
  for (let index = 0; index < classCount; index++) {
    const value = likely[index] ?? 0;
    if (best.length === keptMax && value <= (likely[best[keptMax - 1] ?? 0] ?? 0)) continue;
    let at = best.length;
    while (at > 0 && (likely[best[at - 1] ?? 0] ?? 0) < value) at--;
    best.splice(at, 0, index);
    if (best.length > keptMax) best.pop();
  }
  return { classes: best, likely: best.map((index) => likely[index] ?? 0) };
}
