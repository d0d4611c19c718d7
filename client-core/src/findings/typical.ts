import type { Ledger } from "./ledger.ts";

/** The middle amount of a ledger, in minor units and without sign; 1 where there is none. */
export function typicalAmount({ amountMinor }: Ledger): number {
  const sizes = amountMinor.map(Math.abs).filter((size) => size > 0).sort();
  return sizes[Math.floor(sizes.length / 2)] ?? 1;
}
