import type { RecurringPeriod } from "./model.ts";

/**
 * Where due dates of a rhythm lie: slot numbers count weeks or months without end, so that a date belongs to the slot due nearest to it.
 * Days are numbered from 1970-01-01.
 */
export interface Rhythm {
  readonly period: RecurringPeriod;
  /** Day of the month (31: the last one), or day of the week or fortnight counted from 1970-01-01. */
  readonly anchor: number;
  /** Which month of a quarter or year, as a remainder of the month number; 0 for others. */
  readonly phase: number;
}

const dayMs = 86_400_000;

/** Number of a date `YYYY-MM-DD`; NaN for anything else. */
export function dayNumber(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / dayMs;
}

/** The date of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

const daysBetweenSlots = { week: 7, two_weeks: 14, month: 0, quarter: 0, year: 0 } as const;
const monthsBetweenSlots = { week: 0, two_weeks: 0, month: 1, quarter: 3, year: 12 } as const;

/** Mean length of a period in days. */
export const periodDays: Readonly<Record<RecurringPeriod, number>> = { week: 7, two_weeks: 14, month: 30.44, quarter: 91.31, year: 365.24 };

/** A day with its calendar parts, computed once. */
export interface CalendarDay {
  readonly day: number;
  /** Months since year 0. */
  readonly monthNumber: number;
  readonly dayOfMonth: number;
  readonly isMonthEnd: boolean;
  /** Days of its month and of the months around it. */
  readonly monthDays: number;
  readonly monthDaysBefore: number;
  readonly monthDaysAfter: number;
}

/** Takes a date apart. */
export function calendarDay(date: string): CalendarDay {
  const monthNumber = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
  const dayOfMonth = Number(date.slice(8, 10));
  const monthDays = daysIn(monthNumber);
  return { day: dayNumber(date), monthNumber, dayOfMonth, isMonthEnd: dayOfMonth === monthDays, monthDays, monthDaysBefore: daysIn(monthNumber - 1), monthDaysAfter: daysIn(monthNumber + 1) };
}

/** Due day of a slot. */
export function dueDay({ period, anchor, phase }: Rhythm, slot: number): number {
  const days = daysBetweenSlots[period];
  if (days > 0) return slot * days + anchor;
  const month = slot * monthsBetweenSlots[period] + phase;
  return dayOfMonthStart(month) + Math.min(anchor, daysIn(month)) - 1;
}

/** The slot due nearest to a day; of two equally near ones the earlier. */
export function nearestSlot(rhythm: Rhythm, { day, monthNumber }: CalendarDay): number {
  const days = daysBetweenSlots[rhythm.period];
  if (days > 0) return Math.ceil((day - rhythm.anchor) / days - 0.5);
  const guess = Math.round((monthNumber - rhythm.phase) / monthsBetweenSlots[rhythm.period]);
  let best = guess;
  for (const slot of [guess - 1, guess + 1]) {
    const [distance, least] = [Math.abs(dueDay(rhythm, slot) - day), Math.abs(dueDay(rhythm, best) - day)];
    if (distance < least || (distance === least && slot < best)) best = slot;
  }
  return best;
}

/** Days from a date to what is due nearest to it on a day of each month, 31 standing for the last; no arithmetic of dates, as many days of the month are tried. */
export function monthlyStray(date: CalendarDay, anchor: number): number {
  return Math.min(strayBefore(date, anchor), strayWithin(date, anchor), strayAfter(date, anchor));
}

/** The month whose day of the month lies nearest to a date; of two equally near ones the earlier. */
export function nearestMonth(date: CalendarDay, anchor: number): number {
  const [before, within, after] = [strayBefore(date, anchor), strayWithin(date, anchor), strayAfter(date, anchor)];
  return date.monthNumber + (before <= within && before <= after ? -1 : after < within ? 1 : 0);
}

function strayBefore({ dayOfMonth, monthDaysBefore }: CalendarDay, anchor: number): number {
  return dayOfMonth + monthDaysBefore - Math.min(anchor, monthDaysBefore);
}

function strayWithin({ dayOfMonth, monthDays }: CalendarDay, anchor: number): number {
  return Math.abs(dayOfMonth - Math.min(anchor, monthDays));
}

function strayAfter({ dayOfMonth, monthDays, monthDaysAfter }: CalendarDay, anchor: number): number {
  return monthDays - dayOfMonth + Math.min(anchor, monthDaysAfter);
}

function daysIn(monthNumber: number): number {
  const index = monthNumber % 12;
  if (index === 1) {
    const year = (monthNumber - index) / 12;
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  }
  return index === 3 || index === 5 || index === 8 || index === 10 ? 30 : 31;
}

/** First days of the months of these years are worked out once. */
const [tabledFrom, tabledTo] = [1_900 * 12, 2_200 * 12];
const monthStarts = new Int32Array(tabledTo - tabledFrom);
let areTabled = false;

function dayOfMonthStart(monthNumber: number): number {
  if (!areTabled) {
    for (let month = tabledFrom; month < tabledTo; month++) monthStarts[month - tabledFrom] = computedMonthStart(month);
    areTabled = true;
  }
  return monthStarts[monthNumber - tabledFrom] ?? computedMonthStart(monthNumber);
}

/** First day of a month: days of whole Gregorian years, then of the months before it. */
function computedMonthStart(monthNumber: number): number {
  const index = monthNumber % 12;
  const year = (monthNumber - index) / 12;
  const before = year - 1;
  const days = 365 * year + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + (daysBeforeMonth[index] ?? 0);
  return days + (index > 1 && daysIn(year * 12 + 1) === 29 ? 1 : 0) - daysToEpoch;
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/** Days from year 0 to 1970-01-01 as counted above. */
const daysToEpoch = 719_527;
