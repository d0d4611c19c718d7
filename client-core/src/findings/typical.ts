import type { Ledger } from "./ledger.ts";

/** The middle amount of a ledger, in minor units and without sign; 1 where there is none. */
export function typicalAmount({ amountMinor }: Ledger): number {
  const all = new Float64Array(amountMinor.length);
  let count = 0;
  for (let row = 0; row < amountMinor.length; row++) {
    const size = Math.abs(amountMinor[row] ?? 0);
    if (size > 0) all[count++] = size;
  }
  const sizes = all.subarray(0, count).sort();
  return sizes[Math.floor(sizes.length / 2)] ?? 1;
}
