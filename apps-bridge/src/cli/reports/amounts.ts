import { formatMinorDecimal, minor } from "@saldo/schema";

/** Amounts of one currency with their thousands apart; nothing for what is not known. */
export function amountText(currency: string): (amountMinor: number | null) => string {
  return (amountMinor) => (amountMinor === null ? "" : formatMinorDecimal(minor(amountMinor), currency).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ","));
}

/** Hundredths of a percent as a percentage. */
export function percentText(basisPoints: number | null): string {
  return basisPoints === null ? "—" : `${(basisPoints / 100).toFixed(2)}%`;
}
