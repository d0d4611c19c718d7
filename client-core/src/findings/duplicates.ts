import type { Candidate } from "./candidate.ts";
import { countRows, groupRows, lowerBound, pairNumbers, rowsOf, type Groups } from "./grouping.ts";
import { dateOf, type Ledger } from "./ledger.ts";
import { roundness } from "./roundness.ts";
import { areSpellings, lettersOf } from "./vendor-key.ts";

/** Days within which the same amount may be the same payment again. */
const nearDaysMax = 10;
/** Earlier rows of one amount that are looked at for one row: an amount that common tells nothing. */
const lookBackRowsMax = 40;
/** What equality of details counts as where there are none. */
const unknownDetailsEqual = 0.9;
/** Rows a short ledger is drawn out by before copies are called usual in it. */
const usualPriorRows = 500;
/** How much it speaks for a second payment that both name the same invoice or order by its number: the data the models were fitted on have no purposes. */
const sameDocumentLogOdds = 4;
/** Most copies one finding names. */
const copiesMax = 12;

/** Features of {@link duplicateCandidates}, by kind; see `model.ts` for what they weigh. */
export const exactFeatures = ["details equal", "amount repeats", "payments that day", "copies are usual", "amount size", "round amount", "more than two", "usual in the ledger"] as const;
export const nearFeatures = ["details equal", "amount repeats", "days apart", "other spelling", "rare spelling", "amount size", "round amount", "vendor activity", "category differs"] as const;

/** Payments that may have been made twice: the same day, or within days and perhaps under another spelling. */
export function duplicateCandidates(ledger: Ledger, typicalMinor: number): Candidate[] {
  const { amountMinor, currency, vendor, name, day } = ledger;
  const amounts = pairNumbers(amountMinor, currency);
  const groups = groupRows(amounts.numbers, amounts.count);
  const vendorRows = countRows(vendor, ledger.vendorKeys.length);
  const nameRows = countRows(name, ledger.names.length);
  const found = findCopies(ledger, groups);
  const clusters = new Int32Array(ledger.vendorKeys.length);
  for (const { rows } of found.exact) increment(clusters, vendor[rows[0] ?? 0] ?? 0);
  const size = (row: number) => Math.log(Math.max(1, Math.abs(amountMinor[row] ?? 0)) / typicalMinor);

  // How usual copies as like each other are in this ledger: where invoices are posted line by line they are no news.
  const alike = (equal: number) => found.exact.filter((one) => one.equal >= equal).length;
  const usualInLedger = new Map([...new Set(found.exact.map(({ equal }) => equal))].map((equal) => [equal, Math.log1p((1_000 * (alike(equal) - 1)) / (ledger.count + usualPriorRows))]));

  const exact = found.exact.map(({ rows, equal, repeats, sameDay }): Candidate => {
    const first = rows[0] ?? 0;
    const key = vendor[first] ?? 0;
    const usual = ((clusters[key] ?? 1) - 1) / Math.max(1, vendorRows[key] ?? 1);
    const amount = Math.abs(amountMinor[first] ?? 0);
    return {
      kind: "duplicate_exact",
      suspects: rows.slice(0, copiesMax),
      beside: [],
      features: [equal, Math.log1p(repeats), Math.log1p(sameDay), Math.sqrt(usual), clamp(size(first)), roundness(amount), rows.length > 2 ? 1 : 0, usualInLedger.get(equal) ?? 0],
      facts: { kind: "duplicate_exact", counterparty: spelled(ledger, first), amountMinor: amount, onDate: dateOf(day[first] ?? 0), copies: rows.length, usualCopies: 1 },
      stakeMinor: amount * (rows.length - 1),
      identity: [ledger.vendorKeys[key] ?? "", dateOf(day[first] ?? 0), amountMinor[first] ?? 0, ledger.currencies[currency[first] ?? 0] ?? ""],
      subjectKey: ledger.vendorKeys[key] ?? "",
    };
  });

  const near = found.near.map(({ row, other, equal, repeats }): Candidate => {
    const key = vendor[row] ?? 0;
    const amount = Math.abs(amountMinor[row] ?? 0);
    const apart = (day[row] ?? 0) - (day[other] ?? 0);
    const spelling = otherSpelling(ledger, row, other);
    const rare = spelling === 0 ? 0 : 1 / Math.min(nameRows[name[row] ?? 0] ?? 1, nameRows[name[other] ?? 0] ?? 1);
    return {
      kind: "duplicate_near",
      suspects: [row],
      beside: [other],
      features: [equal, Math.log1p(repeats), apart / nearDaysMax, spelling, rare, clamp(size(row)), roundness(amount), Math.log1p(vendorRows[key] ?? 0), ledger.category[row] === ledger.category[other] ? 0 : 1],
      stated: sameDocument(ledger, row, other) ? [{ name: "same document", logOdds: sameDocumentLogOdds }] : [],
      facts: { kind: "duplicate_near", counterparty: spelled(ledger, row), otherCounterparty: spelled(ledger, other), amountMinor: amount, onDate: dateOf(day[row] ?? 0), otherOn: dateOf(day[other] ?? 0) },
      stakeMinor: amount,
      identity: [ledger.vendorKeys[key] ?? "", dateOf(day[row] ?? 0), dateOf(day[other] ?? 0), amountMinor[row] ?? 0, ledger.currencies[currency[row] ?? 0] ?? ""],
      subjectKey: ledger.vendorKeys[key] ?? "",
    };
  });
  return [...exact, ...near];
}

function sameDocument({ document }: Ledger, a: number, b: number): boolean {
  return document[a] !== 0 && document[a] === document[b];
}

interface Exact {
  readonly rows: number[];
  readonly equal: number;
  /** Payments of this amount to this counterparty on other days. */
  repeats: number;
  /** Other payments to this counterparty on this day. */
  sameDay: number;
}

interface Near {
  readonly row: number;
  readonly other: number;
  readonly equal: number;
  repeats: number;
}

/** Looks back from each row over the earlier ones of its amount. */
function findCopies(ledger: Ledger, groups: Groups): { readonly exact: Exact[]; readonly near: Near[] } {
  const { day, vendor, isDistinct } = ledger;
  const letters = Int32Array.from(ledger.vendorKeys, lettersOf);
  const columns = [ledger.account, ...ledger.details];
  const exact: Exact[] = [];
  const near: Near[] = [];
  for (let group = 0; group < groups.count; group++) {
    const rows = rowsOf(groups, group);
    if (rows.length < 2 || ledger.amountMinor[rows[0] ?? 0] === 0) continue;
    const clusterOf = new Map<number, number[]>();
    const [firstExact, firstNear] = [exact.length, near.length];
    for (let place = 1; place < rows.length; place++) {
      const row = rows[place] ?? 0;
      if (isDistinct[row] === 1 || ledger.vendorKeys[vendor[row] ?? 0] === "") continue;
      const match = bestMatch(ledger, columns, letters, rows, place);
      if (match === undefined) continue;
      const { other, equal } = match;
      if (day[row] === day[other] && vendor[row] === vendor[other] && ledger.name[row] === ledger.name[other]) {
        const cluster = clusterOf.get(other);
        if (cluster !== undefined) {
          cluster.push(row);
          clusterOf.set(row, cluster);
          continue;
        }
        const opened = [other, row];
        clusterOf.set(other, opened).set(row, opened);
        exact.push({ rows: opened, equal, repeats: 0, sameDay: 0 });
      } else near.push({ row, other, equal, repeats: 0 });
    }
    countRepeats(ledger, rows, exact.slice(firstExact), near.slice(firstNear));
  }
  countSameDay(ledger, exact);
  return { exact, near };
}

/** Counts how often else counterparties have the one amount of some rows. */
function countRepeats({ vendor }: Ledger, rows: Int32Array, exact: readonly Exact[], near: readonly Near[]): void {
  if (exact.length + near.length === 0) return;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(vendor[row] ?? -1, (counts.get(vendor[row] ?? -1) ?? 0) + 1);
  const countOf = (row: number) => counts.get(vendor[row] ?? -1) ?? 0;
  for (const one of exact) one.repeats = Math.max(0, countOf(one.rows[0] ?? 0) - one.rows.length);
  for (const one of near) one.repeats = Math.max(0, countOf(one.row) + (vendor[one.row] === vendor[one.other] ? 0 : countOf(one.other)) - 2);
}

/** Counts the other payments of counterparties on the days of copies. */
function countSameDay({ day, vendor, vendorKeys }: Ledger, exact: readonly Exact[]): void {
  const vendors = groupRows(vendor, vendorKeys.length);
  for (const one of exact) {
    const [row = 0] = one.rows;
    const rows = rowsOf(vendors, vendor[row] ?? 0);
    const place = lowerBound(rows, row);
    let [first, end] = [place, place];
    while (first > 0 && day[rows[first - 1] ?? 0] === day[row]) first--;
    while (end < rows.length && day[rows[end] ?? 0] === day[row]) end++;
    one.sameDay = Math.max(0, end - first - one.rows.length);
  }
}

/** The earlier row of the same amount that is most like a copy; the nearest of equals. */
function bestMatch(ledger: Ledger, columns: readonly Int32Array[], letters: Int32Array, rows: Int32Array, place: number): { readonly other: number; readonly equal: number } | undefined {
  const { day, vendor, vendorKeys } = ledger;
  const row = rows[place] ?? 0;
  let best: { readonly other: number; readonly equal: number; readonly rank: number } | undefined;
  for (let back = place - 1; back >= 0 && place - back <= lookBackRowsMax; back--) {
    const other = rows[back] ?? 0;
    const apart = (day[row] ?? 0) - (day[other] ?? 0);
    if (apart > nearDaysMax) break;
    const [one, two] = [vendor[row] ?? 0, vendor[other] ?? 0];
    if (one !== two && !areSpellings(vendorKeys[one] ?? "", vendorKeys[two] ?? "", letters[one], letters[two])) continue;
    const equal = equalDetails(columns, row, other);
    const rank = equal * 4 - apart / nearDaysMax + (ledger.name[row] === ledger.name[other] ? 0 : 1);
    if (best === undefined || rank > best.rank) best = { other, equal, rank };
  }
  return best;
}

/** The share of what else is known of two rows that is equal; where nothing else is known, that they share nothing is not known either. */
function equalDetails(columns: readonly Int32Array[], a: number, b: number): number {
  let [known, equal] = [0, 0];
  for (let index = 0; index < columns.length; index++) {
    const [one, two] = [columns[index]?.[a] ?? -1, columns[index]?.[b] ?? -1];
    if (one < 0 && two < 0) continue;
    known++;
    if (one === two) equal++;
  }
  return known === 0 ? unknownDetailsEqual : equal / known;
}

/** 1 for the same name in other letters, less for one that is only alike, 0 for the same; names that differ in their numbers are other shops. */
function otherSpelling({ name, names, vendor }: Ledger, row: number, other: number): number {
  if (name[row] === name[other]) return 0;
  const [one, two] = [row, other].map((place) => (names[name[place] ?? 0] ?? "").replace(/\D+/gu, ""));
  return one !== two ? 0 : vendor[row] === vendor[other] ? 1 : 0.7;
}

function increment(counts: Int32Array, place: number): void {
  if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
}

function spelled(ledger: Ledger, row: number): string {
  return (ledger.names[ledger.name[row] ?? 0] ?? "").slice(0, 300);
}

function clamp(value: number): number {
  return Math.max(-4, Math.min(4, value));
}
