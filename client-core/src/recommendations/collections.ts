import type { RecommendationItem } from "@saldo/schema";
import type { RecurringSeries } from "../recurring/index.ts";
import { daysBetween } from "./days.ts";
import { derived, monthsFigure, namesOf, rowsFigure } from "./figures.ts";
import { daysSinceInvoice } from "./invoice-date.ts";
import type { AdviceLedger, Party } from "./ledger.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, median, normal80, quantile } from "./statistics.ts";
import { isGateway } from "./subjects.ts";

const recentMonths = 3;
const paidRecentMin = 3;
const paidBeforeMin = 6;
/** Payments count as later when their middle delay grew by a week at least, and by two deviations of what it was. */
const laterDaysMin = 7;
const laterDeviationsMin = 2;
/** And when nearly every one of them took longer than three of four before. */
const laterPart = 0.75;
/** A payment that comes at regular times is missed when it is certain enough that it does, and this many have come. */
const confidenceMin = 0.8;
const paymentsMin = 6;
const graceDays = 5;
const usualPayments = 12;

/** Clients who pay later than they used to, and payments that should have come. */
export const lateCollections: Rule = {
  area: "collections",
  look(facts) {
    const { ledger, series } = facts;
    if (ledger.books.months.length < recentMonths + 1) return notEnough;
    const clients = ledger.parties.filter((party) => !isGateway(party) && party.rows.some((row) => (ledger.amount[row] ?? 0) > 0));
    const incoming = series.filter((one) => one.direction === "in" && one.status === "active");
    const overdue = incoming.flatMap((one) => overdueOf(facts, one) ?? []);
    const delays = delaysOf(ledger);
    return { enough: true, looked: clients.length, items: [...clients.flatMap((party) => laterOf(facts, party, delays) ?? []), ...overdue] };
  },
};

/** No invoice is named. */
const noDelay = -1;

/** Days from the invoice each incoming row of the complete months names, or {@link noDelay}: in the order rows stand in memory, which is far faster than client by client. */
function delaysOf({ books, amount, month }: AdviceLedger): Int16Array {
  const delays = new Int16Array(books.rows.length).fill(noDelay);
  for (const [row, { description, postedOn }] of books.rows.entries()) {
    if ((amount[row] ?? 0) > 0 && (month[row] ?? -1) >= 0) delays[row] = daysSinceInvoice(description, postedOn) ?? noDelay;
  }
  return delays;
}

interface Paid {
  readonly row: number;
  readonly days: number;
}

function laterOf({ ledger, monthlyExpensesMinor }: RuleFacts, party: Party, delays: Int16Array): RecommendationItem | undefined {
  const last = ledger.books.months.length - 1;
  const first = last - recentMonths + 1;
  const paid: Paid[] = [];
  for (const row of party.rows) {
    const days = delays[row] ?? noDelay;
    if (days !== noDelay) paid.push({ row, days });
  }
  const recent = paid.filter(({ row }) => (ledger.month[row] ?? -1) >= first);
  const before = paid.filter(({ row }) => (ledger.month[row] ?? -1) < first);
  const names = namesOf(party);
  if (recent.length < paidRecentMin || before.length < paidBeforeMin || names === undefined) return undefined;
  const [now, then] = [recent.map(({ days }) => days), before.map(({ days }) => days)];
  const later = median(now) - median(then);
  if (later < laterDaysMin || later < laterDeviationsMin * deviation(then)) return undefined;
  if (now.filter((days) => days > quantile(then, laterPart)).length < laterPart * now.length) return undefined;
  const received = monthsFigure(ledger, "received", { first, last, direction: "in", isMeant: () => true, among: party.rows, perMonth: false, counterpartyNames: names });
  const days = received.rows === null ? 1 : daysBetween(received.rows.from, received.rows.to) + 1;
  const perDay = received.value / days;
  const atDelay = (delay: number) => perDay * (delay - median(then));
  const effect = effectOf("brings", "once", atDelay(median(now)), atDelay(quantile(now, 0.25)), atDelay(quantile(now, 0.75)));
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  return {
    key: `collect_faster/${party.key.slice(0, 150)}`,
    code: "collect_faster",
    parameters: { name: party.name.slice(0, 300), days: Math.round(later), payments: recent.length },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [derived("delay_days", "days", median(now)), derived("delay_days_before", "days", median(then)), received],
    measure: { kind: "inflow", counterpartyNames: names },
    source: "rule",
  };
}

function overdueOf({ ledger, places, monthlyExpensesMinor }: RuleFacts, series: RecurringSeries): RecommendationItem | undefined {
  const due = [...series.missedOn, ...(series.nextOn === null ? [] : [series.nextOn])]
    .filter((on) => on > series.lastOn && daysBetween(on, ledger.dataThrough) > series.toleranceDays + graceDays)
    .toSorted();
  const rows = places.of(series.rowIds);
  const party = ledger.parties[ledger.party[rows.at(-1) ?? -1] ?? -1];
  const [on] = due;
  if (on === undefined || party === undefined || isGateway(party) || series.confidence < confidenceMin || rows.length < paymentsMin || series.missedOn.some((missed) => missed < series.lastOn)) return undefined;
  const names = namesOf(party);
  const payment = rowsFigure(ledger, "payment", rows.slice(-usualPayments));
  const usual = Math.abs(series.usualMinor);
  const spread = normal80 * (series.spreadBasisPoints / 10_000) * usual;
  const effect = effectOf("brings", "once", usual * due.length, (usual - spread) * due.length, (usual + spread) * due.length);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  return {
    key: `collect_overdue/${series.key.slice(0, 120)}/${on}`,
    code: "collect_overdue",
    parameters: { name: series.name.slice(0, 300), on, payments: due.length },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [payment, derived("overdue_days", "days", daysBetween(on, ledger.dataThrough))],
    measure: names === undefined ? { kind: "none" } : { kind: "inflow", counterpartyNames: names },
    source: "rule",
  };
}
