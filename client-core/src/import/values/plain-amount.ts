import { parseDecimalMinor } from "@saldo/schema";
import { readAmount, type AmountReading } from "./amount.ts";

/**
 * Reads an amount of a format that knows no thousands marks (OFX, MT940, CAMT), so that a single comma or point always begins the
 * decimals. More decimals than the currency has round half away from zero, record by record. Anything else is read with care.
 */
export function readPlainAmount(text: string, currency: string): AmountReading {
  const clean = text.trim();
  const amountMinor = /^[+-]?\d*[.,]?\d*$/.test(clean) ? parseDecimalMinor(clean.replace(",", "."), currency) : undefined;
  return amountMinor === undefined ? readAmount(clean, ".", currency) : { ok: true, amountMinor, currency: null, direction: null };
}
