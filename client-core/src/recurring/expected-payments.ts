import type { Minor } from "@saldo/schema";
import { calendarDay, dateOfDay, dayNumber, dueDay, nearestSlot, type Rhythm } from "./due-dates.ts";
import type { RecurringSeries } from "./model.ts";

/** A payment a series lets expect. */
export interface ExpectedPayment {
  readonly on: string;
  readonly amountMinor: Minor;
}

/** Payments an active series lets expect from its next one to a day, included: due dates at the usual amount. None when it ended. */
export function expectedPayments(series: RecurringSeries, until: string): ExpectedPayment[] {
  if (series.nextOn === null) return [];
  const rhythm = rhythmOf(series, series.nextOn);
  const first = nearestSlot(rhythm, calendarDay(series.nextOn));
  const last = dayNumber(until);
  const payments: ExpectedPayment[] = [];
  for (let slot = first; dueDay(rhythm, slot) <= last; slot += 1) payments.push({ on: dateOfDay(dueDay(rhythm, slot)), amountMinor: series.usualMinor });
  return payments;
}

function rhythmOf({ period, dayOfMonth }: RecurringSeries, dueOn: string): Rhythm {
  const { day, monthNumber } = calendarDay(dueOn);
  if (period === "week") return { period, anchor: day % 7, phase: 0 };
  if (period === "two_weeks") return { period, anchor: day % 14, phase: 0 };
  const months = period === "month" ? 1 : period === "quarter" ? 3 : 12;
  return { period, anchor: dayOfMonth ?? 1, phase: monthNumber % months };
}
