import type { RecommendationItem } from "@saldo/schema";
import type { AmountStep, RecurringPeriod, RecurringSeries } from "../recurring/index.ts";
import { derived, rowsFigure } from "./figures.ts";
import { daysBetween } from "./days.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, type Rule, type RuleFacts } from "./rule.ts";
import { isVendor } from "./subjects.ts";

/** Payments of a period in a month. */
export const paymentsInMonth: Readonly<Record<RecurringPeriod, number>> = { week: 52 / 12, two_weeks: 26 / 12, month: 1, quarter: 1 / 3, year: 1 / 12 };
/** A series of a fixed price: payments differ by no more than this from the price of their time. */
const fixedSpreadMax = 100;
/** Rises this small are rounding and exchange. */
const riseMin = 0.03;
/** A rise longer ago has been accepted. */
const newDaysMax = 200;
/** Rises of a year are told together. */
const yearDays = 366;
const monthsMin = 3;
/** Payments before a rise that its price is the mean of. */
const beforePaymentsMax = 6;
/** Bargaining is taken to give back at least half. */
const bargainedPart = 0.5;

/** Regular payments whose price went up and stayed up. */
export const priceRises: Rule = {
  area: "prices",
  look(facts) {
    const priced = facts.series.filter((one) => one.direction === "out" && one.status === "active" && one.spreadBasisPoints <= fixedSpreadMax && isVendor(facts.ledger, { rows: facts.places.of(one.rowIds) }));
    const found = priced.flatMap((one) => {
      const item = lookAt(facts, one);
      return item === undefined ? [] : [{ item, categoryId: one.categoryId }];
    });
    return {
      enough: facts.ledger.books.months.length >= monthsMin,
      looked: priced.length,
      items: found.map(({ item }) => item),
      explained: found.map(({ item, categoryId }) => ({ categoryId, amountMinor: item.effect.amountMinor })),
    };
  },
};

function lookAt({ ledger, places, monthlyExpensesMinor }: RuleFacts, series: RecurringSeries): RecommendationItem | undefined {
  const step = series.steps.at(-1);
  if (step === undefined || !isRise(step) || daysBetween(step.on, ledger.dataThrough) > newDaysMax) return undefined;
  const rows = places.of(series.rowIds);
  const dateOf = (row: number) => ledger.books.rows[row]?.postedOn ?? "";
  const since = rows.filter((row) => dateOf(row) >= step.on);
  const before = rows.filter((row) => dateOf(row) < step.on).slice(-beforePaymentsMax).filter((row) => isAbout(ledger.amount[row], step.beforeMinor));
  // Of a price that changed with one payment nobody knows yet whether it stays, unless payments are months apart.
  if (before.length === 0 || (since.length < 2 && paymentsInMonth[series.period] >= 1)) return undefined;
  const now = rowsFigure(ledger, "now", since);
  const then = rowsFigure(ledger, "before", before);
  const perMonth = paymentsInMonth[series.period];
  const rise = (now.value - then.value) * perMonth;
  const year = yearAgoPrice(series, ledger.dataThrough);
  const effect = effectOf("saves", "month", rise, bargainedPart * rise, year === undefined ? rise : (now.value - year) * perMonth);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const names = [...new Set(rows.flatMap((row) => ledger.books.rows[row]?.counterpartyName || []))].slice(0, 50);
  return {
    key: `renegotiate_vendor/${series.key.slice(0, 120)}/${step.on}`,
    code: "renegotiate_vendor",
    parameters: { name: series.name.slice(0, 300), percent: Math.round((100 * (now.value - then.value)) / then.value), since: step.on, period: series.period },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [then, now, derived("difference", "money_per_month", rise)],
    measure: names.length === 0 ? { kind: "none" } : { kind: "outflow", counterpartyNames: names, baselineMinor: Math.round(now.value * perMonth) },
    source: "rule",
  };
}

function isRise({ beforeMinor, afterMinor }: AmountStep): boolean {
  return beforeMinor < 0 && afterMinor < 0 && afterMinor <= beforeMinor * (1 + riseMin);
}

function isAbout(amount: number | undefined, price: number): boolean {
  return amount !== undefined && Math.abs(amount - price) <= (fixedSpreadMax / 10_000) * Math.abs(price);
}

/** The price before the first rise of the last year. */
function yearAgoPrice({ steps }: RecurringSeries, dataThrough: string): number | undefined {
  const first = steps.filter(({ on }) => daysBetween(on, dataThrough) <= yearDays)[0];
  return first === undefined ? undefined : Math.abs(first.beforeMinor);
}
