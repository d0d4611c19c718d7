/** A Postgres numeric: `digits × 10^-scale`, or one of its special values (then `digits` orders them). */
export interface Decimal {
  readonly special: "NaN" | "Infinity" | "-Infinity" | undefined;
  readonly digits: bigint;
  /** Digits after the point that the value shows, `numeric`'s display scale. */
  readonly scale: number;
}

const scaleMax = 16_383;
const nan: Decimal = { special: "NaN", digits: 0n, scale: 0 };
const infinity: Decimal = { special: "Infinity", digits: 0n, scale: 0 };
const minusInfinity: Decimal = { special: "-Infinity", digits: 0n, scale: 0 };
const finite = (digits: bigint, scale: number): Decimal => ({ special: undefined, digits, scale });
const signedInfinity = (sign: number): Decimal => (sign === 0 ? nan : sign > 0 ? infinity : minusInfinity);

/** Reads a number as Postgres prints numerics and integers. */
export function readDecimal(text: string): Decimal {
  if (text === "NaN") return nan;
  if (text === "Infinity") return infinity;
  if (text === "-Infinity") return minusInfinity;
  const point = text.indexOf(".");
  return point < 0 ? finite(BigInt(text), 0) : finite(BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1);
}

/** An integer as a decimal. */
export function decimalOf(value: bigint): Decimal {
  return finite(value, 0);
}

/** The text Postgres shows. */
export function showDecimal({ special, digits, scale }: Decimal): string {
  if (special !== undefined) return special;
  if (scale === 0) return digits.toString();
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

const specialRank = { NaN: 2, Infinity: 1, "-Infinity": -1 } as const;
const rank = (value: Decimal): number => (value.special === undefined ? 0 : specialRank[value.special]);
const sign = (value: Decimal): number => (value.special === undefined ? (value.digits > 0n ? 1 : value.digits < 0n ? -1 : 0) : value.special === "-Infinity" ? -1 : 1);
const scaled = (value: Decimal, scale: number): bigint => (value.scale === scale ? value.digits : value.digits * 10n ** BigInt(scale - value.scale));

/** Order of numerics: NaN equals itself and is greatest. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.special !== undefined || b.special !== undefined) return Math.sign(rank(a) - rank(b));
  const scale = Math.max(a.scale, b.scale);
  const [left, right] = [scaled(a, scale), scaled(b, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rounds half away from zero to `scale` digits. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (value.special !== undefined || value.scale <= scale) return value;
  const unit = 10n ** BigInt(value.scale - scale);
  const half = value.digits < 0n ? -unit / 2n : unit / 2n;
  return finite((value.digits + half) / unit, scale);
}

/** The opposite number. */
export function negateDecimal(value: Decimal): Decimal {
  if (value.special === "NaN") return value;
  return value.special === undefined ? finite(-value.digits, value.scale) : signedInfinity(-sign(value));
}

/** Sum, with the larger of the two scales. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special === "NaN" || b.special === "NaN") return nan;
  if (a.special !== undefined && b.special !== undefined) return a.special === b.special ? a : nan;
  if (a.special !== undefined) return a;
  if (b.special !== undefined) return b;
  const scale = Math.max(a.scale, b.scale);
  return finite(scaled(a, scale) + scaled(b, scale), scale);
}

/** Product, with the sum of the two scales. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.special === "NaN" || b.special === "NaN") return nan;
  if (a.special !== undefined || b.special !== undefined) return signedInfinity(sign(a) * sign(b));
  return roundDecimal(finite(a.digits * b.digits, a.scale + b.scale), scaleMax);
}

/** Weight (power of 10,000) and value of the first base-10,000 digit, as Postgres stores a numeric. */
function leadingDigit(value: Decimal): { readonly weight: number; readonly digit: number } {
  if (value.digits === 0n) return { weight: 0, digit: 0 };
  const text = (value.digits < 0n ? -value.digits : value.digits).toString();
  const exponent = text.length - value.scale - 1;
  const weight = Math.floor(exponent / 4);
  return { weight, digit: Number(text.slice(0, exponent - weight * 4 + 1).padEnd(exponent - weight * 4 + 1, "0")) };
}

const quotientDigitsMin = 16;
const quotientScaleMax = 1_000;

/** Scale of a quotient (`select_div_scale` in src/backend/utils/adt/numeric.c describes the rule). */
function quotientScale(a: Decimal, b: Decimal): number {
  const [first, second] = [leadingDigit(a), leadingDigit(b)];
  const weight = first.weight - second.weight - (first.digit <= second.digit ? 1 : 0);
  return Math.min(Math.max(quotientDigitsMin - weight * 4, a.scale, b.scale, 0), quotientScaleMax);
}

/** Quotient; `null` for a division by zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal | null {
  if (a.special === "NaN" || b.special === "NaN") return nan;
  if (a.special !== undefined) return b.special !== undefined ? nan : sign(b) === 0 ? null : signedInfinity(sign(a) * sign(b));
  if (b.special !== undefined) return finite(0n, 0);
  if (b.digits === 0n) return null;
  const scale = quotientScale(a, b);
  // One more digit than asked for decides the rounding, because it is only ever looked at as "half or more".
  const shift = scale + 1 + b.scale - a.scale;
  const quotient = shift >= 0 ? (a.digits * 10n ** BigInt(shift)) / b.digits : a.digits / (b.digits * 10n ** BigInt(-shift));
  return roundDecimal(finite(quotient, scale + 1), scale);
}

/** Remainder, with the sign of the dividend; `null` for a division by zero. */
export function remainderDecimals(a: Decimal, b: Decimal): Decimal | null {
  if (a.special === "NaN" || b.special === "NaN") return nan;
  if (a.special !== undefined) return b.special === undefined && b.digits === 0n ? null : nan;
  if (b.special !== undefined) return a;
  if (b.digits === 0n) return null;
  const scale = Math.max(a.scale, b.scale);
  return finite(scaled(a, scale) % scaled(b, scale), scale);
}
