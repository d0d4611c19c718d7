import type { RecommendationItem } from "@saldo/schema";
import type { RecurringSeries } from "../recurring/index.ts";
import { derived, monthsFigure, namesOf, rowsFigure } from "./figures.ts";
import { daysOfMonths, type Party } from "./ledger.ts";
import { paymentsInMonth } from "./prices.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { serviceOf, type ServiceFamily } from "./service-families.ts";
import { isVendor } from "./subjects.ts";

/** One payment a month for at least so long, then two of the same amount for at least so long: the second is a duplicate. */
const singleMonthsMin = 4;
const doubleMonthsMin = 2;
/** Amounts this close are one price. */
const samePrice = 0.005;
/** Beside a fixed fee other rows came in at least so many months of the year before; now for so many months none. */
const activeMonthsMin = 5;
const quietMonths = 3;
/** Quiet for longer than this before, its use is history. */
const quietMonthsMax = 6;
/** Chance that rows that came as often as before stay out for the quiet months, if they come at random (Poisson). */
const chanceMax = 0.01;
const lookBackMonths = 12;

/** Subscriptions paid twice, not used any more, or beside another of the same purpose. */
export const subscriptions: Rule = {
  area: "subscriptions",
  look(facts) {
    const { ledger, series } = facts;
    if (ledger.books.months.length < singleMonthsMin + doubleMonthsMin) return notEnough;
    const vendors = ledger.parties.filter((party) => isVendor(ledger, party));
    const regular = series.filter((one) => one.direction === "out" && one.status === "active");
    const duplicates = vendors.flatMap((party) => {
      const item = duplicateOf(facts, party);
      const categoryId = ledger.books.rows[party.rows.at(-1) ?? -1]?.categoryId ?? null;
      return item === undefined ? [] : [{ item, categoryId }];
    });
    const items = [...duplicates.map(({ item }) => item), ...regular.flatMap((one) => unusedOf(facts, one) ?? []), ...overlaps(facts, regular)];
    const explained = duplicates.map(({ item, categoryId }) => ({ categoryId, amountMinor: item.effect.amountMinor }));
    return { enough: true, looked: regular.length, items, explained };
  },
};

function told({ monthlyExpensesMinor }: RuleFacts, item: Omit<RecommendationItem, "priority" | "source">): RecommendationItem | undefined {
  if (!isWorthTelling(item.effect, monthlyExpensesMinor)) return undefined;
  return { ...item, priority: priorityOf(item.effect, monthlyExpensesMinor), source: "rule" };
}

function duplicateOf(facts: RuleFacts, party: Party): RecommendationItem | undefined {
  const { ledger } = facts;
  const monthCount = ledger.books.months.length;
  const paid = party.rows.filter((row) => (ledger.amount[row] ?? 0) < 0 && (ledger.month[row] ?? -1) >= 0);
  const price = Math.abs(ledger.amount[paid.at(-1) ?? -1] ?? 0);
  const byMonth = Array.from({ length: monthCount }, (): number[] => []);
  for (const row of paid) byMonth[ledger.month[row] ?? -1]?.push(row);
  const counts = byMonth.map((rows) => (rows.every((row) => Math.abs(-(ledger.amount[row] ?? 0) - price) <= samePrice * price) ? rows.length : Number.NaN));
  let first = monthCount;
  while (first > 0 && counts[first - 1] === 2) first -= 1;
  let single = first;
  while (single > 0 && counts[single - 1] === 1) single -= 1;
  if (monthCount - first < doubleMonthsMin || first - single < singleMonthsMin) return undefined;
  const extra = byMonth.slice(first).flatMap((rows) => rows.slice(1));
  const amounts = extra.map((row) => Math.abs(ledger.amount[row] ?? 0));
  const figure = rowsFigure(ledger, "other_payment", extra);
  const names = namesOf(party);
  const part = { isMeant: () => true, among: party.rows, direction: "out", perMonth: true, ...(names === undefined ? {} : { counterpartyNames: names }) } as const;
  return told(facts, {
    key: `cancel_duplicate/${party.key.slice(0, 120)}/${ledger.books.months[first] ?? ""}`,
    code: "cancel_duplicate",
    parameters: { name: party.name.slice(0, 300), since: ledger.books.months[first] ?? "", months: monthCount - first },
    effect: effectOf("saves", "month", figure.value, Math.min(...amounts), Math.max(...amounts)),
    figures: [monthsFigure(ledger, "before", { first: single, last: first - 1, ...part }), monthsFigure(ledger, "now", { first, last: monthCount - 1, ...part }), figure],
    measure: names === undefined ? { kind: "none" } : { kind: "outflow", counterpartyNames: names, baselineMinor: Math.round(2 * price) },
  });
}

/** A fee whose vendor also had other rows, of use, for most of a year, and has none any more. */
function unusedOf(facts: RuleFacts, series: RecurringSeries): RecommendationItem | undefined {
  const { ledger, places } = facts;
  const fee = new Set(places.of(series.rowIds));
  const [anyRow] = fee;
  const party = ledger.parties[ledger.party[anyRow ?? -1] ?? -1];
  if (party === undefined || !isVendor(ledger, party)) return undefined;
  const last = ledger.books.months.length - 1;
  const quietFrom = last - quietMonths + 1;
  const use = party.rows.filter((row) => !fee.has(row) && (ledger.month[row] ?? -1) > last - quietMonths - lookBackMonths);
  const useMonths = new Set(use.map((row) => ledger.month[row] ?? -1));
  const looked = Math.min(lookBackMonths, quietFrom);
  const quietSince = daysOfMonths(ledger, quietFrom, last).from;
  const isQuiet = party.rows.every((row) => fee.has(row) || (ledger.books.rows[row]?.postedOn ?? "") < quietSince);
  const latest = Math.max(...useMonths);
  if (!isQuiet || looked <= 0 || useMonths.size < activeMonthsMin || latest < quietFrom - quietMonthsMax) return undefined;
  if (Math.exp(-quietMonths * (use.length / looked)) > chanceMax) return undefined;
  const feeRows = [...fee].filter((row) => (ledger.month[row] ?? -1) >= quietFrom);
  if (feeRows.length === 0) return undefined;
  const payment = rowsFigure(ledger, "payment", feeRows);
  const sign = Math.sign(ledger.amount[use.at(-1) ?? -1] ?? 0);
  const sameSign = use.filter((row) => Math.sign(ledger.amount[row] ?? 0) === sign);
  const perMonth = payment.value * paymentsInMonth[series.period];
  const amounts = feeRows.map((row) => Math.abs(ledger.amount[row] ?? 0) * paymentsInMonth[series.period]);
  const names = namesOf(party);
  return told(facts, {
    key: `cancel_unused/${series.key.slice(0, 150)}`,
    code: "cancel_unused",
    parameters: { name: series.name.slice(0, 300), months: last - latest, lastUse: ledger.books.months[latest] ?? "" },
    effect: effectOf("saves", "month", perMonth, Math.min(...amounts), Math.max(...amounts)),
    figures: [payment, rowsFigure(ledger, "last_activity", sameSign, "sum"), derived("difference", "money_per_month", perMonth)],
    measure: names === undefined ? { kind: "none" } : { kind: "outflow", counterpartyNames: names, baselineMinor: Math.round(perMonth) },
  });
}

/** Two running services of one family: the cheaper one may go. */
function overlaps(facts: RuleFacts, regular: readonly RecurringSeries[]): RecommendationItem[] {
  const { ledger, places } = facts;
  const families = new Map<ServiceFamily, { readonly one: RecurringSeries; readonly word: string; readonly monthly: number }[]>();
  for (const one of regular) {
    const service = serviceOf(one.name);
    if (service === undefined) continue;
    const running = families.get(service.family) ?? [];
    running.push({ one, word: service.word, monthly: Math.abs(one.usualMinor) * paymentsInMonth[one.period] });
    families.set(service.family, running);
  }
  return [...families].flatMap(([family, services]) => {
    const different = services.filter(({ word }, index) => services.findIndex((other) => other.word === word) === index).toSorted((a, b) => a.monthly - b.monthly);
    const [cheaper, other] = different;
    if (cheaper === undefined || other === undefined) return [];
    const payment = rowsFigure(ledger, "payment", places.of(cheaper.one.rowIds).slice(-lookBackMonths));
    const item = told(facts, {
      key: `merge_services/${family}/${cheaper.one.key.slice(0, 70)}/${other.one.key.slice(0, 70)}`,
      code: "merge_services",
      parameters: { name: cheaper.one.name.slice(0, 300), other: other.one.name.slice(0, 300), family },
      effect: effectOf("saves", "month", cheaper.monthly, cheaper.monthly, other.monthly),
      figures: [payment, rowsFigure(ledger, "other_payment", places.of(other.one.rowIds).slice(-lookBackMonths)), derived("difference", "money_per_month", cheaper.monthly)],
      measure: { kind: "outflow", counterpartyNames: [...new Set(places.of([...cheaper.one.rowIds, ...other.one.rowIds]).flatMap((row) => ledger.books.rows[row]?.counterpartyName || []))].slice(0, 50), baselineMinor: Math.round(cheaper.monthly + other.monthly) },
    });
    return item ?? [];
  });
}
