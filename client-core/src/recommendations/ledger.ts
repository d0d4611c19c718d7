import { addMonths, firstDay, lastDay, monthOf, monthRange, type Month, type Row } from "@saldo/schema";
import type { RecurringRow } from "../recurring/index.ts";
import { naturesOf } from "./subjects.ts";

/** One row as the rules look at it; a row of the table `transaction` is one. */
export interface AdviceRow extends RecurringRow {
  readonly kind: Row<"transaction">["kind"];
}

/** A category as the rules look at it. */
export interface AdviceCategory {
  readonly id: string;
  readonly name: string;
  readonly kind: Row<"category">["kind"];
}

/** What the rules are given: rows of one currency that count in reports, own transfers left out, in order of dates. */
export interface AdviceBooks {
  readonly currency: string;
  readonly rows: readonly AdviceRow[];
  readonly categories: readonly AdviceCategory[];
  /** Complete months, without gaps, oldest first. */
  readonly months: readonly Month[];
  /** Cash now; null when no balance is known. */
  readonly cashMinor: number | null;
  /** Cash at the end of each month ahead, with its 80% interval; empty without a forecast or a balance. */
  readonly cashAhead: readonly CashAhead[];
}

/** Expected cash at the end of a month. */
export interface CashAhead {
  readonly month: Month;
  readonly meanMinor: number;
  readonly lowMinor: number;
  readonly highMinor: number;
}

/** A counterparty, however its rows spell it. */
export interface Party {
  readonly key: string;
  /** As the latest row spells it. */
  readonly name: string;
  readonly names: ReadonlySet<string>;
  /** Places of its rows, oldest first. */
  readonly rows: readonly number[];
}

/** The rows as columns beside what rules add up again and again. Money is in whole minor units throughout. */
export interface AdviceLedger {
  readonly books: AdviceBooks;
  /** Place of a row's month among the complete ones; −1 outside of them. */
  readonly month: Int32Array;
  readonly amount: Float64Array;
  /** −1 without a category. */
  readonly category: Int32Array;
  /** Places of the rows of each category. */
  readonly byCategory: readonly (readonly number[])[];
  /** See `naturesOf`. */
  readonly nature: Uint8Array;
  /** −1 without a counterparty. */
  readonly party: Int32Array;
  readonly parties: readonly Party[];
  /** What came in and went out in each complete month, both positive. */
  readonly monthIn: Float64Array;
  readonly monthOut: Float64Array;
  readonly dataThrough: string;
}

/** Puts rows into columns. */
export function adviceLedger(books: AdviceBooks): AdviceLedger {
  const { rows, categories, months } = books;
  const monthPlaces = new Map(months.map((month, place) => [month, place]));
  const placesOfDays = new Map<string, number>();
  const placeOfDay = (day: string): number => {
    const known = placesOfDays.get(day);
    if (known !== undefined) return known;
    const place = monthPlaces.get(monthOf(day)) ?? -1;
    placesOfDays.set(day, place);
    return place;
  };
  const categoryPlaces = new Map(categories.map(({ id }, place) => [id, place]));
  const [category, month, amount] = [new Int32Array(rows.length), new Int32Array(rows.length), new Float64Array(rows.length)];
  const byCategory = categories.map((): number[] => []);
  for (const [row, { categoryId, postedOn, amountMinor }] of rows.entries()) {
    const place = categoryId === null ? -1 : (categoryPlaces.get(categoryId) ?? -1);
    category[row] = place;
    byCategory[place]?.push(row);
    month[row] = placeOfDay(postedOn);
    amount[row] = amountMinor;
  }
  const ledger = {
    books,
    month,
    amount,
    category,
    byCategory,
    nature: naturesOf(books, category),
    ...partiesOf(rows),
    monthIn: new Float64Array(months.length),
    monthOut: new Float64Array(months.length),
    dataThrough: rows.at(-1)?.postedOn ?? "",
  };
  for (let row = 0; row < rows.length; row++) {
    const [at, moved] = [month[row] ?? -1, amount[row] ?? 0];
    if (at >= 0 && moved > 0) ledger.monthIn[at] = (ledger.monthIn[at] ?? 0) + moved;
    if (at >= 0 && moved < 0) ledger.monthOut[at] = (ledger.monthOut[at] ?? 0) - moved;
  }
  return ledger;
}

const legalForms = new Set("ооо оао зао пао ао ип нко ooo oao zao pao ao ltd limited llc llp plc inc corp co gmbh ag kg bv nv sa sarl srl spa ab oy as".split(" "));

/** A name without case, marks and legal form. Numbers stay: advice about one of two shops must not be about both. */
function nameKey(name: string): string {
  const words = name.normalize("NFKC").toLowerCase().replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const telling = words.filter((word) => !legalForms.has(word));
  return (telling.length > 0 ? telling : words).join(" ");
}

/** Counterparties by tax number, else by their name without case, marks and legal form. */
function partiesOf(rows: readonly AdviceRow[]): { readonly party: Int32Array; readonly parties: readonly Party[] } {
  const taxIds = new Map<string, string | null>();
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = nameKey(name);
    keys.set(name, key);
    return key;
  };
  for (const { counterpartyName, counterpartyTaxId } of rows) {
    if (!counterpartyName || !counterpartyTaxId) continue;
    const key = keyOf(counterpartyName);
    const other = taxIds.get(key);
    taxIds.set(key, other === undefined || other === counterpartyTaxId ? counterpartyTaxId : null);
  }
  const places = new Map<string, number>();
  const parties: { key: string; name: string; names: Set<string>; rows: number[] }[] = [];
  const party = new Int32Array(rows.length).fill(-1);
  for (const [row, { counterpartyName, counterpartyTaxId }] of rows.entries()) {
    if (!counterpartyName) continue;
    const name = keyOf(counterpartyName);
    const key = counterpartyTaxId || taxIds.get(name) || name;
    const place = places.get(key) ?? places.set(key, places.size).size - 1;
    const entry = (parties[place] ??= { key, name: counterpartyName, names: new Set(), rows: [] });
    entry.name = counterpartyName;
    entry.names.add(counterpartyName);
    entry.rows.push(row);
    party[row] = place;
  }
  return { party, parties };
}

/** Sums of rows that satisfy a condition, by complete month; `sign` is −1 for what went out, 1 for what came in. */
export function monthlySums(ledger: AdviceLedger, sign: -1 | 1, isMeant: (row: number) => boolean, among?: readonly number[]): Float64Array {
  const sums = new Float64Array(ledger.books.months.length);
  const add = (row: number) => {
    const month = ledger.month[row] ?? -1;
    const amount = sign * (ledger.amount[row] ?? 0);
    if (month >= 0 && amount > 0 && isMeant(row)) sums[month] = (sums[month] ?? 0) + amount;
  };
  if (among === undefined) for (let row = 0; row < ledger.amount.length; row++) add(row);
  else for (const row of among) add(row);
  return sums;
}

/** Days of some complete months by their places, first and last. */
export function daysOfMonths(ledger: AdviceLedger, first: number, last: number): { readonly from: string; readonly to: string } {
  const { months } = ledger.books;
  return { from: firstDay(months[first] ?? "0001-01"), to: lastDay(months[last] ?? "0001-01") };
}

/** The complete months of rows that begin and end somewhere: a first month that begins late is left out. */
export function monthsLookedAt(first: string, lastComplete: Month): Month[] {
  const start = Number(first.slice(8)) <= firstRowDayMax ? monthOf(first) : addMonths(monthOf(first), 1);
  return start > lastComplete ? [] : monthRange(start, lastComplete).slice(-monthsMax);
}

/** A first month whose rows begin later than this lacks some. */
const firstRowDayMax = 5;
/** Months the rules look back over: three years. */
export const monthsMax = 36;
