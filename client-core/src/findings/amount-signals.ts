import { ascending, columnOf, groupRows, pairNumbers, rowsOf, type Groups } from "./grouping.ts";
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
  /** How rare it is in the ledger that a payment is twice its counterparty's largest other one: −ln of the share of such payments. */
  readonly jumpRarity: number;
  /** The number of the counterparty on its side of the ledger. */
  readonly party: Int32Array;
  readonly parties: Groups;
  readonly categorySide: Int32Array;
  readonly categorySides: Groups;
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
  const order = ascending(size);
  const sides = sizesIn(groupRows(side, ledger.currencies.length * 2, order), size);
  const partyNumbers = pairNumbers(vendor, side);
  const parties = groupRows(partyNumbers.numbers, partyNumbers.count);
  const categoryNumbers = pairNumbers(category, side);
  const categorySides = groupRows(categoryNumbers.numbers, categoryNumbers.count);
  const columns: Columns = {
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
  rarities(sides, columns.rarity);
  const sideSpread = middles(sides);
  const categorySpread = middles(sizesIn(groupRows(categoryNumbers.numbers, categoryNumbers.count, order), size));
  const partySizes = sizesIn(groupRows(partyNumbers.numbers, partyNumbers.count, order), size);
  const between = spreadBetween(partySizes, side, sides.groups.count);
  for (let group = 0; group < categorySides.count; group++) {
    const rows = rowsOf(categorySides, group);
    const whole = side[rows[0] ?? 0] ?? 0;
    const weight = rows.length / (rows.length + 8);
    const middle = mix(categorySpread.middle[group], sideSpread.middle[whole], weight);
    const spread = mix(categorySpread.spread[group], sideSpread.spread[whole], weight);
    for (const row of rows) columns.categoryZ[row] = ((size[row] ?? 0) - middle) / spread;
    categorySpread.middle[group] = middle;
    categorySpread.spread[group] = spread;
  }
  for (let group = 0; group < parties.count; group++) {
    const rows = rowsOf(partySizes.groups, group);
    const sizes = sizesOf(partySizes, group);
    const first = rows[0] ?? 0;
    const apart = between[side[first] ?? 0] ?? 1;
    // Payments to nobody named are not payments to one: each stands by itself.
    if (ledger.vendorKeys[vendor[first] ?? 0] !== "") partySignals(rows, sizes, columns, categorySpread, apart);
    else for (let place = 0; place < rows.length; place++) partySignals(rows.subarray(place, place + 1), sizes.subarray(place, place + 1), columns, categorySpread, apart);
  }
  return { ...columns, jumpRarity: jumpRarityOf(columns) };
}

type Columns = Omit<AmountSignals, "jumpRarity">;

/** A payment so many times its counterparty's largest other one, in logarithms, is a jump; of counterparties with so many others. */
const [jump, jumpOthers] = [Math.log(2), 3];

/** See {@link AmountSignals.jumpRarity}. One such payment is left out: the row that is asked about. */
function jumpRarityOf({ excess, others }: Columns): number {
  let [jumps, payments] = [0, 0];
  for (let row = 0; row < excess.length; row++) {
    if ((others[row] ?? 0) < jumpOthers) continue;
    payments++;
    if ((excess[row] ?? 0) >= jump) jumps++;
  }
  return -Math.log((Math.max(0, jumps - 1) + 0.5) / (payments + 1));
}

/** Groups whose rows stand in ascending order of their sizes, and those sizes in the same places. */
interface Sizes {
  readonly groups: Groups;
  readonly sizes: Float32Array;
}

function sizesIn(groups: Groups, size: Float32Array): Sizes {
  return { groups, sizes: columnOf(groups.rows.length, (place) => size[groups.rows[place] ?? 0] ?? 0) };
}

function sizesOf({ groups, sizes }: Sizes, group: number): Float32Array {
  return sizes.subarray(groups.starts[group] ?? 0, groups.starts[group + 1] ?? 0);
}

interface Middles {
  readonly middle: Float64Array;
  readonly spread: Float64Array;
}

/** Expected size and its spread for each payment of one counterparty, from its other payments and its category's. `rows` stand in the order of `sizes`. */
function partySignals(rows: Int32Array, sizes: Float32Array, signals: Columns, ofCategory: Middles, betweenParties: number): void {
  const { categorySide } = signals;
  const others = rows.length - 1;
  let place = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const own = sizes[index] ?? 0;
    // Of equal ones the first is left out.
    if (own !== sizes[place]) place = index;
    const group = categorySide[row] ?? 0;
    const categoryMiddle = ofCategory.middle[group] ?? own;
    const categorySpread = ofCategory.spread[group] ?? 1;
    const within = others < 2 ? categorySpread : Math.max(spreadMin, (withoutOne(sizes, place, 1 - lowShare) - withoutOne(sizes, place, lowShare)) / 2);
    const variance = (others * within ** 2 + spreadPrior * Math.min(categorySpread, 1) ** 2) / (others + spreadPrior);
    const weight = others / (others + variance / betweenParties ** 2);
    const middle = others === 0 ? categoryMiddle : weight * withoutOne(sizes, place, 0.5) + (1 - weight) * categoryMiddle;
    const predicted = Math.sqrt(variance * (1 + 1 / (others + 1)) + (1 - weight) * betweenParties ** 2);
    signals.others[row] = others;
    signals.vendorZ[row] = (own - middle) / predicted;
    const largest = place === others ? sizes[others - 1] : sizes[others];
    signals.excess[row] = others === 0 ? 0 : own - (largest ?? own);
  }
}

/** The value below which a share of a sorted list lies, its place `skipped` left out. */
function withoutOne(sorted: Float32Array, skipped: number, share: number): number {
  const place = share * (sorted.length - 2);
  const low = Math.floor(place);
  const below = sorted[low >= skipped ? low + 1 : low] ?? 0;
  if (low + 1 > sorted.length - 2) return below;
  return below + (place - low) * ((sorted[low + 1 >= skipped ? low + 2 : low + 1] ?? 0) - below);
}

/** Middle and robust spread of each group. */
function middles(all: Sizes): Middles {
  const { count } = all.groups;
  const middle = new Float64Array(count);
  const spread = new Float64Array(count);
  for (let group = 0; group < count; group++) {
    const sizes = sizesOf(all, group);
    const at = (share: number) => sizes[Math.round(share * (sizes.length - 1))] ?? 0;
    middle[group] = at(0.5);
    spread[group] = Math.max(spreadMin, (at(1 - lowShare) - at(lowShare)) / 2);
  }
  return { middle, spread };
}

/** How far the middles of counterparties lie apart on each side of the ledger. */
function spreadBetween(parties: Sizes, side: Int32Array, sideCount: number): Float64Array {
  const middle = Float32Array.from(middles(parties).middle);
  const sideOfParty = Int32Array.from(middle, (_, party) => side[parties.groups.rows[parties.groups.starts[party] ?? 0] ?? 0] ?? 0);
  return middles(sizesIn(groupRows(sideOfParty, sideCount, ascending(middle)), middle)).spread;
}

function rarities({ groups, sizes }: Sizes, rarity: Float32Array): void {
  for (let group = 0; group < groups.count; group++) {
    const [start, end] = [groups.starts[group] ?? 0, groups.starts[group + 1] ?? 0];
    let firstEqual = start;
    for (let place = start; place < end; place++) {
      if (sizes[place] !== sizes[firstEqual]) firstEqual = place;
      rarity[groups.rows[place] ?? 0] = -Math.log((end - firstEqual) / (end - start + 1));
    }
  }
}

function mix(own: number | undefined, other: number | undefined, weight: number): number {
  return weight * (own ?? 0) + (1 - weight) * (other ?? 0);
}
