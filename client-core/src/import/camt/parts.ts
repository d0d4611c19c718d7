import { currencyExponent, minor, type Minor } from "@saldo/schema";
import type { AmountText } from "./entry.ts";

/** Decimals kept exactly; ISO 20022 allows five, real files have more. */
const decimalsMax = 12;
const decimalText = /^([+-]?)(\d{1,18})(?:\.(\d{0,12}))?$/;

/**
 * Rounds the amounts of payments so that they add up to their entry: each is the rounded sum up to it less the rounded sum before it.
 * Undefined when an amount is missing, in another currency, or when they do not add up before rounding.
 */
export function roundParts(whole: AmountText, parts: readonly { readonly amount: AmountText | undefined; readonly sign: 1 | -1 }[]): Minor[] | undefined {
  let exact = 0n;
  let before = 0n;
  const rounded: Minor[] = [];
  for (const { amount, sign } of parts) {
    const value = amount?.currency === whole.currency ? exactOf(amount.text) : undefined;
    if (value === undefined) return undefined;
    exact += BigInt(sign) * value;
    const upTo = roundedMinor(exact, whole.currency);
    const own = Number(upTo - before);
    if (!Number.isSafeInteger(own)) return undefined;
    rounded.push(minor(own));
    before = upTo;
  }
  return exact === exactOf(whole.text) ? rounded : undefined;
}

function exactOf(text: string): bigint | undefined {
  const match = decimalText.exec(text);
  if (!match) return undefined;
  const [, sign = "", digits = "", fraction = ""] = match;
  const value = BigInt(digits + fraction.padEnd(decimalsMax, "0"));
  return sign === "-" ? -value : value;
}

/** Half away from zero. */
function roundedMinor(exact: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(decimalsMax - currencyExponent(currency));
  const size = exact < 0n ? -exact : exact;
  const rounded = (size + unit / 2n) / unit;
  return exact < 0n ? -rounded : rounded;
}
