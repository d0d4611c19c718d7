import { columnOf, groupRows, pairNumbers, rowsOf, sortedOf } from "./grouping.ts";
import type { Ledger } from "./ledger.ts";

/**
 * How each row's amount stands to others of its counterparty, of its category and of the ledger, always without the row itself.
 * Amounts are compared by their logarithms, money in and money out apart, each currency by itself.
 */
export interface AmountSignals {
  /** Natural logarithm of the amount in minor units. */
  readonly size: Float32Array;
  /** Other payments of the counterparty. */
  readonly others: Int32Array;
  /** Robust distance from what the counterparty is expected to take, in standard deviations of a prediction. */
  readonly vendorZ: Float32Array;
  /** By how much it passes the counterparty's largest other payment, in logarithms; 0 where there is no other. */
  readonly excess: Float32Array;
  /** Robust distance from the middle of the category; of the ledger where the row has none. */
  readonly categoryZ: Float32Array;
  /** How rare amounts as large are in the ledger: −ln of their share. */
  readonly rarity: Float32Array;
  /** The number of the counterparty on its side of the ledger. */
  readonly party: Int32Array;
  readonly parties: ReturnType<typeof groupRows>;
  readonly categorySide: Int32Array;
  readonly categorySides: ReturnType<typeof groupRows>;
}

/** Least spread of logarithms within a group: amounts of a fixed price still vary by fees and rates. */
const spreadMin = 0.12;
/** Payments a category's spread counts as beside a counterparty's own. */
const spreadPrior = 4;
/** What a z of one quarter range stands for: half the range from the 16th to the 84th percentile of a normal distribution is one. */
const lowShare = 0.16;

/** Computes {@link AmountSignals}. */
export function amountSignals(ledger: Ledger): AmountSignals {
  const { count, amountMinor, currency, vendor, category } = ledger;
  const size = columnOf(count, (row) => Math.log(Math.max(1, Math.abs(amountMinor[row] ?? 0))));
  const side = currency.map((code, row) => code * 2 + ((amountMinor[row] ?? 0) < 0 ? 1 : 0));
  const sides = groupRows(side, ledger.currencies.length * 2);
  const partyNumbers = pairNumbers(vendor, side);
  const parties = groupRows(partyNumbers.numbers, partyNumbers.count);
  const categoryNumbers = pairNumbers(category, side);
  const categorySides = groupRows(categoryNumbers.numbers, categoryNumbers.count);
  const signals: AmountSignals = {
    size,
    others: new Int32Array(count),
    vendorZ: new Float32Array(count),
    excess: new Float32Array(count),
    categoryZ: new Float32Array(count),
    rarity: new Float32Array(count),
    party: partyNumbers.numbers,
    parties,
    categorySide: categoryNumbers.numbers,
    categorySides,
  };
  for (let group = 0; group < sides.count; group++) rarities(rowsOf(sides, group), size, signals.rarity);
  const sideSpread = middles(sides, size);
  const categorySpread = middles(categorySides, size);
  const between = spreadBetween(parties, size, side, sides.count);
  for (let group = 0; group < categorySides.count; group++) {
    const rows = rowsOf(categorySides, group);
    const whole = side[rows[0] ?? 0] ?? 0;
    const weight = rows.length / (rows.length + 8);
    const middle = mix(categorySpread.middle[group], sideSpread.middle[whole], weight);
    const spread = mix(categorySpread.spread[group], sideSpread.spread[whole], weight);
    for (const row of rows) signals.categoryZ[row] = ((size[row] ?? 0) - middle) / spread;
    categorySpread.middle[group] = middle;
    categorySpread.spread[group] = spread;
  }
  for (let group = 0; group < parties.count; group++) {
    const rows = rowsOf(parties, group);
    const first = rows[0] ?? 0;
    const apart = between[side[first] ?? 0] ?? 1;
    // Payments to nobody named are not payments to one: each stands by itself.
    if (ledger.vendorKeys[vendor[first] ?? 0] !== "") partySignals(rows, signals, categorySpread, apart);
    else for (let place = 0; place < rows.length; place++) partySignals(rows.subarray(place, place + 1), signals, categorySpread, apart);
  }
  return signals;
}

interface Middles {
  readonly middle: Float64Array;
  readonly spread: Float64Array;
}

/** Expected size and its spread for each payment of one counterparty, from its other payments and its category's. */
function partySignals(rows: Int32Array, signals: AmountSignals, ofCategory: Middles, betweenParties: number): void {
  const { size, categorySide } = signals;
  const sorted = sortedOf(size, rows);
  const others = rows.length - 1;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const own = size[row] ?? 0;
    const group = categorySide[row] ?? 0;
    const categoryMiddle = ofCategory.middle[group] ?? own;
    const categorySpread = ofCategory.spread[group] ?? 1;
    const place = lowerBound(sorted, own);
    const within = others < 2 ? categorySpread : Math.max(spreadMin, (withoutOne(sorted, place, 1 - lowShare) - withoutOne(sorted, place, lowShare)) / 2);
    const variance = (others * within ** 2 + spreadPrior * Math.min(categorySpread, 1) ** 2) / (others + spreadPrior);
    const weight = others / (others + variance / betweenParties ** 2);
    const middle = others === 0 ? categoryMiddle : weight * withoutOne(sorted, place, 0.5) + (1 - weight) * categoryMiddle;
    const predicted = Math.sqrt(variance * (1 + 1 / (others + 1)) + (1 - weight) * betweenParties ** 2);
    signals.others[row] = others;
    signals.vendorZ[row] = (own - middle) / predicted;
    const largest = place === others ? sorted[others - 1] : sorted[others];
    signals.excess[row] = others === 0 ? 0 : own - (largest ?? own);
  }
}

/** The value below which a share of a sorted list lies, its place `skipped` left out. */
function withoutOne(sorted: Float64Array, skipped: number, share: number): number {
  const place = share * (sorted.length - 2);
  const low = Math.floor(place);
  const below = sorted[low >= skipped ? low + 1 : low] ?? 0;
  if (low + 1 > sorted.length - 2) return below;
  return below + (place - low) * ((sorted[low + 1 >= skipped ? low + 2 : low + 1] ?? 0) - below);
}

function lowerBound(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Middle and robust spread of each group. */
function middles(groups: ReturnType<typeof groupRows>, size: Float32Array): Middles {
  const middle = new Float64Array(groups.count);
  const spread = new Float64Array(groups.count);
  for (let group = 0; group < groups.count; group++) {
    const sorted = sortedOf(size, rowsOf(groups, group));
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    middle[group] = at(0.5);
    spread[group] = Math.max(spreadMin, (at(1 - lowShare) - at(lowShare)) / 2);
  }
  return { middle, spread };
}

/** How far the middles of counterparties lie apart on each side of the ledger. */
function spreadBetween(parties: ReturnType<typeof groupRows>, size: Float32Array, side: Int32Array, sideCount: number): Float64Array {
  const { middle } = middles(parties, size);
  const sideOfParty = Int32Array.from(middle, (_, party) => side[parties.rows[parties.starts[party] ?? 0] ?? 0] ?? 0);
  const bySide = groupRows(sideOfParty, sideCount);
  const asSizes = Float32Array.from(middle);
  return middles(bySide, asSizes).spread;
}

function rarities(rows: Int32Array, size: Float32Array, rarity: Float32Array): void {
  const sorted = sortedOf(size, rows);
  for (const row of rows) {
    const atLeast = sorted.length - lowerBound(sorted, size[row] ?? 0);
    rarity[row] = -Math.log(atLeast / (sorted.length + 1));
  }
}

function mix(own: number | undefined, other: number | undefined, weight: number): number {
  return weight * (own ?? 0) + (1 - weight) * (other ?? 0);
}
