import { formatMoney } from "../../format/money.ts";
import { formatPercent } from "../../format/number.ts";
import type { Locale } from "../terminal.ts";

/** Amounts of one currency in a column, as a language writes them; nothing for what is not known. */
export function amountText(currency: string, locale: Locale): (amountMinor: number | null) => string {
  return (amountMinor) => (amountMinor === null ? "" : formatMoney(locale, amountMinor, currency, { fraction: "full", unit: false }));
}

/** Hundredths of a percent as a percentage. */
export function percentText(basisPoints: number | null, locale: Locale): string {
  return basisPoints === null ? "—" : formatPercent(locale, basisPoints / 10_000, 2);
}
