import type { FindingFacts } from "@saldo/schema";
import { sortNumbers } from "../sort-numbers.ts";
import type { AmountSignals } from "./amount-signals.ts";
import type { Candidate } from "./candidate.ts";
import type { CategorySignals } from "./category-signals.ts";
import { columnOf, countRows, lowerBound, rowsOf, type Groups } from "./grouping.ts";
import { isolationForest } from "./isolation-forest.ts";
import { dateOf, type Ledger } from "./ledger.ts";
import { logOddsOf, type KindModel } from "./log-odds.ts";
import { roundness } from "./roundness.ts";
import { hourSignals } from "./hour-signals.ts";

/** Features of the kinds that look at single rows; see `model.ts` for what they weigh. */
export const rowFeatures = {
  amount_unlike_vendor: ["unlike vendor", "above its largest", "unlike category", "amount rarity", "isolation", "vendor activity", "jumps are rare here"],
  amount_unlike_category: ["unlike category", "amount rarity", "unlike vendor", "isolation"],
  round_amount: ["roundness", "round is rare", "unlike vendor", "above its largest", "unlike category", "amount rarity", "isolation"],
  category_unlike_vendor: ["unlike vendor", "unlike kin", "unlike details", "category rarity", "vendor is steady", "vendor activity", "unlike category", "another fits better", "strays are rare here"],
  new_vendor_large: ["amount rarity", "unlike category", "category unlike details", "isolation", "never again"],
  off_hours: ["rare for vendor", "rare for ledger", "amount rarity", "unlike vendor"],
} as const satisfies Partial<Record<FindingFacts["kind"], readonly string[]>>;

type RowKind = keyof typeof rowFeatures;

/** Everything known about single rows. */
export interface RowSignals {
  readonly amounts: AmountSignals;
  readonly categories: CategorySignals;
  /** How easily a row is set apart from the others. */
  readonly isolation: (row: number) => number;
  readonly round: Float32Array;
  /** −ln of the share of payments as round: of the counterparty's others, leaning on all of the ledger. */
  readonly roundRarity: Float32Array;
  readonly hours: ReturnType<typeof hourSignals>;
  /** 1 where the row is the first payment of its counterparty and the ledger had begun well before. */
  readonly isFirst: Uint8Array;
  readonly nameRows: Int32Array;
  /** Amounts of counterparties and of categories that were asked for, in ascending order. */
  readonly sortedParties: Map<number, Float64Array>;
  readonly sortedCategories: Map<number, Float64Array>;
  /** The middle amount of the ledger. */
  readonly typicalMinor: number;
}

/** Days from the start of a ledger in which every counterparty is new. */
const newcomerAfterDays = 30;

/** Computes {@link RowSignals}. */
export function rowSignals(ledger: Ledger, amounts: AmountSignals, categories: CategorySignals, typicalMinor: number): RowSignals {
  const round = columnOf(ledger.count, (row) => roundness(ledger.amountMinor[row] ?? 0));
  const roundRarity = roundRarities(ledger, amounts, round);
  const columns = [amounts.vendorZ, amounts.categoryZ, amounts.rarity, categories.byVendor, categories.byDetails, columnOf(ledger.count, (row) => Math.log1p(amounts.others[row] ?? 0)), roundRarity];
  const isFirst = new Uint8Array(ledger.count);
  const firstDay = ledger.day[0] ?? 0;
  for (let party = 0; party < amounts.parties.count; party++) {
    const [row] = rowsOf(amounts.parties, party);
    if (row !== undefined && (ledger.day[row] ?? 0) - firstDay >= newcomerAfterDays) isFirst[row] = 1;
  }
  return { amounts, categories, isolation: isolationForest(columns), round, roundRarity, hours: hourSignals(ledger, amounts), isFirst, nameRows: countRows(ledger.name, ledger.names.length), sortedParties: new Map(), sortedCategories: new Map(), typicalMinor };
}

/** Others of a counterparty count beside this many of the ledger. */
const roundPrior = 5;

function roundRarities(ledger: Ledger, { parties }: AmountSignals, round: Float32Array): Float32Array {
  const rarity = new Float32Array(ledger.count);
  const levels = [0.5, 0.75, 1] as const;
  const countAtLeast = (level: number, rows: Int32Array) => {
    let count = 0;
    for (let place = 0; place < rows.length; place++) if ((round[rows[place] ?? 0] ?? 0) >= level) count++;
    return count;
  };
  const all = levels.map((level) => (countAtLeast(level, parties.rows) + 0.5) / (ledger.count + 1));
  for (let party = 0; party < parties.count; party++) {
    const rows = rowsOf(parties, party);
    const atLeast = levels.map((level) => countAtLeast(level, rows));
    for (const row of rows) {
      const level = levels.findLastIndex((one) => (round[row] ?? 0) >= one);
      if (level < 0) continue;
      rarity[row] = -Math.log(((atLeast[level] ?? 1) - 1 + roundPrior * (all[level] ?? 0)) / (rows.length - 1 + roundPrior));
    }
  }
  return rarity;
}

/** Rows that may be findings by themselves. Those whose log-odds are below a floor are passed over. */
export function rowCandidates(ledger: Ledger, signals: RowSignals, models: Readonly<Record<RowKind, KindModel>>, logOddsFloor: number): Candidate[] {
  const found: Candidate[] = [];
  const features = new Float64Array(9);
  const kinds: RowKind[] = [];
  for (let row = 0; row < ledger.count; row++) {
    kinds.length = 0;
    addKinds(ledger, signals, row, kinds);
    for (const kind of kinds) {
      const count = fillFeatures(kind, signals, row, features);
      if (logOddsOf(models[kind], features) >= logOddsFloor) found.push(candidateOf(kind, ledger, signals, row, Array.from(features.subarray(0, count))));
    }
  }
  return found;
}

/** Adds the kinds a row is looked at for. */
function addKinds(ledger: Ledger, { amounts, categories, round, hours, isFirst, nameRows }: RowSignals, row: number, kinds: RowKind[]): void {
  if (ledger.amountMinor[row] === 0) return;
  const others = amounts.others[row] ?? 0;
  const rarity = amounts.rarity[row] ?? 0;
  const isNewName = others <= 3 && nameRows[ledger.name[row] ?? 0] === 1;
  const isNew = rarity > 2 && ledger.vendorKeys[ledger.vendor[row] ?? 0] !== "" && (isFirst[row] === 1 || isNewName);
  if (others >= 3) {
    if ((amounts.vendorZ[row] ?? 0) > 1.5) kinds.push("amount_unlike_vendor");
  } else if (!isNew && (ledger.category[row] ?? -1) >= 0 && (amounts.categoryZ[row] ?? 0) > 2) kinds.push("amount_unlike_category");
  if ((round[row] ?? 0) >= 0.5 && rarity > 2) kinds.push("round_amount");
  if (others >= 2 && (ledger.category[row] ?? -1) >= 0 && (categories.byVendor[row] ?? 0) < -1.6) kinds.push("category_unlike_vendor");
  if (isNew) kinds.push("new_vendor_large");
  if ((hours.isOff[row] ?? 0) === 1) kinds.push("off_hours");
}

function fillFeatures(kind: RowKind, { amounts, categories, isolation, round, roundRarity, hours }: RowSignals, row: number, into: Float64Array): number {
  const put = (...values: number[]) => {
    for (let index = 0; index < values.length; index++) into[index] = values[index] ?? 0;
    return values.length;
  };
  const vendorZ = between(amounts.vendorZ[row] ?? 0, 0, 8);
  const excess = between(amounts.excess[row] ?? 0, -3, 4);
  const categoryZ = between(amounts.categoryZ[row] ?? 0, -2, 6);
  const rarity = amounts.rarity[row] ?? 0;
  const isolated = () => isolation(row);
  const others = amounts.others[row] ?? 0;
  switch (kind) {
    case "amount_unlike_vendor":
      return put(vendorZ, excess, categoryZ, rarity, isolated(), Math.log1p(others), amounts.jumpRarity);
    case "amount_unlike_category":
      return put(categoryZ, rarity, vendorZ, isolated());
    case "round_amount":
      return put(round[row] ?? 0, roundRarity[row] ?? 0, vendorZ, excess, categoryZ, rarity, isolated());
    case "category_unlike_vendor":
      return put(-(categories.byVendor[row] ?? 0), -(categories.byKin[row] ?? 0), -(categories.byDetails[row] ?? 0), -(categories.overall[row] ?? 0), categories.usualShare[row] ?? 0, Math.log1p(others), between(categoryZ, -2, 4), between(categories.rival(row), -4, 10), categories.strayRarity);
    case "new_vendor_large":
      return put(rarity, categoryZ, -(categories.byDetails[row] ?? 0), isolated(), others === 0 ? 1 : 0);
    case "off_hours":
      return put(hours.vendorRarity[row] ?? 0, hours.ledgerRarity[row] ?? 0, rarity, vendorZ);
  }
}

function candidateOf(kind: RowKind, ledger: Ledger, signals: RowSignals, row: number, features: readonly number[]): Candidate {
  const amount = Math.abs(ledger.amountMinor[row] ?? 0);
  const vendor = ledger.vendorKeys[ledger.vendor[row] ?? 0] ?? "";
  const facts = factsOf(kind, ledger, signals, row);
  return {
    kind,
    suspects: [row],
    beside: [],
    features,
    facts,
    stakeMinor: "usualMinor" in facts && kind !== "new_vendor_large" ? Math.max(0, amount - facts.usualMinor) : amount,
    identity: [vendor, dateOf(ledger.day[row] ?? 0), ledger.amountMinor[row] ?? 0, ledger.currencies[ledger.currency[row] ?? 0] ?? "", ...(kind === "category_unlike_vendor" ? [ledger.categories[ledger.category[row] ?? 0] ?? ""] : [])],
    subjectKey: vendor,
  };
}

function factsOf(kind: RowKind, ledger: Ledger, signals: RowSignals, row: number): FindingFacts {
  const { amounts, categories, roundRarity, hours } = signals;
  const amountMinor = Math.abs(ledger.amountMinor[row] ?? 0);
  const counterparty = (ledger.names[ledger.name[row] ?? 0] ?? "").slice(0, 300);
  const categoryName = (number: number) => (ledger.categories[number] ?? "").slice(0, 300);
  const category = categoryName(ledger.category[row] ?? -1);
  const usualIn = (known: Map<number, Float64Array>, groups: Groups, group: number) => {
    let sorted = known.get(group);
    if (sorted === undefined) known.set(group, (sorted = sortedAmounts(ledger, rowsOf(groups, group))));
    return usualOf(sorted, amountMinor);
  };
  const ofVendor = () => usualIn(signals.sortedParties, amounts.parties, amounts.party[row] ?? 0);
  const ofCategory = () => usualIn(signals.sortedCategories, amounts.categorySides, amounts.categorySide[row] ?? 0);
  switch (kind) {
    case "amount_unlike_vendor":
      return { kind, counterparty, amountMinor, ...ofVendor() };
    case "amount_unlike_category":
      return { kind, counterparty, category, amountMinor, ...ofCategory() };
    case "round_amount": {
      const { usualMinor, payments } = (amounts.others[row] ?? 0) >= 3 ? ofVendor() : ofCategory();
      return { kind, counterparty, amountMinor, roundPermille: permille(Math.exp(-(roundRarity[row] ?? 0))), usualMinor, payments };
    }
    case "category_unlike_vendor":
      return { kind, counterparty, category, usualCategory: categoryName(categories.usual[row] ?? -1), usualPermille: permille(categories.usualShare[row] ?? 0), payments: amounts.others[row] ?? 0, amountMinor };
    case "new_vendor_large":
      return { kind, counterparty, amountMinor, usualMinor: signals.typicalMinor, higherPermille: permille(Math.exp(-(amounts.rarity[row] ?? 0))) };
    case "off_hours": {
      const minute = ledger.minuteOfDay[row] ?? -1;
      return { kind, counterparty, amountMinor, onDate: dateOf(ledger.day[row] ?? 0), minuteOfDay: minute < 0 ? null : minute, usualPermille: permille(Math.exp(-(hours.vendorRarity[row] ?? 0))) };
    }
  }
}

function sortedAmounts({ amountMinor }: Ledger, rows: Int32Array): Float64Array {
  const amounts = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) amounts[place] = Math.abs(amountMinor[rows[place] ?? 0] ?? 0);
  sortNumbers(amounts);
  return amounts;
}

/** The middle and the range of nine in ten of the other rows of a group. */
function usualOf(sorted: Float64Array, own: number): { readonly usualMinor: number; readonly usualLowMinor: number; readonly usualHighMinor: number; readonly payments: number } {
  const skipped = lowerBound(sorted, own);
  const payments = sorted.length - 1;
  const at = (share: number) => {
    const place = Math.max(0, Math.round(share * (payments - 1)));
    return sorted[place >= skipped ? place + 1 : place] ?? 0;
  };
  return { usualMinor: at(0.5), usualLowMinor: at(0.05), usualHighMinor: at(0.95), payments };
}

function permille(share: number): number {
  return Math.round(1_000 * Math.min(1, Math.max(0, share)));
}

function between(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
