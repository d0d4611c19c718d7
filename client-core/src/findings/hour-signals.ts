import type { AmountSignals } from "./amount-signals.ts";
import { rowsOf } from "./grouping.ts";
import type { Ledger } from "./ledger.ts";

/** Rows outside of working days and hours, and how rare that is. */
export interface HourSignals {
  /** 1 where a row is on a Saturday or Sunday, or in the night where its time is known. */
  readonly isOff: Uint8Array;
  /** −ln of the share of such rows among the counterparty's others, leaning on the ledger's. */
  readonly vendorRarity: Float32Array;
  /** −ln of the share of such rows in the ledger. */
  readonly ledgerRarity: Float32Array;
}

const nightFromMinute = 23 * 60;
const nightToMinute = 5 * 60;
/** Others of a counterparty count beside this many of the ledger. */
const priorRows = 8;
/** Rows below which nobody knows what is usual. */
const rowsMin = 100;

/** Computes {@link HourSignals}. Where such rows are usual (a shop, card postings) none is off. */
export function hourSignals(ledger: Ledger, { parties }: AmountSignals): HourSignals {
  const { count, day, minuteOfDay } = ledger;
  const isOff = new Uint8Array(count);
  let off = 0;
  for (let row = 0; row < count; row++) {
    const weekday = ((day[row] ?? 0) + 3) % 7;
    const minute = minuteOfDay[row] ?? -1;
    // A file whose every row is at midnight has no times.
    const isNight = minute > 0 && (minute >= nightFromMinute || minute < nightToMinute);
    if (weekday >= 5 || isNight) {
      isOff[row] = 1;
      off++;
    }
  }
  const signals: HourSignals = { isOff, vendorRarity: new Float32Array(count), ledgerRarity: new Float32Array(count) };
  const share = (off + 0.5) / (count + 1);
  if (count < rowsMin || share > 0.1) {
    isOff.fill(0);
    return signals;
  }
  for (let party = 0; party < parties.count; party++) {
    const rows = rowsOf(parties, party);
    const own = rows.reduce((sum, row) => sum + (isOff[row] ?? 0), 0);
    if (own === 0) continue;
    for (const row of rows) {
      if (isOff[row] !== 1) continue;
      signals.vendorRarity[row] = -Math.log((own - 1 + priorRows * share) / (rows.length - 1 + priorRows));
      signals.ledgerRarity[row] = -Math.log(share);
    }
  }
  return signals;
}
