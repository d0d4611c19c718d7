import type { DateOrder, RefusalCode } from "../model.ts";
import { monthByName } from "./month-names.ts";

/** Reading a date gives year × 10000 + month × 100 + day, or one of these. */
export const dateProblem = { missing: -1, unreadable: -2, impossible: -3, outOfRange: -4 } as const;

/** The refusal a date that could not be read leads to. */
export function dateRefusal(packed: number): RefusalCode {
  if (packed === dateProblem.missing) return "date_missing";
  if (packed === dateProblem.impossible) return "date_impossible";
  return packed === dateProblem.outOfRange ? "date_out_of_range" : "date_unreadable";
}

/** Years outside are taken for damage, not for dates. */
const yearMin = 1970;
const yearMax = 2100;

/** The three numbers of a date as written, and how many digits the first and the last have. */
export interface DateParts {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly firstDigits: number;
  readonly thirdDigits: number;
  readonly separator: string;
}

const numericDate = /^(\d{1,4})([./\-\s])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?!\d)(.*)$/s;
const dayMonthName = /^(?:\p{L}{2,12}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]+(?:de\s+)?(\p{L}{3,12})\.?,?[\s.\-/]+(?:de\s+)?(\d{4}|\d{2})(?!\d)(.*)$/su;
const monthNameDay = /^(?:\p{L}{2,12}\.?,?\s+)?(\p{L}{3,12})\.?[\s\-/]+(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/]+(\d{4})(?!\d)(.*)$/su;
const compactDate = /^(\d{8})(?:[T\s]?(\d{4}|\d{6})(?:[.,]\d+)?(?:\[[^\]]*\])?)?$/;
const timeOfDay =
  /^\.?\s*(?:г\.?|года)?[\sT,;в]*(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,:]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|[A-Z]{3,4}|МСК)?\s*\(?(?:[+-]\d{1,2}:?\d{0,2})?\)?)?\s*$/i;

/** The parts of a purely numeric date with separators, or `undefined`: evidence for the order. */
export function numericParts(text: string): DateParts | undefined {
  const match = numericDate.exec(text.trim());
  if (!match) return undefined;
  const [, first = "", separator = "", second = "", third = "", rest = ""] = match;
  if (!timeOfDay.test(rest)) return undefined;
  return { first: Number(first), second: Number(second), third: Number(third), firstDigits: first.length, thirdDigits: third.length, separator };
}

/** Reads a date in any of the usual forms; a time after it is dropped, as written, without any change of zone. */
export function readDate(text: string, order: DateOrder): number {
  if (text.length === 10) {
    const quick = quickDate(text, order);
    if (quick !== 0) return quick;
  }
  const clean = text.trim();
  if (clean === "") return dateProblem.missing;
  if (order === "serial" && /^\d{5}(?:[.,]\d+)?$/.test(clean)) return serialDate(Number.parseInt(clean, 10));
  const parts = numericParts(clean);
  if (parts) return orderedDate(parts, order);
  return namedDate(clean) ?? compact(clean, order);
}

/** `2026-04-02`, `02.04.2026`, `02/04/2026` without a regular expression; 0 when it is another form or not plainly right. */
function quickDate(text: string, order: DateOrder): number {
  const separator = text.charCodeAt(4);
  if (separator === 45 || separator === 47 || separator === 46) {
    if (text.charCodeAt(7) !== separator) return 0;
    return quickValid(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  }
  const early = text.charCodeAt(2);
  if ((early === 46 || early === 47 || early === 45) && text.charCodeAt(5) === early) {
    const first = digits(text, 0, 2);
    const second = digits(text, 3, 5);
    const year = digits(text, 6, 10);
    if (order === "DMY") return quickValid(year, second, first);
    if (order === "MDY") return quickValid(year, first, second);
  }
  return 0;
}

/** Days above 28 are left to the slow way, which knows the calendar. */
function quickValid(year: number, month: number, day: number): number {
  return year >= yearMin && year <= yearMax && month >= 1 && month <= 12 && day >= 1 && day <= 28 ? year * 10000 + month * 100 + day : 0;
}

/** The number made of the digits of a part, or −1. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A numeric date in a given order; a year of four digits in front overrules the order. */
export function orderedDate(parts: DateParts, order: DateOrder): number {
  const { first, second, third, firstDigits, thirdDigits } = parts;
  if (firstDigits === 3) return dateProblem.unreadable;
  if (firstDigits === 4) return thirdDigits === 4 ? dateProblem.unreadable : checked(first, second, third);
  if (order === "YMD") return thirdDigits === 2 ? checked(fullYear(first), second, third) : dateProblem.impossible;
  const year = thirdDigits === 2 ? fullYear(third) : third;
  return order === "MDY" ? checked(year, first, second) : checked(year, second, first);
}

/**
 * The date of a day and month without a year (`503` and `0503` are 5 March), as the first such day from a given day on, written
 * `YYYY-MM-DD`; any other text stays as it is.
 */
export function completedDate(text: string, from: string): string {
  const match = /^(\d{1,2})(\d{2})$/.exec(text.trim());
  if (match === null) return text;
  const year = Number(from.slice(0, 4));
  const monthDay = `${match[2] ?? ""}-${(match[1] ?? "").padStart(2, "0")}`;
  return `${monthDay < from.slice(5) ? year + 1 : year}-${monthDay}`;
}

function namedDate(text: string): number | undefined {
  const dayFirst = dayMonthName.exec(text);
  const [day, name, year, rest] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3], dayFirst[4]]
    : ((match) => (match ? [match[2], match[1], match[3], match[4]] : []))(monthNameDay.exec(text));
  const month = monthByName(name ?? "");
  if (month === undefined || year === undefined || !timeOfDay.test(rest ?? "")) return undefined;
  return checked(year.length === 2 ? fullYear(Number(year)) : Number(year), month, Number(day));
}

function compact(text: string, order: DateOrder): number {
  const match = compactDate.exec(text);
  const packed = match?.[1];
  if (packed === undefined) return dateProblem.unreadable;
  const yearFirst = checked(digits(packed, 0, 4), digits(packed, 4, 6), digits(packed, 6, 8));
  if (yearFirst > 0) return yearFirst;
  const [first, second, year] = [digits(packed, 0, 2), digits(packed, 2, 4), digits(packed, 4, 8)];
  if (year < yearMin || year > yearMax) return yearFirst;
  return order === "MDY" ? checked(year, first, second) : checked(year, second, first);
}

/** Two digits: 70–99 are 19xx, as POSIX strptime has it with the pivot at 69. */
function fullYear(twoDigits: number): number {
  return twoDigits >= 70 ? 1900 + twoDigits : 2000 + twoDigits;
}

/** Day 1 is 1 January 1900 and 1900 counts as a leap year, as in the 1900 date system of spreadsheets. */
function serialDate(days: number): number {
  const instant = new Date(Date.UTC(1899, 11, 30) + days * 86_400_000);
  return checked(instant.getUTCFullYear(), instant.getUTCMonth() + 1, instant.getUTCDate());
}

function checked(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return dateProblem.impossible;
  return year < yearMin || year > yearMax ? dateProblem.outOfRange : year * 10000 + month * 100 + day;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Makes `YYYY-MM-DD` of a read date; each different day is written once and shared. */
export function createDateText(): (packed: number) => string {
  const texts = new Map<number, string>();
  return (packed) => {
    const known = texts.get(packed);
    if (known !== undefined) return known;
    const plain = String(packed);
    const text = `${plain.slice(0, 4)}-${plain.slice(4, 6)}-${plain.slice(6, 8)}`;
    texts.set(packed, text);
    return text;
  };
}
