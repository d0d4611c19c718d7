/** Numbers drawn from a seed. */
export interface Random {
  /** From 0 up to 1. */
  (): number;
  /** A whole number from 0 up to a bound. */
  below(bound: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Of the standard normal distribution (Box and Muller 1958). */
  normal(): number;
  chance(probability: number): boolean;
}

/** Makes {@link Random} numbers: mulberry32, the same for a seed everywhere. Picking from nothing throws `RangeError`. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return Object.assign(next, {
    below,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability: number) => next() < probability,
  });
}
