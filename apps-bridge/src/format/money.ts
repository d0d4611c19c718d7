import { currencyExponent } from "@saldo/schema";
import { cached, joinParts, type Locale } from "./locale.ts";

/** How an amount is written. */
export interface MoneyStyle {
  /** `auto` hides a fraction of zero, `full` always writes it (columns), `whole` rounds it away. */
  readonly fraction?: "auto" | "full" | "whole";
  /** `change` writes a plus too; zero has no sign. */
  readonly sign?: "minus" | "change";
  /** False leaves the currency out: it stands in the head of the column. */
  readonly unit?: boolean;
}

const formatterOf = cached((key) => {
  const [locale = "en", currency = "", fraction = "0", sign = "minus", unit = "unit", notation = "standard"] = key.split("|");
  const digits = Number(fraction);
  return new Intl.NumberFormat(locale, {
    ...(unit === "unit" ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : { style: "decimal" }),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: sign === "change" ? "exceptZero" : "negative",
    ...(notation === "compact" ? { notation: "compact", compactDisplay: "short" } : {}),
  });
});

function majorUnits(amountMinor: number, currency: string): number {
  return amountMinor / 10 ** currencyExponent(currency);
}

/** An amount in full: `2 962 300 ₽`, `−₽86,400`, `+₽292,200`, `$1,234.50`. */
export function formatMoney(locale: Locale, amountMinor: number, currency: string, style: MoneyStyle = {}): string {
  return joinParts(moneyParts(locale, amountMinor, currency, style));
}

/** The parts of an amount in full, for a figure whose unit is set smaller. */
export function moneyParts(locale: Locale, amountMinor: number, currency: string, style: MoneyStyle = {}): Intl.NumberFormatPart[] {
  const exponent = currencyExponent(currency);
  const { fraction = "auto", sign = "minus", unit = true } = style;
  const integral = amountMinor % 10 ** exponent === 0;
  const digits = fraction === "whole" || (fraction === "auto" && integral) ? 0 : exponent;
  const key = [locale, currency, digits, sign, unit ? "unit" : "bare", "standard"].join("|");
  return formatterOf(key).formatToParts(majorUnits(amountMinor, currency));
}

/** An amount for a card or an axis: `5,14 млн ₽`, `139,3 тыс. ₽`, `₽5.14M`; below a thousand in whole units, below ten in full. */
export function formatMoneyShort(locale: Locale, amountMinor: number, currency: string, style: Pick<MoneyStyle, "sign" | "unit"> = {}): string {
  return joinParts(moneyPartsShort(locale, amountMinor, currency, style));
}

/** The parts of {@link formatMoneyShort}. */
export function moneyPartsShort(
  locale: Locale,
  amountMinor: number,
  currency: string,
  { sign = "minus", unit = true }: Pick<MoneyStyle, "sign" | "unit"> = {},
): Intl.NumberFormatPart[] {
  const amount = Math.abs(majorUnits(amountMinor, currency));
  if (amount < 1000) return moneyParts(locale, amountMinor, currency, { sign, unit, fraction: amount < 10 ? "auto" : "whole" });
  // 999,950 is a million once it is rounded to a tenth of a thousand.
  const digits = amount >= 999_950 ? 2 : 1;
  const key = [locale, currency, digits, sign, unit ? "unit" : "bare", "compact"].join("|");
  return formatterOf(key).formatToParts(majorUnits(amountMinor, currency));
}

/** The narrow sign of a currency: `₽`, `$`, or its code when it has none. */
export function currencySign(locale: Locale, currency: string): string {
  const part = moneyParts(locale, 0, currency).find(({ type }) => type === "currency");
  return part?.value ?? currency;
}

/**
 * Reads an amount a person typed (`1 846 120,35`, `1,846,120.35`, `−200`): the last comma or point followed by one or two digits is
 * the decimal mark. Returns plain decimal text for `parseDecimalMinor`, or undefined when it is not an amount.
 */
export function typedDecimal(text: string): string | undefined {
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/[−–]/g, "-").replace(/[^\d.,+-]+$/, "").replace(/^[^\d.,+-]+/, "");
  const match = /^([+-]?)(\d[\d.,]*)$/.exec(bare);
  if (match === null) return undefined;
  const [, sign = "", figures = ""] = match;
  const split = /^(.*)[.,](\d{1,2})$/.exec(figures);
  const whole = (split?.[1] ?? figures).replace(/[.,]/g, "");
  const fraction = split?.[2];
  if (whole === "") return undefined;
  return `${sign === "-" ? "-" : ""}${whole}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Reads a rate of exchange a person typed (`92,5`, `0.0108`): the last comma or point is the decimal mark. Undefined when it is none above zero. */
export function typedRate(text: string): string | undefined {
  const match = /^(\d[\d\s\u00a0\u202f]*)(?:[.,](\d{1,18}))?$/.exec(text.trim());
  if (match === null || !/[1-9]/.test(text)) return undefined;
  const whole = (match[1] ?? "").replace(/\D/g, "");
  return whole.length > 18 ? undefined : `${whole}${match[2] === undefined ? "" : `.${match[2]}`}`;
}
