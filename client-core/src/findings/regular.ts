import { minor } from "@saldo/schema";
import { findRecurring, type RecurringRow, type RecurringSeries } from "../recurring/index.ts";
import type { Candidate } from "./candidate.ts";
import { groupRows, rowsOf } from "./grouping.ts";
import { dateOf, type Ledger } from "./ledger.ts";
import { logit } from "./log-odds.ts";

/** A counterparty with more payments than this pays by the piece, not by the month. */
const partyRowsMax = 150;
const partyRowsMin = 3;
/** Days after which neither a missing payment nor a new price is news. */
const newsDaysMax = 100;
/** A smaller change of price is none: fees and rates. */
const stepShareMin = 0.03;
/** Payments at a new price below which it may be a slip. */
const settledPayments = 3;

/** Features of {@link regularCandidates}, by kind. */
export const regularFeatures = {
  recurring_missing: ["regular", "payments so far", "steady amount"],
  price_step: ["regular", "size of the step", "payments since"],
} as const;

/** Regular payments that stayed out, and regular payments whose price changed, lately. */
export function regularCandidates(ledger: Ledger): Candidate[] {
  const rows: RecurringRow[] = [];
  const vendors = groupRows(ledger.vendor, ledger.vendorKeys.length);
  const lastDay = ledger.day[ledger.count - 1] ?? 0;
  for (let vendor = 0; vendor < vendors.count; vendor++) {
    const own = rowsOf(vendors, vendor);
    if (ledger.vendorKeys[vendor] === "") continue;
    if (own.length < partyRowsMin || own.length > partyRowsMax || lastDay - (ledger.day[own.at(-1) ?? 0] ?? 0) > 4 * newsDaysMax) continue;
    for (const row of own) rows.push(recurringRow(ledger, row));
  }
  return findRecurring(rows, { asOf: dateOf(lastDay) }).flatMap((series) => [...missing(series, ledger, lastDay), ...stepped(series, ledger, lastDay)]);
}

/** Rows are called by their places, which sort as the ledger does. */
const placeDigits = 9;

function placeOf(id: string | undefined): number | undefined {
  return id === undefined ? undefined : Number(id);
}

function recurringRow(ledger: Ledger, row: number): RecurringRow {
  const name = ledger.names[ledger.name[row] ?? 0] ?? "";
  return {
    id: String(row).padStart(placeDigits, "0"),
    postedOn: dateOf(ledger.day[row] ?? 0),
    amountMinor: minor(ledger.amountMinor[row] ?? 0),
    currency: ledger.currencies[ledger.currency[row] ?? 0] ?? "",
    description: name,
    counterpartyName: name,
    counterpartyId: null,
    counterpartyTaxId: null,
    categoryId: null,
  };
}

function missing(series: RecurringSeries, ledger: Ledger, lastDay: number): Candidate[] {
  const expectedOn = series.missedOn.findLast((date) => date > series.lastOn);
  if (series.status !== "active" || expectedOn === undefined || lastDay - dayOf(expectedOn) > newsDaysMax) return [];
  const last = placeOf(series.rowIds.at(-1));
  if (last !== undefined && isPaidSince(ledger, last, expectedOn)) return [];
  const usualMinor = Math.abs(series.usualMinor);
  const payments = series.rowIds.length;
  return [
    {
      kind: "recurring_missing",
      suspects: [],
      beside: last === undefined ? [] : [last],
      features: [logit(series.confidence), Math.log(payments / partyRowsMin), 1 - Math.min(1, series.spreadBasisPoints / 5_000)],
      facts: { kind: "recurring_missing", counterparty: series.name.slice(0, 300), usualMinor, period: series.period, expectedOn, lastOn: series.lastOn, payments },
      stakeMinor: usualMinor,
      identity: [series.key, expectedOn],
      subjectKey: vendorOf(ledger, last),
    },
  ];
}

/** Whether its counterparty was paid on the day or later after all, if not when or as much as it is used to. */
function isPaidSince({ count, day, vendor, amountMinor }: Ledger, last: number, expectedOn: string): boolean {
  const due = dayOf(expectedOn);
  for (let row = count - 1; row > last && (day[row] ?? 0) >= due; row--) {
    if (vendor[row] === vendor[last] && Math.sign(amountMinor[row] ?? 0) === Math.sign(amountMinor[last] ?? 0)) return true;
  }
  return false;
}

function stepped(series: RecurringSeries, ledger: Ledger, lastDay: number): Candidate[] {
  const step = series.steps.at(-1);
  if (step === undefined || lastDay - dayOf(step.on) > newsDaysMax) return [];
  const [beforeMinor, amountMinor] = [Math.abs(step.beforeMinor), Math.abs(step.afterMinor)];
  const share = Math.abs(Math.log(amountMinor / Math.max(1, beforeMinor)));
  const first = series.rowIds.map(Number).find((row) => dateOf(ledger.day[row] ?? 0) >= step.on);
  if (share < stepShareMin || first === undefined) return [];
  return [
    {
      kind: "price_step",
      suspects: [first],
      beside: [],
      features: [logit(series.confidence), Math.min(0.7, share), Math.min(1, step.payments / settledPayments)],
      facts: { kind: "price_step", counterparty: series.name.slice(0, 300), beforeMinor, amountMinor, period: series.period, sinceOn: step.on, payments: series.rowIds.length },
      stakeMinor: Math.abs(amountMinor - beforeMinor),
      identity: [series.key, step.on, beforeMinor, amountMinor],
      subjectKey: vendorOf(ledger, first),
    },
  ];
}

function vendorOf(ledger: Ledger, row: number | undefined): string {
  return row === undefined ? "" : (ledger.vendorKeys[ledger.vendor[row] ?? 0] ?? "");
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}
