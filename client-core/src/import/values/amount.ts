import { minor, parseDecimalMinor, type Minor } from "@saldo/schema";
import type { DecimalStyle } from "../model.ts";
import { currencyOfMark } from "./currency.ts";

/** An amount as read, or why it could not be. `currency` is named by a mark beside the number, else `null`. */
export type AmountReading =
  | { readonly ok: true; readonly amountMinor: Minor; readonly currency: string | null; readonly direction: "in" | "out" | null }
  | { readonly ok: false; readonly problem: "missing" | "unreadable" | "ambiguous" | "too_large" };

/** What one cell says about the decimal mark: decisive for `.` or `,`, either way, or nothing. */
export type DecimalEvidence = "." | "," | "either" | "none" | "not_a_number";

const missing: AmountReading = { ok: false, problem: "missing" };
const unreadable: AmountReading = { ok: false, problem: "unreadable" };

/** Cells that say "no amount here". */
const emptyMarks = new Set(["", "-", "–", "—", "n/a", "#n/a", "na", "null", "none", "nan", "н/д", "нет"]);

/**
 * The usual plain amount (`-1234.5`, the given decimal mark, no groups) straight to minor units, integer arithmetic only;
 * NaN for anything else, which {@link readAmount} then reads with care.
 */
export function quickMinor(text: string, decimalCode: number, exponent: number): number {
  const length = text.length;
  if (length === 0 || length > 15) return Number.NaN;
  const negative = text.charCodeAt(0) === 45;
  let at = negative ? 1 : 0;
  let value = 0;
  const start = at;
  for (; at < length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  let scale = exponent;
  if (at < length) {
    if (text.charCodeAt(at) !== decimalCode || at === start || length - at - 1 > exponent || length - at - 1 === 3) return Number.NaN;
    for (at += 1; at < length; at += 1, scale -= 1) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
  } else if (at === start) return Number.NaN;
  for (; scale > 0; scale -= 1) value *= 10;
  return negative && value !== 0 ? -value : value;
}

/** An amount cell taken apart: sign, direction letters, currency mark, and the digits with their marks. */
interface AmountParts {
  readonly negative: boolean;
  readonly direction: "in" | "out" | null;
  readonly currency: string | null;
  readonly number: string;
}

const minusSigns = "-\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d";
const amountCharsMax = 64;
const insideNumber = /^[\d.,'’_\s\u00a0\u202f\u2009]*$/;

/** Finds the number between its first and last digit and reads what stands before and after it. */
function takeApart(text: string): AmountParts | undefined {
  if (text.length > amountCharsMax) return undefined;
  let start = text.search(/\d/);
  if (start < 0) return undefined;
  let end = text.length;
  while (!/\d/.test(text[end - 1] ?? "")) end -= 1;
  // `,01` and `.5` begin with their mark; the point of `Rs.100` belongs to the currency.
  if (/[.,]/.test(text[start - 1] ?? "") && !/\p{L}/u.test(text[start - 2] ?? "")) start -= 1;
  const number = text.slice(start, end);
  const before = readSurroundings(text.slice(0, start));
  const after = readSurroundings(text.slice(end).replace(/^[.,](?:[-–—]+$)?/, ""));
  if (before === undefined || after === undefined || !insideNumber.test(number)) return undefined;
  if (before.opens !== after.closes || before.closes || after.opens) return undefined;
  const signs = before.signs + after.signs;
  if (signs.length > 1 || (signs.length === 1 && before.opens)) return undefined;
  if (before.currency !== null && after.currency !== null && before.currency !== after.currency) return undefined;
  return {
    negative: before.opens || (signs.length === 1 && signs !== "+"),
    direction: after.direction ?? before.direction,
    currency: before.currency ?? after.currency,
    number,
  };
}

interface Surroundings {
  readonly signs: string;
  readonly opens: boolean;
  readonly closes: boolean;
  readonly currency: string | null;
  readonly direction: "in" | "out" | null;
}

/** Sign, parenthesis, currency mark and direction letters on one side of a number; `undefined` when something else stands there. */
function readSurroundings(text: string): Surroundings | undefined {
  let signs = "";
  let mark = "";
  for (const character of text) {
    if (character === "+" || minusSigns.includes(character)) signs += character === "+" ? "+" : "-";
    else if (character !== "(" && character !== ")") mark += character;
  }
  const { rest, flow } = directionMark(mark.trim());
  const currency = rest === "" || rest === "'" ? null : currencyOfMark(rest);
  if (currency === undefined) return undefined;
  return { signs, opens: text.includes("("), closes: text.includes(")"), currency, direction: flow };
}

/** `CR` and `DR` after a number, alone or beside a currency mark. */
function directionMark(mark: string): { rest: string; flow: "in" | "out" | null } {
  const match = /^(.*?)\s*\b(CR|DR|DB|Cr|Dr|cr|dr)\.?$/.exec(mark);
  if (!match) return { rest: mark, flow: null };
  return { rest: match[1] ?? "", flow: match[2]?.toUpperCase() === "CR" ? "in" : "out" };
}

const blankGroup = /[\s\u00a0\u202f\u2009_'’]/;

/** The whole and fraction digits of a number text under a decimal mark (or none), or `undefined` when its groups are wrong. */
function splitNumber(text: string, decimal: "." | "," | ""): string | undefined {
  const cut = decimal === "" ? -1 : text.lastIndexOf(decimal);
  const whole = cut < 0 ? text : text.slice(0, cut);
  const fraction = cut < 0 ? "" : text.slice(cut + 1);
  if (!/^\d*$/.test(fraction)) return undefined;
  const groupMarks = new Set(whole.replace(/\d/g, "").replace(/[\u00a0\u202f\u2009]/g, " ").replace(/’/g, "'"));
  if (groupMarks.size > 1 || (decimal !== "" && groupMarks.has(decimal))) return undefined;
  if (groupMarks.size === 1) {
    const groups = whole.split(/[^\d]/);
    const [first = "", ...others] = groups;
    const last = others.at(-1) ?? "";
    const middle = others.slice(0, -1);
    const western = middle.every((group) => group.length === 3);
    const indian = middle.every((group) => group.length === 2) && first.length <= 2;
    if (first.length < 1 || first.length > 3 || last.length !== 3 || !(western || indian)) return undefined;
  }
  return `${whole.replace(/\D/g, "")}.${fraction}`;
}

/** Which mark is the decimal one: told by the text itself, or by nothing but the style of the column (`either`). */
function decimalOf(number: string): "." | "," | "" | "either" {
  const points = number.split(".").length - 1;
  const commas = number.split(",").length - 1;
  if (points === 0 && commas === 0) return "";
  if (points > 0 && commas > 0) return number.lastIndexOf(".") > number.lastIndexOf(",") ? "." : ",";
  if (points + commas > 1) return "";
  const mark = points === 1 ? "." : ",";
  const cut = number.indexOf(mark);
  const before = number.slice(0, cut);
  const after = number.length - cut - 1;
  if (after !== 3 || before === "" || before.startsWith("0") || before.length > 3 || blankGroup.test(before)) return mark;
  return "either";
}

/** What a cell says about the decimal mark of its column. */
export function decimalEvidence(text: string): DecimalEvidence {
  const number = takeApart(text.trim())?.number;
  if (number === undefined) return "not_a_number";
  const decimal = decimalOf(number);
  if (decimal === "either") return "either";
  if (splitNumber(number, decimal) === undefined) return "not_a_number";
  if (decimal !== "") return decimal;
  // Several equal marks are groups, so the other mark is the decimal one.
  return number.includes(".") ? "," : number.includes(",") ? "." : "none";
}

/** Reads any amount cell: groups, currency marks, parentheses, a sign before or after, CR and DR. More digits than the currency has round half away from zero. */
export function readAmount(text: string, style: DecimalStyle, rowCurrency: string): AmountReading {
  const clean = text.trim();
  if (emptyMarks.has(clean.toLowerCase())) return missing;
  const parts = takeApart(clean);
  if (parts === undefined) return unreadable;
  let decimal = decimalOf(parts.number);
  if (decimal === "either") {
    if (style === "mixed") return { ok: false, problem: "ambiguous" };
    decimal = style !== "unknown" && parts.number.includes(style) ? style : "";
  }
  const plain = splitNumber(parts.number, decimal);
  if (plain === undefined) return unreadable;
  const currency = parts.currency;
  const magnitude = parseDecimalMinor(plain, currency ?? rowCurrency);
  if (magnitude === undefined) return { ok: false, problem: "too_large" };
  const amountMinor = parts.negative ? minor(-magnitude) : magnitude;
  return { ok: true, amountMinor, currency, direction: parts.direction };
}
