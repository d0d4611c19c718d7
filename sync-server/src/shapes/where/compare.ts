import type { ComparisonClass } from "./expression.ts";

interface Decimal {
  /** -1, 0 or 1; ±2 for infinities; 3 for NaN, which Postgres sorts last. */
  readonly rank: number;
  readonly whole: string;
  readonly fraction: string;
}

function readDecimal(text: string): Decimal {
  if (text === "NaN") return { rank: 3, whole: "", fraction: "" };
  if (text === "Infinity" || text === "-Infinity") return { rank: text.startsWith("-") ? -2 : 2, whole: "", fraction: "" };
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = (negative ? text.slice(1) : text).split(".");
  const trimmedWhole = whole.replace(/^0+/, "");
  const trimmedFraction = fraction.replace(/0+$/, "");
  if (trimmedWhole === "" && trimmedFraction === "") return { rank: 0, whole: "", fraction: "" };
  return { rank: negative ? -1 : 1, whole: trimmedWhole, fraction: trimmedFraction };
}

const order = (a: number | string, b: number | string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Compares two numbers given as decimal text of any length, with Postgres' rules for NaN and infinity. */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const left = readDecimal(a);
  const right = readDecimal(b);
  if (left.rank !== right.rank) return order(left.rank, right.rank);
  if (Math.abs(left.rank) !== 1) return 0;
  const magnitude = order(left.whole.length, right.whole.length) || order(left.whole, right.whole) || order(left.fraction, right.fraction);
  return left.rank * magnitude;
}

/** Compares two floats with Postgres' rules: NaN equals NaN and sorts last. */
function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : a === b ? 0 : a < b ? -1 : 1;
}

function readFloat(text: string, single: boolean): number {
  return single ? Math.fround(Number(text)) : Number(text);
}

function yearOf(text: string): number {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  const digits = Number(text.slice(0, text.indexOf("-")));
  return text.endsWith(" BC") ? -digits : digits;
}

/** Month to second; sorts as text. */
function withinYear(text: string): string {
  return text.slice(text.indexOf("-") + 1).replace(/(?:\+00)?(?: BC)?$/, "");
}

/** Compares dates or timestamps in Postgres' ISO form (UTC), including `infinity` and years BC. */
export function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  return order(yearOf(a), yearOf(b)) || order(withinYear(a), withinYear(b));
}

/** Orders two texts of one comparison class; `single` says which side is a 4-byte float. */
export function compareTexts(by: ComparisonClass, a: string, b: string, singleA = false, singleB = false): number {
  switch (by) {
    case "text":
    case "enum":
    case "uuid":
    case "bool":
      return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
    case "bpchar":
      return order(a.replace(/ +$/, ""), b.replace(/ +$/, ""));
    case "decimal":
      return compareDecimals(a, b);
    case "float":
      return compareFloats(readFloat(a, singleA), readFloat(b, singleB));
    case "instant":
      return compareInstants(a, b);
  }
}
