import type { FindingFacts } from "@saldo/schema";
import { nthSmallest } from "../sort-numbers.ts";
import type { Ledger } from "./ledger.ts";

/** Amounts below which first digits say nothing (Nigrini 2012 asks for about a thousand). */
const amountsMin = 1_000;
/** Amounts must span this many powers of ten for the law to hold. */
const decadesMin = 3;
/** Mean absolute deviation above which digits do not conform (Nigrini 2012, table for the first digit). */
const deviationMax = 0.015;

/** First digits of a ledger's payments against Benford's law; undefined where they conform, or where the law says nothing. */
export function benfordDeviation({ amountMinor }: Ledger): Extract<FindingFacts, { kind: "benford" }> | undefined {
  const counts = new Float64Array(10);
  const all = new Float64Array(amountMinor.length);
  let count = 0;
  for (const amount of amountMinor) {
    if (amount >= 0) continue;
    all[count++] = -amount;
    const digit = firstDigit(-amount);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  const sizes = all.subarray(0, count);
  if (count < amountsMin) return undefined;
  const at = (share: number) => nthSmallest(sizes, Math.floor(share * count));
  const span = Math.log10(at(0.995) / Math.max(1, at(0.005)));
  if (span < decadesMin) return undefined;
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => ({ digit, share: (counts[digit] ?? 0) / count, expected: Math.log10(1 + 1 / digit) }));
  const deviation = digits.reduce((sum, { share, expected }) => sum + Math.abs(share - expected), 0) / 9;
  if (deviation <= deviationMax) return undefined;
  const worst = digits.reduce((most, one) => (Math.abs(one.share - one.expected) > Math.abs(most.share - most.expected) ? one : most));
  return {
    kind: "benford",
    amounts: count,
    deviation: Math.round(deviation * 1_000_000),
    digit: worst.digit,
    digitPermille: Math.round(worst.share * 1_000),
    expectedPermille: Math.round(worst.expected * 1_000),
  };
}

function firstDigit(amount: number): number {
  let rest = amount;
  while (rest >= 10) rest = Math.floor(rest / 10);
  return rest;
}
