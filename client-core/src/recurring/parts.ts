import type { CalendarDay } from "./due-dates.ts";
import type { RecurringRow } from "./model.ts";
import { wordingOf } from "./wording.ts";

/** A row with its calendar day, and its wording once that was needed. */
export interface DatedRow {
  readonly row: RecurringRow;
  readonly day: CalendarDay;
  wording: number | undefined;
}

/** Amounts further apart than this, as a logarithm, belong to different things. */
const amountGap = 0.12;
/** Days of the month further apart than this belong to different due dates. */
const dayGap = 4;
/** Parties with more rows than this are told apart by wording alone. */
const rowsTakenApartMax = 2_000;

/** Ways to tell apart what one party is paid for: by wording, by amount, by day of the month; only those that make a difference. */
export function partings(rows: readonly DatedRow[]): DatedRow[][][] {
  const ways = rows.length > rowsTakenApartMax ? [byWording(rows)] : [byWording(rows), byAmount(rows), byDayOfMonth(rows)];
  return ways.filter((parts) => parts.length > 1);
}

function byWording(rows: readonly DatedRow[]): DatedRow[][] {
  const parts = new Map<number, DatedRow[]>();
  for (const dated of rows) {
    const key = (dated.wording ??= wordingOf(dated.row.description));
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [dated]);
    else part.push(dated);
  }
  return [...parts.values()];
}

function byAmount(rows: readonly DatedRow[]): DatedRow[][] {
  const logs = rows.map(({ row }) => Math.log(Math.abs(row.amountMinor)));
  return cutAtGaps(rows, logs, amountGap);
}

function byDayOfMonth(rows: readonly DatedRow[]): DatedRow[][] {
  const days = [...new Set(rows.map(({ day }) => day.dayOfMonth))].sort((a, b) => a - b);
  // The month is a circle: it is cut where the days leave the widest gap.
  let [cut, widest] = [0, (days[0] ?? 0) + 31 - (days.at(-1) ?? 0)];
  days.forEach((day, index) => {
    const gap = (days[index + 1] ?? day) - day;
    if (gap > widest) [cut, widest] = [day, gap];
  });
  return cutAtGaps(rows, rows.map(({ day }) => (day.dayOfMonth > cut ? day.dayOfMonth : day.dayOfMonth + 31)), dayGap);
}

/** Parts of rows whose values lie no more than `gap` from the next; each part keeps the order of the rows. */
function cutAtGaps(rows: readonly DatedRow[], values: readonly number[], gap: number): DatedRow[][] {
  const sorted = Float64Array.from(values).sort();
  // Where parts after the first begin.
  const starts: number[] = [];
  for (let at = 1; at < sorted.length; at += 1) {
    const value = sorted[at] ?? 0;
    if (value - (sorted[at - 1] ?? value) > gap) starts.push(value);
  }
  const parts: DatedRow[][] = Array.from({ length: starts.length + 1 }, () => []);
  rows.forEach((row, index) => parts[countUpTo(starts, values[index] ?? 0)]?.push(row));
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
