import { minor, parseDecimalMinor, sumMinor, type Minor } from "@saldo/schema";
import { typedDecimal } from "../../../format/money.ts";

/** A part of a payment as it is being typed: the amount without the sign of the whole. */
export interface TypedPart {
  readonly key: number;
  readonly amount: string;
  readonly categoryId: string | null;
  readonly note: string | null;
}

/** A part of a transaction, with the sign of money in or out. */
export interface SplitPart {
  readonly amountMinor: Minor;
  readonly categoryId: string | null;
  readonly note: string | null;
}

/** The parts that were typed; undefined for one whose amount cannot be read or is zero. A minus makes a part that goes the other way. */
export function readParts(typed: readonly TypedPart[], whole: { readonly amountMinor: number; readonly currency: string }): readonly (SplitPart | undefined)[] {
  const sign = whole.amountMinor < 0 ? -1 : 1;
  return typed.map(({ amount, categoryId, note }) => {
    const decimal = typedDecimal(amount);
    const size = decimal === undefined ? undefined : parseDecimalMinor(decimal, whole.currency);
    return size === undefined || size === 0 ? undefined : { amountMinor: minor(sign * size), categoryId, note };
  });
}

/** What of the whole no part has yet. */
export function remainderOf(parts: readonly (SplitPart | undefined)[], wholeMinor: number): Minor {
  return minor(wholeMinor - sumMinor(parts.map((part) => part?.amountMinor ?? minor(0))));
}
