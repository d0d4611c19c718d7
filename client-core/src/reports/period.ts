import { addMonths, daysInMonth, firstDay, lastDay, monthOf, monthRange, periodChoice, type Month, type PeriodChoice, type ReportComparisons, type ReportDays, type ReportPeriod } from "@saldo/schema";
import type { Books } from "./books.ts";
import { dayOf, isCompleteMonth } from "./complete-months.ts";

/** Periods the mean is of. */
export const meanPeriodsMax = 3;

/** How far from one period to the one before: whole months, or days. */
type Step = { readonly months: number } | { readonly days: number };

/** Days of a report, inclusive, and how to go back from them. */
export interface Period extends ReportPeriod {
  readonly months: readonly Month[];
  /** Null for the whole books: nothing is before them. */
  readonly step: Step | null;
}

type Dates = Pick<Books, "range">;

interface Wanted {
  readonly kind: ReportPeriod["kind"];
  readonly from: string;
  readonly to: string;
  readonly step: Step | null;
}

/**
 * The days of a report. One whose last month is still running ends with the last row. Throws `RangeError` when the choice is not of the form of a
 * {@link PeriodChoice}.
 */
export function periodOf(books: Dates, choice: PeriodChoice, today: string): Period {
  const { range } = books;
  const wanted = wantedDays(books, choice, today);
  const dataThrough = range?.last ?? null;
  if (range === null) return { ...wanted, partial: true, dataThrough, months: monthRange(monthOf(wanted.from), monthOf(wanted.to)) };
  const lastMonth = monthOf(range.last);
  const isDone = (month: Month) => isCompleteMonth(month, { dataThrough: range.last, today });
  const partial = !isDone(monthOf(wanted.to)) && wanted.to > range.last;
  const isRunning = partial && wanted.from <= lastDay(lastMonth);
  const end = isDone(lastMonth) ? lastDay(lastMonth) : range.last;
  const to = isRunning && end >= wanted.from ? end : wanted.to;
  return { ...wanted, to, partial: wanted.kind === "all" ? !isDone(lastMonth) : partial, dataThrough, months: monthRange(monthOf(wanted.from), monthOf(to)) };
}

function wantedDays(books: Dates, choice: PeriodChoice, today: string): Wanted {
  if (!periodChoice.safeParse(choice).success) throw new RangeError("not the form of a period");
  const { range } = books;
  const [from, to] = choice.split("..");
  if (from !== undefined && to !== undefined) return customDays(from, to);
  const last = range === null ? monthOf(today) : monthOf(range.last);
  switch (choice) {
    case "all":
      return range === null ? monthsFrom("month", last, 1) : { kind: "all", from: range.first, to: range.last, step: null };
    case "month":
    case "last":
      return monthsFrom("month", last, 1);
    case "last_complete":
      return monthsFrom("month", lastComplete(books, today), 1);
    case "quarter":
      return quarterOf(last);
    case "ytd":
      return { kind: "year_to_date", from: `${last.slice(0, 4)}-01-01`, to: lastDay(last), step: { months: 12 } };
    case "12m":
      return monthsFrom("twelve_months", addMonths(last, -11), 12);
    default:
      return namedDays(choice);
  }
}

/** Days of a named month, quarter or year. */
function namedDays(choice: string): Wanted {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(choice);
  if (quarter) return quarterOf(`${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, "0")}`);
  return /^\d{4}$/.test(choice) ? monthsFrom("year", `${choice}-01`, 12) : monthsFrom("month", choice, 1);
}

function monthsFrom(kind: ReportPeriod["kind"], first: Month, count: number): Wanted {
  return { kind, from: firstDay(first), to: lastDay(addMonths(first, count - 1)), step: { months: count } };
}

function quarterOf(month: Month): Wanted {
  const within = (Number(month.slice(5)) - 1) % 3;
  return monthsFrom("quarter", addMonths(month, -within), 3);
}

function customDays(from: string, to: string): Wanted {
  const months = monthRange(monthOf(from), monthOf(to)).length;
  const isWhole = from === firstDay(monthOf(from)) && to === lastDay(monthOf(to));
  return { kind: "custom", from, to, step: isWhole ? { months } : { days: daysBetween(from, to) + 1 } };
}

function lastComplete({ range }: Dates, today: string): Month {
  if (range === null) return monthOf(today);
  const last = monthOf(range.last);
  return !isCompleteMonth(last, { dataThrough: range.last, today }) && monthOf(range.first) < last ? addMonths(last, -1) : last;
}

/** The same days some periods earlier: of a running month only as many days as have passed. Null for the whole books. */
export function earlierDays({ from, to, step }: Pick<Period, "from" | "to" | "step">, periods: number): ReportDays | null {
  if (step === null) return null;
  if ("days" in step) return { from: addDays(from, -step.days * periods), to: addDays(to, -step.days * periods) };
  return monthsEarlier({ from, to }, step.months * periods);
}

/** The same days some months earlier; a month's last day is its last day then. */
function monthsEarlier({ from, to }: ReportDays, months: number): ReportDays {
  const [first, last] = [addMonths(monthOf(from), -months), addMonths(monthOf(to), -months)];
  const isEnd = to === lastDay(monthOf(to));
  return { from: onDay(first, dayOf(from)), to: isEnd ? lastDay(last) : onDay(last, dayOf(to)) };
}

/** What a period is held against, as far as the books reach back: to the first month of those days. */
export function comparisonsOf({ range }: Dates, period: Period): ReportComparisons {
  const reached = (days: ReportDays | null) => (days !== null && range !== null && monthOf(range.first) <= monthOf(days.from) ? days : null);
  const mean = Array.from({ length: meanPeriodsMax }, (_, index) => reached(earlierDays(period, index + 1)));
  return {
    previous: reached(earlierDays(period, 1)),
    yearAgo: period.step === null ? null : reached(monthsEarlier(period, 12)),
    mean: mean.flatMap((days) => days ?? []),
  };
}

function onDay(month: Month, day: number): string {
  return `${month}-${String(Math.min(day, daysInMonth(month))).padStart(2, "0")}`;
}

const dayMs = 86_400_000;

/** A date some days later, earlier when negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}
