import { periodDays } from "./due-dates.ts";
import type { RecurringPeriod } from "./model.ts";

/** What speaks for a series being no coincidence. */
export interface Evidence {
  readonly period: RecurringPeriod;
  readonly payments: number;
  readonly missed: number;
  readonly extra: number;
  readonly meanStray: number;
  readonly spread: number;
  readonly steps: number;
  /** Bits spent on choosing these rows among others. */
  readonly choiceBits: number;
}

/** Bits against a series before anything is seen: most pairs of payments belong to none. */
const priorBits = 9;
const missedBits = 2;
const extraBits = 1;
const stepBits = 3;
/** Most that one amount can say: any two payments of a price list may be equal. */
const amountBitsMax = 3;
/** Within what share of each other unrelated payments to one party tend to lie. */
const unrelatedSpread = 0.5;

/**
 * Probability that a series is one: the evidence in bits of each payment after the first, being where the series says and as large as it says,
 * against anywhere in the period and anything, less what was needed to find it (a description length in the manner of Rissanen 1978).
 */
export function confidenceOf({ period, payments, missed, extra, meanStray, spread, steps, choiceBits }: Evidence): number {
  const days = periodDays[period];
  const timeBits = Math.max(0, Math.log2(days / (2 * meanStray + 1)));
  const amountBits = Math.max(0, Math.min(amountBitsMax, Math.log2(unrelatedSpread / Math.max(spread, 0.01))));
  const against = priorBits + missed * missedBits + extra * extraBits + steps * stepBits + choiceBits;
  return 1 / (1 + 2 ** (against - (payments - 1) * (timeBits + amountBits)));
}

/** The most a payment after the first can say: on the very due date of the longest period, of the very amount. */
const paymentBitsMax = Math.log2(Math.max(...Object.values(periodDays))) + amountBitsMax;

/** False when no series of so many payments can be as likely as `confidence`, however well it keeps to its rhythm. */
export function canBeLikely(payments: number, choiceBits: number, confidence: number): boolean {
  return (payments - 1) * paymentBitsMax >= priorBits + choiceBits + Math.log2(confidence / (1 - confidence));
}
