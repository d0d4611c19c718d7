import { importLimits } from "../limits.ts";
import { decimalEvidence } from "../values/amount.ts";
import { currencyOfMark } from "../values/currency.ts";
import { readDate } from "../values/date.ts";
import { directionOf, isStatusWord } from "../values/direction.ts";
import { uncalculated } from "../values/words.ts";

/** What the cells of one column look like over the profiled records. */
export interface ColumnProfile {
  readonly index: number;
  records: number;
  filled: number;
  /** Cells of a dash alone: nothing, in a column of amounts. */
  dashes: number;
  dates: number;
  amounts: number;
  /** Amount-like cells with a decimal part or a minus sign: identifiers have neither. */
  moneyLooking: number;
  /** Cells of digits only with seven or more of them, or a leading zero: numbers of documents, cards, accounts. */
  identifiers: number;
  /** Cells with ten or more digits in a row, an IBAN or a masked card number among them. */
  longNumbers: number;
  currencies: number;
  directions: number;
  statuses: number;
  letters: number;
  chars: number;
  readonly distinct: Set<string>;
}

const distinctMax = 500;
/** What spreadsheets show instead of a value; nothing can be told from it. */
const errorValues = new Set(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"]);

/** An empty profile of a column. */
export function newProfile(index: number): ColumnProfile {
  return {
    index, records: 0, filled: 0, dashes: 0, dates: 0, amounts: 0, moneyLooking: 0, identifiers: 0, longNumbers: 0, currencies: 0, directions: 0, statuses: 0, letters: 0, chars: 0,
    distinct: new Set(),
  };
}

/** Profiles every column of some records. Bounded by the records given and `columnsMax`. */
export function profileColumns(records: readonly (readonly string[])[], width: number): ColumnProfile[] {
  const profiles = Array.from({ length: Math.min(width, importLimits.columnsMax) }, (_, index) => newProfile(index));
  for (const record of records) {
    for (const profile of profiles) addCell(profile, record[profile.index] ?? "");
  }
  return profiles;
}

function addCell(profile: ColumnProfile, raw: string): void {
  const cell = raw.trim();
  profile.records += 1;
  if (cell === "" || errorValues.has(cell)) return;
  profile.filled += 1;
  if (/^[-–—]+$/.test(cell)) profile.dashes += 1;
  // A formula without its result is a number more often than not.
  if (cell === uncalculated) {
    profile.amounts += 1;
    return;
  }
  profile.chars += cell.length;
  const isNew = !profile.distinct.has(cell);
  if (isNew && profile.distinct.size < distinctMax) profile.distinct.add(cell);
  if (isDateLike(cell)) profile.dates += 1;
  else if (isAmountLike(cell)) {
    profile.amounts += 1;
    if (/[.,]\d{1,2}$|^[-−(]|-$|[€$£₽]|[.,]\d{2,} [A-Z]{3}$/.test(cell)) profile.moneyLooking += 1;
    if (/^'?(?:0\d+|\d{7,})$/.test(cell)) profile.identifiers += 1;
  }
  if (/\d{10}|^[A-Z]{2}\d{2}[A-Z0-9 ]{11,}$/.test(cell)) profile.longNumbers += 1;
  if (/\p{L}/u.test(cell)) profile.letters += 1;
  if (cell.length > 24) return;
  if (currencyOfMark(cell) !== undefined) profile.currencies += 1;
  if (directionOf(cell) !== undefined) profile.directions += 1;
  if (isStatusWord(cell)) profile.statuses += 1;
}

/** True when a cell reads as a date in any order; bare numbers do not. */
export function isDateLike(cell: string): boolean {
  if (cell.length < 6 || cell.length > 40 || !/\d/.test(cell)) return false;
  if (/^\d{8}$/.test(cell)) return /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d$/.test(cell);
  return readDate(cell, "DMY") > 0 || readDate(cell, "MDY") > 0;
}

/** True when a cell reads as an amount. */
export function isAmountLike(cell: string): boolean {
  return cell.length <= 32 && decimalEvidence(cell) !== "not_a_number";
}

/** The share of filled cells that have a property. */
export function shareOf(profile: ColumnProfile, count: number): number {
  return profile.filled === 0 ? 0 : count / profile.filled;
}
