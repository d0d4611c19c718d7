import { sortNumbers } from "../sort-numbers.ts";
import { dueDay, monthlyStray, nearestMonth, nearestSlot, periodDays, type CalendarDay, type Rhythm } from "./due-dates.ts";
import type { RecurringPeriod } from "./model.ts";

/** Limits of a period: gaps it is tried for, fewest payments that show it, days a payment may stray from its due date. */
interface PeriodLimits {
  readonly gapMin: number;
  readonly gapMax: number;
  readonly paymentsMin: number;
  readonly strayMax: number;
}

/** See {@link PeriodLimits}; weekends and holidays move payments of a month by days. */
export const periodLimits: Readonly<Record<RecurringPeriod, PeriodLimits>> = {
  week: { gapMin: 5, gapMax: 9, paymentsMin: 4, strayMax: 1 },
  two_weeks: { gapMin: 11, gapMax: 18, paymentsMin: 4, strayMax: 2 },
  month: { gapMin: 22, gapMax: 45, paymentsMin: 3, strayMax: 5 },
  quarter: { gapMin: 75, gapMax: 115, paymentsMin: 3, strayMax: 10 },
  year: { gapMin: 335, gapMax: 395, paymentsMin: 2, strayMax: 15 },
};
const periods: readonly RecurringPeriod[] = ["week", "two_weeks", "month", "quarter", "year"];
/** Share of due dates that must have been paid, and of payments that keep within the stray limit. */
const paidShareMin = 0.7;
const punctualShareMin = 0.75;
/** Payments besides the one of their due date, as a share of those. */
const extraShareMax = 0.25;
/** Stands for the last day of a month, whichever it is. */
const lastOfMonth = 31;
/** Anchors are judged by at most this many of the latest payments. */
const anchorDaysMax = 400;

/** How a set of days keeps to a rhythm. */
export interface RhythmFit {
  readonly rhythm: Rhythm;
  /** The day that stands for each slot paid, by index into the days, in order of slots; the others are extra. */
  readonly paid: readonly { readonly index: number; readonly slot: number }[];
  /** Slots between the first and the last without a day. */
  readonly missedSlots: readonly number[];
  readonly meanStray: number;
  readonly strays: readonly number[];
}

/** The rhythm that days, sorted, keep to; undefined when to none. */
export function fitRhythm(days: readonly CalendarDay[]): RhythmFit | undefined {
  const [first, last] = [days[0]?.day ?? 0, days.at(-1)?.day ?? 0];
  if (days.length < 2 || isCrowded(days.length, last - first, "week")) return undefined;
  const gap = middleGap(days);
  const period = periods.find((each) => gap >= periodLimits[each].gapMin && gap <= periodLimits[each].gapMax);
  if (period === undefined || days.length < periodLimits[period].paymentsMin || isCrowded(days.length, last - first, period)) return undefined;
  return judged(days, bestRhythm(days.slice(-anchorDaysMax), period));
}

/** True for more payments than any anchor has due dates for within some days, with as many extra ones as are allowed. */
function isCrowded(payments: number, days: number, period: RecurringPeriod): boolean {
  return payments > (1 + extraShareMax) * (days / (periodDays[period] - 1) + 2);
}

/** The middle of the days between one payment and the next, those on one day left out; 0 when all are on one. */
function middleGap(days: readonly CalendarDay[]): number {
  const gaps = new Int32Array(days.length);
  let count = 0;
  for (let index = 1; index < days.length; index++) {
    const gap = (days[index]?.day ?? 0) - (days[index - 1]?.day ?? 0);
    if (gap !== 0) gaps[count++] = gap;
  }
  const sorted = gaps.subarray(0, count);
  sortNumbers(sorted);
  const upper = sorted[count >> 1] ?? 0;
  return count % 2 === 1 ? upper : ((sorted[(count >> 1) - 1] ?? 0) + upper) / 2;
}

/** The anchor that days stray from least. */
function bestRhythm(days: readonly CalendarDay[], period: RecurringPeriod): Rhythm {
  let best: Rhythm = { period, anchor: 1, phase: 0 };
  let least = Infinity;
  const { strayMax } = periodLimits[period];
  for (const anchor of anchorsOf(days, period)) {
    const rhythm = { period, anchor, phase: phaseOf(days, period, anchor) };
    let stray = 0;
    for (let index = 0; index < days.length && stray < least; index++) {
      const day = days[index];
      if (day !== undefined) stray += Math.min(strayMax, period === "month" ? monthlyStray(day, anchor) : Math.abs(strayOf(rhythm, day)));
    }
    if (stray < least) [best, least] = [rhythm, stray];
  }
  return best;
}

/** In the order they are met. */
function anchorsOf(days: readonly CalendarDay[], period: RecurringPeriod): number[] {
  const cycle = period === "week" ? 7 : period === "two_weeks" ? 14 : 0;
  const anchors: number[] = [];
  let met = 0;
  const meet = (anchor: number) => {
    const bit = 1 << anchor;
    if ((met & bit) === 0) anchors.push(anchor);
    met |= bit;
  };
  for (const { day, dayOfMonth, isMonthEnd } of days) {
    if (cycle > 0) meet(((day % cycle) + cycle) % cycle);
    else {
      meet(dayOfMonth);
      if (isMonthEnd) meet(lastOfMonth);
    }
  }
  return anchors;
}

/** The month of the quarter or year most days are in. */
function phaseOf(days: readonly CalendarDay[], period: RecurringPeriod, anchor: number): number {
  const months = period === "quarter" ? 3 : period === "year" ? 12 : 1;
  if (months === 1) return 0;
  const counts = new Array<number>(months).fill(0);
  for (const day of days) {
    const phase = nearestMonth(day, anchor) % months;
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts.indexOf(Math.max(...counts));
}

function strayOf(rhythm: Rhythm, day: CalendarDay): number {
  return day.day - dueDay(rhythm, nearestSlot(rhythm, day));
}

function judged(days: readonly CalendarDay[], rhythm: Rhythm): RhythmFit | undefined {
  const { paymentsMin, strayMax } = periodLimits[rhythm.period];
  const bySlot = new Map<number, { index: number; stray: number }>();
  days.forEach((day, index) => {
    const slot = nearestSlot(rhythm, day);
    const stray = Math.abs(day.day - dueDay(rhythm, slot));
    const other = bySlot.get(slot);
    if (stray <= periodDays[rhythm.period] / 3 && (other === undefined || stray < other.stray)) bySlot.set(slot, { index, stray });
  });
  const paid = [...bySlot].map(([slot, { index, stray }]) => ({ slot, index, stray })).sort((a, b) => a.slot - b.slot);
  const [first, last] = [paid[0]?.slot, paid.at(-1)?.slot];
  if (first === undefined || last === undefined || paid.length < paymentsMin) return undefined;
  const punctual = paid.filter(({ stray }) => stray <= strayMax).length;
  const extra = days.length - paid.length;
  if (punctual < punctualShareMin * paid.length || paid.length < paidShareMin * (last - first + 1) || extra > extraShareMax * paid.length) return undefined;
  const missedSlots: number[] = [];
  for (let slot = first; slot <= last; slot += 1) if (!bySlot.has(slot)) missedSlots.push(slot);
  const strays = paid.map(({ stray }) => stray);
  return { rhythm, paid, missedSlots, strays, meanStray: strays.reduce((sum, each) => sum + each, 0) / strays.length };
}
