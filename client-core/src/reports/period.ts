import { addMonths, daysInMonth, firstDay, lastDay, monthOf, monthRange, type Month } from "@saldo/schema";
import type { Books } from "./books.ts";
import { dayOf, isCompleteMonth } from "./complete-months.ts";

/**
 * Which days a report is of: a month as `YYYY-MM`; `last`, the last month with rows; `last_complete`, the last complete month, else the last
 * with rows; or `all`, the whole books.
 */
export type PeriodChoice = string;

/** Days a figure is compared with. `whole` when they are a whole month. */
export interface ComparedDays {
  readonly from: string;
  readonly to: string;
  readonly month: Month;
  readonly whole: boolean;
}

/** Days of a report, inclusive. */
export interface Period {
  readonly kind: "month" | "all";
  readonly from: string;
  readonly to: string;
  readonly partial: boolean;
  readonly months: readonly Month[];
  /** Null for the whole books: nothing is before them. */
  readonly compared: ComparedDays | null;
}

/** The days of a report. Throws `RangeError` when the month is not of the form YYYY-MM. */
export function periodOf(books: Books, choice: PeriodChoice, today: string): Period {
  const { range } = books;
  const isComplete = (month: Month) => range !== null && isCompleteMonth(month, { dataThrough: range.last, today });
  if (choice === "all" && range) {
    const last = monthOf(range.last);
    return { kind: "all", from: range.first, to: range.last, partial: !isComplete(last), months: monthRange(monthOf(range.first), last), compared: null };
  }
  const month = monthFor(books, choice, today);
  const partial = !isComplete(month);
  const cutAt = range && partial && month === monthOf(range.last) ? range.last : undefined;
  return { kind: "month", from: firstDay(month), to: cutAt ?? lastDay(month), partial, months: [month], compared: comparedDays(month, cutAt) };
}

function monthFor({ range }: Books, choice: PeriodChoice, today: string): Month {
  if (choice !== "all" && choice !== "last" && choice !== "last_complete") return choice;
  if (range === null) return monthOf(today);
  const last = monthOf(range.last);
  const lastIsComplete = isCompleteMonth(last, { dataThrough: range.last, today });
  return choice === "last_complete" && !lastIsComplete && monthOf(range.first) < last ? addMonths(last, -1) : last;
}

/** The month before; of a month still running, only as many days of it as have passed. */
function comparedDays(month: Month, cutAt: string | undefined): ComparedDays {
  const previous = addMonths(month, -1);
  const days = cutAt === undefined ? daysInMonth(previous) : Math.min(dayOf(cutAt), daysInMonth(previous));
  const to = `${previous}-${String(days).padStart(2, "0")}`;
  return { from: firstDay(previous), to, month: previous, whole: to === lastDay(previous) };
}
