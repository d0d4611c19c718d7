import { nthSmallest } from "../sort-numbers.ts";
import type { Ledger } from "./ledger.ts";

/** The middle amount of a ledger, in minor units and without sign; 1 where there is none. */
export function typicalAmount({ amountMinor }: Ledger): number {
  const all = new Float64Array(amountMinor.length);
  let count = 0;
  for (let row = 0; row < amountMinor.length; row++) {
    const size = Math.abs(amountMinor[row] ?? 0);
    if (size > 0) all[count++] = size;
  }
  return count === 0 ? 1 : nthSmallest(all.subarray(0, count), Math.floor(count / 2));
}
