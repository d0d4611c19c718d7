import { currencyExponent } from "@saldo/schema";
import type { AmountSignals } from "./amount-signals.ts";
import type { Candidate } from "./candidate.ts";
import { lowerBound, pairNumbers, rowsOf } from "./grouping.ts";
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
  const limits = limitsAbove(ledger);
  const hands = ledger.details.reduce((numbers, column) => pairNumbers(numbers, column).numbers, ledger.account);
  for (let party = 0; party < amounts.parties.count; party++) {
    const rows = rowsOf(amounts.parties, party);
    if (rows.length < partsMin || ledger.vendorKeys[ledger.vendor[rows[0] ?? 0] ?? 0] === "") continue;
    const sets = nearOneLimit(rows, limits, hands).flatMap((near) => partsOf(ledger, near));
    if (sets.length === 0) continue;
    const near = new Map<number, number>();
    for (const row of rows) near.set(limits[row] ?? 0, (near.get(limits[row] ?? 0) ?? 0) + 1);
    for (const parts of sets) found.push(candidateOf(ledger, amounts, { rows, hands }, limits, parts, sets.length - 1, (limit) => near.get(limit) ?? 0));
  }
  return found;
}

/** The payments of a counterparty under one limit by one hand: what else is known of them is equal. Only sets of several. */
function nearOneLimit(rows: Int32Array, limits: Float64Array, hands: Int32Array): number[][] {
  const sets = new Map<number, Map<number, number[]>>();
  const found: number[][] = [];
  for (const row of rows) {
    const limit = limits[row] ?? 0;
    if (limit === 0) continue;
    let byHand = sets.get(limit);
    if (byHand === undefined) sets.set(limit, (byHand = new Map()));
    const set = byHand.get(hands[row] ?? -1);
    if (set !== undefined) set.push(row);
    else {
      const opened = [row];
      byHand.set(hands[row] ?? -1, opened);
      found.push(opened);
    }
  }
  return found.filter(({ length }) => length >= partsMin);
}

/** Payments of one day belong together; of those that stand alone on their day, those within days do. */
function partsOf({ day }: Ledger, rows: readonly number[]): number[][] {
  const together: number[][] = [];
  const alone: number[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    while (end < rows.length && day[rows[end] ?? 0] === day[rows[start] ?? 0]) end++;
    if (end - start < partsMin) alone.push(...rows.slice(start, end));
    else if (end - start <= partsMax) together.push(rows.slice(start, end));
  }
  let run: number[] = [];
  for (const row of [...alone, undefined]) {
    if (row !== undefined && (run.length === 0 || (day[row] ?? 0) - (day[run[0] ?? 0] ?? 0) <= daysMax)) run.push(row);
    else {
      if (run.length >= partsMin) together.push(run);
      run = row === undefined ? [] : [row];
    }
  }
  return together;
}

/** The limit each row's amount stays just under, in minor units; 0 where it is near none, or small beside what is usual. */
function limitsAbove({ count, amountMinor, currency, currencies }: Ledger): Float64Array {
  const units = currencies.map((code) => 10 ** currencyExponent(code));
  const limits = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const amount = Math.abs(amountMinor[row] ?? 0);
    const unit = units[currency[row] ?? 0] ?? 1;
    if (amount < smallest * unit) continue;
    let decade = unit;
    while (decade * 10 <= amount) decade *= 10;
    for (const lead of limitLeads) {
      const limit = lead * decade;
      if (amount >= limit || amount < nearShare * limit) continue;
      limits[row] = limit;
      break;
    }
  }
  return limits;
}

/** Payments of less than so much are split to pass no limit. */
const smallest = 50;

/** The rows of a counterparty, and by whose hand each row of the ledger is. */
interface Party {
  readonly rows: Int32Array;
  readonly hands: Int32Array;
}

function candidateOf(ledger: Ledger, amounts: AmountSignals, { rows, hands }: Party, limits: Float64Array, parts: number[], otherSets: number, nearLimit: (limit: number) => number): Candidate {
  const { amountMinor, day, vendor, name, names, vendorKeys, currency, currencies } = ledger;
  const first = parts[0] ?? 0;
  const last = parts.at(-1) ?? first;
  const place = lowerBound(rows, first);
  const limit = limits[first] ?? 0;
  const sizes = parts.map((row) => Math.abs(amountMinor[row] ?? 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const near = nearLimit(limit) - parts.length;
  const others = rows.length - parts.length;
  const usualShare = (near + sharePrior * priorPayments) / (others + priorPayments);
  let inDays = 0;
  const count = (row: number) => (inDays += hands[row] === hands[first] ? 1 : 0);
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
