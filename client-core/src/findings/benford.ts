import type { FindingFacts } from "@saldo/schema";
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
  const sizes: number[] = [];
  for (const amount of amountMinor) {
    if (amount >= 0) continue;
    sizes.push(-amount);
    const digit = firstDigit(-amount);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  if (sizes.length < amountsMin) return undefined;
  const sorted = Float64Array.from(sizes).sort();
  const span = Math.log10((sorted[Math.floor(0.995 * sorted.length)] ?? 1) / Math.max(1, sorted[Math.floor(0.005 * sorted.length)] ?? 1));
  if (span < decadesMin) return undefined;
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => ({ digit, share: (counts[digit] ?? 0) / sizes.length, expected: Math.log10(1 + 1 / digit) }));
  const deviation = digits.reduce((sum, { share, expected }) => sum + Math.abs(share - expected), 0) / 9;
  if (deviation <= deviationMax) return undefined;
  const worst = digits.reduce((most, one) => (Math.abs(one.share - one.expected) > Math.abs(most.share - most.expected) ? one : most));
  return {
    kind: "benford",
    amounts: sizes.length,
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
