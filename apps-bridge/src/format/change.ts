/** From this many times the base on, a change is said in times, not percent. */
const timesFrom = 3;
/** A base this many times smaller than the value says nothing as a base. */
const baseTooSmallBelow = 1 / 20;

/** How a value differs from its base, and which of the ways to say it is honest. */
export type Change =
  | { readonly kind: "none" }
  | { readonly kind: "same" }
  /** The base is about zero, or the sign has changed: a percentage would mislead. */
  | { readonly kind: "amount"; readonly deltaMinor: number }
  | { readonly kind: "percent"; readonly deltaMinor: number; readonly ratio: number }
  | { readonly kind: "times"; readonly deltaMinor: number; readonly times: number };

/** Compares a value with its base; both in minor units of one currency. */
export function changeOf(value: number, base: number | null): Change {
  if (base === null) return { kind: "none" };
  const deltaMinor = value - base;
  if (deltaMinor === 0) return { kind: "same" };
  const signChanged = value !== 0 && Math.sign(value) !== Math.sign(base);
  if (base === 0 || signChanged || Math.abs(base) < Math.abs(value) * baseTooSmallBelow) return { kind: "amount", deltaMinor };
  const times = value / base;
  if (times >= timesFrom) return { kind: "times", deltaMinor, times };
  return { kind: "percent", deltaMinor, ratio: deltaMinor / Math.abs(base) };
}
