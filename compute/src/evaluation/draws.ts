/** Repeatable draws for generated ledgers. */
export interface Draws {
  /** From 0 up to but not including 1. */
  uniform(): number;
  /** A whole number, both bounds included. */
  whole(from: number, to: number): number;
  /** Standard normal. */
  normal(): number;
  /** Around a middle that half of the draws exceed. */
  lognormal(middle: number, sigma: number): number;
  /** One of the values. Throws `RangeError` when there are none. */
  pick<Value>(values: readonly Value[]): Value;
  /** The values in another order. */
  shuffled<Value>(values: readonly Value[]): Value[];
}

/** Draws over uniform numbers. */
export function drawsOf(uniform: () => number): Draws {
  const whole = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    whole,
    normal,
    lognormal: (middle, sigma) => middle * Math.exp(sigma * normal()),
    pick: (values) => {
      const value = values[whole(0, values.length - 1)];
      if (value === undefined) throw new RangeError("nothing to pick from");
      return value;
    },
    shuffled: (values) => {
      const mixed = [...values];
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = whole(0, last);
        const [a, b] = [mixed[last], mixed[other]];
        if (a !== undefined && b !== undefined) [mixed[last], mixed[other]] = [b, a];
      }
      return mixed;
    },
  };
}
