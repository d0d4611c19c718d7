import { currencyExponent } from "@saldo/schema";
import type { AmountSignals } from "./amount-signals.ts";
import type { Candidate } from "./candidate.ts";
import { rowsOf } from "./grouping.ts";
import { dateOf, type Ledger } from "./ledger.ts";

/** Leading digits of the sums that limits are set at. */
const limitLeads = [1, 2, 2.5, 3, 5, 10] as const;
/** A part is at least this share of the limit, and below it. */
const nearShare = 0.85;
/** Days within which the parts lie. */
const daysMax = 3;
const partsMin = 2;
const partsMax = 20;
/** The share of payments just under some limit where nothing is known of a counterparty, and how many payments that counts as. */
const sharePrior = 0.05;
const priorPayments = 3;
/** Beyond this, −ln of a chance says no more. */
const surpriseMax = 10;

/** Features of {@link splitCandidates}; see `model.ts` for what they weigh. */
export const splitFeatures = ["parts", "one day", "near the limit", "unlikely by chance", "amount rarity", "amounts differ", "usual for vendor"] as const;

/** Payments to one counterparty by the same hand, on a day or within days, each just under a round limit that they pass together. */
export function splitCandidates(ledger: Ledger, amounts: AmountSignals): Candidate[] {
  const found: Candidate[] = [];
  const units = ledger.currencies.map((code) => 10 ** currencyExponent(code));
  for (let party = 0; party < amounts.parties.count; party++) {
    const rows = rowsOf(amounts.parties, party);
    if (rows.length < partsMin || ledger.vendorKeys[ledger.vendor[rows[0] ?? 0] ?? 0] === "") continue;
    const limits = new Float64Array(rows.length);
    for (let place = 0; place < rows.length; place++) limits[place] = limitAbove(ledger, rows[place] ?? 0, units);
    const sets = nearOneLimit(ledger, rows, limits).flatMap((near) => partsOf(ledger, near));
    if (sets.length === 0) continue;
    const near = new Map<number, number>();
    for (const limit of limits) near.set(limit, (near.get(limit) ?? 0) + 1);
    for (const parts of sets) found.push(candidateOf(ledger, amounts, rows, limits, parts, sets.length - 1, (limit) => near.get(limit) ?? 0));
  }
  return found;
}

/** The payments under one limit by one hand: what else is known of them is equal. Only sets of several. */
function nearOneLimit({ details, account }: Ledger, rows: Int32Array, limits: Float64Array): number[][] {
  const sets = new Map<string, number[]>();
  for (const [place, row] of rows.entries()) {
    const limit = limits[place] ?? 0;
    if (limit === 0) continue;
    const key = [limit, account[row], ...details.map((column) => column[row])].join(" ");
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [row]);
    else set.push(row);
  }
  return [...sets.values()].filter(({ length }) => length >= partsMin);
}

/** Payments of one day belong together; of those that stand alone on their day, three and more within days do. */
function partsOf({ day }: Ledger, rows: readonly number[]): number[][] {
  const byDay = new Map<number, number[]>();
  for (const row of rows) {
    const own = byDay.get(day[row] ?? 0);
    if (own === undefined) byDay.set(day[row] ?? 0, [row]);
    else own.push(row);
  }
  const together = [...byDay.values()].filter(({ length }) => length >= partsMin && length <= partsMax);
  let run: number[] = [];
  for (const alone of [...byDay.values(), []].filter(({ length }) => length < partsMin)) {
    const [row] = alone;
    if (row !== undefined && (run.length === 0 || (day[row] ?? 0) - (day[run[0] ?? 0] ?? 0) <= daysMax)) run.push(row);
    else {
      if (run.length > partsMin) together.push(run);
      run = row === undefined ? [] : [row];
    }
  }
  return together;
}

/** The limit an amount stays just under, in minor units; 0 where it is near none, or small beside what is usual. */
function limitAbove({ amountMinor, currency }: Ledger, row: number, units: readonly number[]): number {
  const amount = Math.abs(amountMinor[row] ?? 0);
  const unit = units[currency[row] ?? 0] ?? 1;
  if (amount < 50 * unit) return 0;
  const decade = 10 ** Math.floor(Math.log10(amount / unit)) * unit;
  for (const lead of limitLeads) {
    const limit = lead * decade;
    if (amount < limit && amount >= nearShare * limit) return limit;
  }
  return 0;
}

function candidateOf(ledger: Ledger, amounts: AmountSignals, rows: Int32Array, limits: Float64Array, parts: number[], otherSets: number, nearLimit: (limit: number) => number): Candidate {
  const { amountMinor, day, vendor, name, names, vendorKeys, currency, currencies } = ledger;
  const first = parts[0] ?? 0;
  const last = parts.at(-1) ?? first;
  const place = rows.indexOf(first);
  const limit = limits[place] ?? 0;
  const sizes = parts.map((row) => Math.abs(amountMinor[row] ?? 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const near = nearLimit(limit) - parts.length;
  const others = rows.length - parts.length;
  const usualShare = (near + sharePrior * priorPayments) / (others + priorPayments);
  const columns = [ledger.account, ...ledger.details];
  let inDays = 0;
  const count = (row: number) => (inDays += columns.every((column) => column[row] === column[first]) ? 1 : 0);
  for (let back = place - 1; back >= 0 && day[rows[back] ?? 0] === day[first]; back--) count(rows[back] ?? 0);
  for (let on = place; on < rows.length && (day[rows[on] ?? 0] ?? 0) <= (day[last] ?? 0); on++) count(rows[on] ?? 0);
  const oneDay = Math.max(...countBy(parts, (row) => day[row] ?? 0));
  const mean = (of: (row: number) => number) => parts.reduce((sum, row) => sum + of(row), 0) / parts.length;
  return {
    kind: "split_invoice",
    suspects: parts,
    beside: [],
    features: [
      Math.min(2.6, Math.log2(parts.length)),
      oneDay / parts.length,
      (mean((row) => Math.abs(amountMinor[row] ?? 0)) / limit - nearShare) / (1 - nearShare),
      Math.min(surpriseMax, -Math.log(atLeastByChance(inDays, parts.length, usualShare))),
      mean((row) => amounts.rarity[row] ?? 0),
      (new Set(sizes).size - 1) / (parts.length - 1),
      Math.log1p(otherSets),
    ],
    facts: { kind: "split_invoice", counterparty: (names[name[first] ?? 0] ?? "").slice(0, 300), parts: parts.length, totalMinor: total, limitMinor: limit, firstOn: dateOf(day[first] ?? 0), lastOn: dateOf(day[last] ?? 0) },
    stakeMinor: total,
    identity: [vendorKeys[vendor[first] ?? 0] ?? "", dateOf(day[first] ?? 0), total, currencies[currency[first] ?? 0] ?? ""],
    subjectKey: vendorKeys[vendor[first] ?? 0] ?? "",
  };
}

/** The chance that at least so many of `trials` payments are near a limit when each is with a probability (binomial tail). */
function atLeastByChance(trials: number, successes: number, probability: number): number {
  let term = Math.exp(trials * Math.log1p(-probability));
  let below = 0;
  for (let count = 0; count < successes; count++) {
    below += term;
    term *= ((trials - count) / (count + 1)) * (probability / (1 - probability));
  }
  return Math.max(1e-12, 1 - below);
}

function countBy(rows: readonly number[], keyOf: (row: number) => number): number[] {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return [...counts.values()];
}
