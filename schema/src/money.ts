/**
 * Money is an integer count of minor units (cents, kopecks) beside an ISO 4217 currency code.
 * A branded safe integer rather than a BigInt, so that it crosses every bridge and JSON unchanged;
 * ±9,007,199,254,740,991 minor units is ninety trillion in a two-digit currency.
 */
declare const minorBrand: unique symbol;

/** An integer number of minor units within ±(2^53 − 1). */
export type Minor = number & { readonly [minorBrand]: "minor" };

/** ISO 4217: no currency, of books and findings that have none. */
export const noCurrency = "XXX";

/** ISO 4217 codes whose minor unit is not 1/100 (ISO 4217:2015 table A.1). */
const exponentByCurrency: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0,
  XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

/** Digits after the decimal point of a currency; 2 for every code not listed by ISO as an exception. */
export function currencyExponent(currency: string): number {
  return exponentByCurrency[currency] ?? 2;
}

/** Brands a number as minor units. Throws `RangeError` unless it is a safe integer: that is a bug, not bad input. */
export function minor(value: number): Minor {
  if (!Number.isSafeInteger(value)) throw new RangeError("money is not a safe integer of minor units");
  // −0 and 0 are one amount.
  return (value === 0 ? 0 : value) as Minor;
}

/** Sum of amounts of one currency. Throws `RangeError` when it leaves the safe range. */
export function sumMinor(amounts: Iterable<Minor>): Minor {
  let total = 0;
  for (const amount of amounts) {
    total += amount;
    if (!Number.isSafeInteger(total)) throw new RangeError("sum of money leaves the safe integer range");
  }
  return minor(total);
}

/** A sum as a database returns it (number, bigint or decimal text of an integer), checked. Throws `RangeError`. */
export function minorFromDatabase(value: unknown): Minor {
  if (value === null || value === undefined) return minor(0);
  if (typeof value === "number" || typeof value === "bigint") return minor(Number(value));
  if (typeof value === "string" && /^-?\d+$/.test(value)) return minor(Number(value));
  throw new RangeError("the database returned money that is not an integer");
}

/**
 * Shares an amount out in proportion to weights so that the parts add up to it (largest remainder, ties to the first).
 * Weights are non-negative; all zero means equal shares. Throws `RangeError` on a negative or non-finite weight.
 */
export function allocateMinor(amount: Minor, weights: readonly number[]): Minor[] {
  if (weights.length === 0) return [];
  if (weights.some((weight) => !Number.isFinite(weight) || weight < 0)) throw new RangeError("a weight is negative or not finite");
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total === 0 ? amount / weights.length : amount * (weight / total)));
  const shares = exact.map((share) => Math.trunc(share));
  let rest = amount - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact.map((share, index) => ({ index, remainder: Math.abs(share - Math.trunc(share)) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const step = Math.sign(rest);
  for (let turn = 0; rest !== 0; turn = (turn + 1) % byRemainder.length) {
    const target = byRemainder[turn];
    if (target === undefined) break;
    shares[target.index] = (shares[target.index] ?? 0) + step;
    rest -= step;
  }
  return shares.map(minor);
}

/** Plain decimal text of an amount, `-1234.50`; the inverse of {@link parseDecimalMinor}. */
export function formatMinorDecimal(amount: Minor, currency: string): string {
  const digits = currencyExponent(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const sign = amount < 0 ? "-" : "";
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Reads plain decimal text (`-1234.5`, dot, no groups) into minor units without passing through a float.
 * More digits than the currency has round half away from zero. Returns `undefined` when it is not such a number or leaves the safe range.
 */
export function parseDecimalMinor(text: string, currency: string): Minor | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = currencyExponent(currency);
  const kept = Number(`${whole}${fraction.slice(0, digits).padEnd(digits, "0")}`);
  const rounded = kept + ((fraction.charCodeAt(digits) || 0) >= 53 ? 1 : 0);
  if (!Number.isSafeInteger(rounded)) return undefined;
  return minor(sign === "-" ? -rounded : rounded);
}
