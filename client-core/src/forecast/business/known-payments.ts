import { addMonths, firstDay, lastDay, monthOf, type KnownPayment, type Month } from "@saldo/schema";
import { expectedPayments, findRecurring, partyKeyOf, rowsByParty, type RecurringRow, type RecurringSeries } from "../../recurring/index.ts";
import { revenueId, type Components } from "./components.ts";
import type { BusinessRequest, KnownPart } from "./model.ts";
import { isSamePayment, plannedPayments } from "./planned-payments.ts";

/** Only fixed amounts are better known from their series than from their category. */
const spreadBasisPointsMax = 1_000;
const confidenceMin = 0.9;
/** Share of recurring payments that end in a month. */
const endingHazard = 0.015;

/** Finds known payments as they were known at the end of any month. */
export interface KnownPayments {
  /** What each component has of them when only the first `monthsKnown` months are known; undefined when it has none. */
  partOf(componentId: string, monthsKnown: number): KnownPart | undefined;
  /** The payments ahead as known now. */
  readonly ahead: readonly KnownPayment[];
  /** Planned items in other currencies. */
  readonly plannedElsewhere: number;
}

/** A payment ahead with the variance of what becomes of it. */
interface Ahead extends KnownPayment {
  readonly variance: number;
}

/** What was known at the end of some month. */
interface KnownThen {
  /** Rows of recurring series, which the rest is forecast without. */
  readonly taken: readonly RecurringRow[];
  readonly ahead: readonly Ahead[];
}

/**
 * Payments known in advance: regular ones of a fixed amount going out, found in the rows, and planned ones. A planned payment that is one of the
 * regular ones takes its place, so that nothing counts twice. What was known earlier is found from the rows of that time alone.
 */
export function knownPayments({ months, rows, planned, currency, horizonMonths }: BusinessRequest, components: Components): KnownPayments {
  const list = months.map(({ month }) => month);
  const usable = recurringRowsOf(rows.filter((row) => row.currency === currency && row.amountMinor < 0 && monthOf(row.postedOn) <= (list.at(-1) ?? "")));
  const known = new Map<number, KnownThen>();
  const knownAt = (monthsKnown: number): KnownThen => {
    let then = known.get(monthsKnown);
    if (then === undefined) known.set(monthsKnown, (then = regularAt(usable, list[monthsKnown - 1] ?? "", horizonMonths, components)));
    return then;
  };
  const last = list.at(-1) ?? "";
  const plans = plannedPayments(planned, { currency, from: firstDay(addMonths(last, 1)), until: lastDay(addMonths(last, horizonMonths)), components });
  const isPlanned = (payment: Ahead) => plans.some((plan) => isSamePayment(plan, payment));
  const aheadNow: readonly Ahead[] = [
    ...knownAt(list.length).ahead.filter((payment) => !isPlanned(payment)),
    ...plans.map((plan) => {
      const chance = plan.likelihoodPermille / 1_000;
      return { ...plan, variance: plan.amountMinor ** 2 * chance * (1 - chance) };
    }),
  ];
  const present = new Set(list);
  return {
    ahead: aheadNow.map(withoutVariance).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)),
    plannedElsewhere: planned.filter((item) => item.currency !== currency).length,
    partOf(componentId, monthsKnown) {
      const now = monthsKnown === list.length;
      const { taken, ahead } = now ? { ...knownAt(monthsKnown), ahead: aheadNow } : knownAt(monthsKnown);
      const rowsTaken = taken.filter((row) => components.idOf(row.categoryId) === componentId && present.has(monthOf(row.postedOn)));
      const due = ahead.filter((payment) => payment.componentId === componentId);
      if (rowsTaken.length === 0 && due.length === 0) return undefined;
      const from = addMonths(list[monthsKnown - 1] ?? last, 1);
      const monthsAhead = Array.from({ length: horizonMonths }, (_, step) => addMonths(from, step));
      return {
        takenOut: sumsByMonth(list.slice(0, monthsKnown), rowsTaken.map((row) => ({ on: row.postedOn, amount: -row.amountMinor }))),
        ahead: sumsByMonth(monthsAhead, due.map((payment) => ({ on: payment.on, amount: expectedAmount(payment, componentId) }))),
        variance: sumsByMonth(monthsAhead, due.map(({ on, variance }) => ({ on, amount: variance }))),
      };
    },
  };
}

function withoutVariance({ source, key, name, componentId, on, amountMinor, likelihoodPermille }: Ahead): KnownPayment {
  return { source, key, name, componentId, on, amountMinor, likelihoodPermille };
}

function expectedAmount({ amountMinor, likelihoodPermille }: KnownPayment, componentId: string): number {
  return (componentId === revenueId ? amountMinor : -amountMinor) * (likelihoodPermille / 1_000);
}

/** Rows of the parties that have any regular payments: the only ones that must be looked at again for earlier months. */
function recurringRowsOf(rows: readonly RecurringRow[]): RecurringRow[] {
  const parties = new Set(findRecurring(rows).map(({ key }) => partyKeyOf(key)));
  return [...rowsByParty(rows)].flatMap(([key, group]) => (parties.has(key) ? group : []));
}

/** Regular payments as they were known at the end of a month. */
function regularAt(rows: readonly RecurringRow[], month: Month, horizonMonths: number, components: Components): KnownThen {
  const asOf = lastDay(month);
  const then = rows.filter(({ postedOn }) => postedOn <= asOf);
  const byId = new Map(then.map((row) => [row.id, row]));
  const series = findRecurring(then, { asOf }).filter(
    ({ direction, spreadBasisPoints, confidence }) => direction === "out" && spreadBasisPoints <= spreadBasisPointsMax && confidence >= confidenceMin,
  );
  const until = lastDay(addMonths(month, horizonMonths));
  return {
    taken: series.flatMap(({ rowIds }) => rowIds.flatMap((id) => byId.get(id) ?? [])),
    ahead: series.flatMap((each) => aheadOf(each, { month, until, componentId: components.idOf(each.categoryId) })),
  };
}

function aheadOf(series: RecurringSeries, { month, until, componentId }: { month: Month; until: string; componentId: string }): Ahead[] {
  const asOf = lastDay(month);
  return expectedPayments(series, until).flatMap(({ on, amountMinor }) => {
    if (on <= asOf) return [];
    const lasting = Math.exp(-endingHazard * monthsBetween(month, monthOf(on)));
    const spread = amountMinor * (series.spreadBasisPoints / 10_000);
    const variance = amountMinor ** 2 * lasting * (1 - lasting) + spread ** 2;
    return [{ source: "recurring" as const, key: series.key, name: series.name, componentId, on, amountMinor, likelihoodPermille: 1_000, variance }];
  });
}

function monthsBetween(from: Month, to: Month): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5)) - Number(from.slice(5));
}

function sumsByMonth(months: readonly Month[], amounts: readonly { readonly on: string; readonly amount: number }[]): number[] {
  const sums = new Map<Month, number>(months.map((month) => [month, 0]));
  for (const { on, amount } of amounts) {
    const sum = sums.get(monthOf(on));
    if (sum !== undefined) sums.set(monthOf(on), sum + amount);
  }
  return [...sums.values()];
}
