import { lastDay, monthOf, type Month } from "@saldo/schema";

/** Days at a month's end without a row that are taken for a weekend or holiday, not for a statement cut short. */
const quietDaysMax = 3;

/**
 * True when all of a month's rows can be expected to be there: it ended before the month of the last row; or the last row is of its last
 * day; or it is over by today's date and at most three days at its end have no row.
 */
export function isCompleteMonth(month: Month, { dataThrough, today }: { dataThrough: string; today: string }): boolean {
  const dataMonth = monthOf(dataThrough);
  if (month !== dataMonth) return month < dataMonth;
  const end = lastDay(month);
  if (dataThrough === end) return true;
  return today > end && dayOf(end) - dayOf(dataThrough) <= quietDaysMax;
}

/** Day of the month of a date, from 1. */
export function dayOf(date: string): number {
  return Number(date.slice(8, 10));
}
