import { sortNumbers } from "../sort-numbers.ts";
import type { CalendarDay } from "./due-dates.ts";
import type { RecurringRow } from "./model.ts";
import { wordingOf } from "./wording.ts";

/** A row with its calendar day, its amount without a sign, the number of its wording, and the logarithm of its amount once it was needed. */
export interface DatedRow {
  readonly row: RecurringRow;
  readonly day: CalendarDay;
  readonly amount: number;
  readonly wording: number;
  size: number | undefined;
}

/** Numbers of wordings, small ones: rows are gathered by them again and again. */
export type Wordings = Map<number, number>;

/** Amounts further apart than this, as a logarithm, belong to different things. */
const amountGap = 0.12;
/** Days of the month further apart than this belong to different due dates. */
const dayGap = 4;
/** Parties with more rows than this are told apart by wording alone. */
const rowsTakenApartMax = 2_000;

/**
 * Ways to tell apart what one party is paid for: by wording, by amount, by day of the month; only those that make a difference, each worked out when it is
 * asked for.
 */
export function* partings(rows: readonly DatedRow[]): Generator<DatedRow[][], void> {
  const byWords = byWording(rows);
  if (byWords.length > 1) yield byWords;
  if (rows.length > rowsTakenApartMax) return;
  const byAmounts = byAmount(rows);
  if (byAmounts.length > 1) yield byAmounts;
  const byDays = byDayOfMonth(rows);
  if (byDays.length > 1) yield byDays;
}

function byWording(rows: readonly DatedRow[]): DatedRow[][] {
  const parts = new Map<number, DatedRow[]>();
  let [last, part]: [number | undefined, DatedRow[]] = [undefined, []];
  for (const dated of rows) {
    const { wording } = dated;
    if (wording !== last) {
      last = wording;
      const known = parts.get(wording);
      part = known ?? [];
      if (known === undefined) parts.set(wording, part);
    }
    part.push(dated);
  }
  return [...parts.values()];
}

/** The number of a description's wording, the same for all of one wording. */
export function wordingNumber(description: string, wordings: Wordings): number {
  const wording = wordingOf(description);
  const known = wordings.get(wording);
  if (known !== undefined) return known;
  wordings.set(wording, wordings.size);
  return wordings.size - 1;
}

/** Parts of rows whose amounts, as logarithms, lie no more than a gap from the next. */
function byAmount(rows: readonly DatedRow[]): DatedRow[][] {
  const sizes = new Float64Array(rows.length);
  rows.forEach((dated, index) => {
    sizes[index] = dated.size ??= Math.log(dated.amount);
  });
  const sorted = sizes.slice();
  sortNumbers(sorted);
  // Where parts after the first begin.
  const starts: number[] = [];
  for (let at = 1; at < sorted.length; at += 1) {
    const value = sorted[at] ?? 0;
    if (value - (sorted[at - 1] ?? value) > amountGap) starts.push(value);
  }
  return inParts(rows, starts.length + 1, (index) => countUpTo(starts, sizes[index] ?? 0));
}

const monthDaysMax = 31;

/** Parts of rows whose days of the month lie no more than a gap from the next. The month is a circle: it is cut where the days leave the widest gap. */
function byDayOfMonth(rows: readonly DatedRow[]): DatedRow[][] {
  const isThere = new Uint8Array(monthDaysMax + 1);
  for (const { day } of rows) isThere[day.dayOfMonth] = 1;
  let [cut, widest, before] = [0, isThere.indexOf(1) + monthDaysMax - isThere.lastIndexOf(1), isThere.indexOf(1)];
  for (let day = before + 1; day <= monthDaysMax; day++) {
    if (isThere[day] !== 1) continue;
    if (day - before > widest) [cut, widest] = [before, day - before];
    before = day;
  }
  const partOf = new Uint8Array(monthDaysMax + 1);
  let [part, previous] = [0, Infinity];
  for (let step = 1; step <= monthDaysMax; step++) {
    const day = ((cut + step - 1) % monthDaysMax) + 1;
    if (isThere[day] !== 1) continue;
    if (step - previous > dayGap) part++;
    partOf[day] = part;
    previous = step;
  }
  return inParts(rows, part + 1, (index) => partOf[rows[index]?.day.dayOfMonth ?? 0] ?? 0);
}

/** Rows by the number of their part; each part keeps the order of the rows. */
function inParts(rows: readonly DatedRow[], count: number, partOf: (index: number) => number): DatedRow[][] {
  if (count === 1) return [[]];
  const parts: DatedRow[][] = Array.from({ length: count }, () => []);
  rows.forEach((row, index) => void parts[partOf(index)]?.push(row));
  return parts;
}

/** How many of sorted numbers are not above a value. */
function countUpTo(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
