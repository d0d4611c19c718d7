/** A calendar month, `YYYY-MM`. */
export type Month = string;

const monthPattern = /^(\d{4})-(\d{2})$/;

function parts(month: Month): { year: number; index: number } {
  const match = monthPattern.exec(month);
  if (!match) throw new RangeError("not a month of the form YYYY-MM");
  return { year: Number(match[1]), index: Number(match[2]) - 1 };
}

/** The month an accounting date falls in. */
export function monthOf(date: string): Month {
  return date.slice(0, 7);
}

/** The month `count` months later (earlier when negative). */
export function addMonths(month: Month, count: number): Month {
  const { year, index } = parts(month);
  const total = year * 12 + index + count;
  return `${String(Math.floor(total / 12)).padStart(4, "0")}-${String((((total % 12) + 12) % 12) + 1).padStart(2, "0")}`;
}

/** Months from the first to the last, both included; empty when last is before first. */
export function monthRange(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Number of days in a month (proleptic Gregorian). */
export function daysInMonth(month: Month): number {
  const { year, index } = parts(month);
  return new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
}

/** First day of a month. */
export function firstDay(month: Month): string {
  return `${month}-01`;
}

/** Last day of a month. */
export function lastDay(month: Month): string {
  return `${month}-${String(daysInMonth(month)).padStart(2, "0")}`;
}
