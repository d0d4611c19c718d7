import { minor } from "@saldo/schema";
import { packColumns } from "./columns.ts";

/** What each counterparty of a month brought and took in one currency and by how many rows, transfers left out. */
export const counterpartyLayout = { inMinor: "f64", outMinor: "f64", count: "u32", countIn: "u32", countOut: "u32", counterparty: "u32", currency: "u8" } as const;

/** Money in and out with how many rows. */
export interface Sums {
  inMinor: number;
  outMinor: number;
  count: number;
  countIn: number;
  countOut: number;
}

/** Adds a row to sums. Throws `RangeError` when a sum leaves the safe range. */
export function addTo(sums: Sums, amountMinor: number): void {
  sums.count++;
  if (amountMinor > 0) {
    sums.inMinor = minor(sums.inMinor + amountMinor);
    sums.countIn++;
  } else if (amountMinor < 0) {
    sums.outMinor = minor(sums.outMinor - amountMinor);
    sums.countOut++;
  }
}

/** Of each row of a month: the number of its group, its counterparty and its amount. */
interface NumberedRows {
  readonly group: readonly number[];
  readonly counterparty: readonly number[];
  readonly amountMinor: readonly number[];
}

/** What is known of the rows' groups. */
interface Groups {
  readonly currencyOf: (group: number) => number;
  /** By number of the group: true when its rows are transfers. */
  readonly isLeftOut: readonly boolean[];
}

/** Adds rows up by currency and counterparty. Throws `RangeError` when a sum leaves the safe range. */
export function packCounterpartySums({ group, counterparty, amountMinor }: NumberedRows, { currencyOf, isLeftOut }: Groups): Uint8Array {
  const sums = new Map<number, Sums & { readonly counterparty: number; readonly currency: number }>();
  for (const [at, who] of counterparty.entries()) {
    const of = group[at] ?? 0;
    if (isLeftOut[of] === true) continue;
    const currency = currencyOf(of);
    const key = who * 256 + currency;
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = { counterparty: who, currency, inMinor: 0, outMinor: 0, count: 0, countIn: 0, countOut: 0 }));
    addTo(sum, amountMinor[at] ?? 0);
  }
  const all = [...sums.values()];
  return packColumns(counterpartyLayout, all.length, (name, at) => all[at]?.[name] ?? 0);
}
