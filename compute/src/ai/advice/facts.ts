import type { Month } from "@saldo/schema";
import type { Subject } from "../checks/pseudonyms.ts";

/** Months that stand for "now": the last complete ones. */
export const nowMonths = 3;

/** A category or vendor with what went out for it, a client with what came in; all positive, month by month. */
export interface FactSubject extends Subject {
  readonly monthlyMinor: readonly number[];
  readonly payments: readonly number[];
  /** Spellings of a counterparty; empty for a category. */
  readonly names: readonly string[];
  /** True for what no advice may cut: taxes, salaries, fees. */
  readonly isFixed: boolean;
}

/** What models are told about a company: totals of complete months in one currency, and nothing of single rows. */
export interface AdviceFacts {
  readonly currency: string;
  readonly locale: "en" | "ru";
  /** Complete months without gaps, oldest first; a year and those of "now" at most. */
  readonly months: readonly Month[];
  readonly revenueMinor: readonly number[];
  readonly expensesMinor: readonly number[];
  readonly subjects: readonly FactSubject[];
}

/** The figures of one subject that sentences and effects are made of; money is per month, in minor units. */
export interface SubjectFigures {
  readonly nowMinor: number;
  readonly lowestMinor: number;
  readonly highestMinor: number;
  /** Months before those of "now"; 0 when there are none. */
  readonly monthsBefore: number;
  /** Null without months before. */
  readonly beforeMinor: number | null;
  /** The same months a year ago; null when the books do not reach back. */
  readonly lastYearMinor: number | null;
  /** Change of now against before, in percent rounded to whole ones; null when there is nothing to compare with. */
  readonly changePercent: number | null;
  /** Share of all expenses (revenue for a client) of these months, in percent rounded. */
  readonly sharePercent: number;
  /** Payments within the months of "now". */
  readonly payments: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => Math.round(sum(values) / values.length);

/** The figures of a subject; undefined when there are no {@link nowMonths} complete months. */
export function figuresOf(facts: AdviceFacts, subject: FactSubject): SubjectFigures | undefined {
  if (facts.months.length < nowMonths) return undefined;
  const now = subject.monthlyMinor.slice(-nowMonths);
  const before = subject.monthlyMinor.slice(0, -nowMonths);
  const start = facts.months.length - nowMonths - 12;
  const totals = subject.kind === "client" ? facts.revenueMinor : facts.expensesMinor;
  const total = sum(totals.slice(-nowMonths));
  const nowMinor = mean(now);
  const beforeMinor = before.length === 0 ? null : mean(before);
  return {
    nowMinor,
    lowestMinor: Math.min(...now),
    highestMinor: Math.max(...now),
    monthsBefore: before.length,
    beforeMinor,
    lastYearMinor: start < 0 ? null : mean(subject.monthlyMinor.slice(start, start + nowMonths)),
    changePercent: beforeMinor === null || beforeMinor === 0 ? null : Math.round((100 * (nowMinor - beforeMinor)) / beforeMinor),
    sharePercent: total === 0 ? 0 : Math.round((100 * sum(now)) / total),
    payments: sum(subject.payments.slice(-nowMonths)),
  };
}
