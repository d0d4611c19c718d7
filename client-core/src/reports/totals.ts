import { minor, sumMinor, type Minor } from "@saldo/schema";
import type { CategoryGroup } from "./ledger.ts";

/** Revenue and expenses, both as positive numbers when money came in and went out. */
export interface Totals {
  readonly revenueMinor: Minor;
  readonly expensesMinor: Minor;
}

/**
 * Adds groups up. Revenue is everything that came in, expenses everything that went out, transfers between own accounts left out of both;
 * a refund is money in, so that each figure equals the sum of the rows behind it. Throws `RangeError` beyond the safe range.
 */
export function totalsOf(groups: readonly CategoryGroup[], isTransfer: (group: CategoryGroup) => boolean): Totals {
  const counted = groups.filter((group) => !isTransfer(group));
  return { revenueMinor: sumMinor(counted.map((group) => group.inMinor)), expensesMinor: sumMinor(counted.map((group) => group.outMinor)) };
}

/** Revenue less expenses. */
export function profitOf({ revenueMinor, expensesMinor }: Totals): Minor {
  return minor(revenueMinor - expensesMinor);
}

/** Ratios are cut off here, ±100,000%, so that a near-zero base gives a number that can still be shown. */
const basisPointsMax = 10_000_000n;

/** A part of a positive whole in basis points, rounded half away from zero and cut off at ±100,000%. */
export function basisPoints(part: number, whole: number): number {
  const doubled = (BigInt(part) * 20_000n) / BigInt(whole);
  const rounded = (doubled + (doubled < 0n ? -1n : 1n)) / 2n;
  const cut = rounded > basisPointsMax ? basisPointsMax : rounded < -basisPointsMax ? -basisPointsMax : rounded;
  return Number(cut);
}
