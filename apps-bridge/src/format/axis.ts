import { currencyExponent } from "@saldo/schema";
import { noBreakSpace, type Locale } from "./locale.ts";
import { currencySign, formatMoneyShort } from "./money.ts";
import { formatNumber } from "./number.ts";

const scales = [
  { from: 1e9, ru: "млрд", en: "B" },
  { from: 1e6, ru: "млн", en: "M" },
  { from: 1e3, ru: "тыс.", en: "K" },
] as const;

/** A smaller part of the scale has hardly a digit left in it: such a figure is written in its own. */
const legibleFrom = 0.1;

/** The scale figures up to `topMinor` are written in, and its name with the currency's sign: `тыс. ₽`, `₽K`. */
export function moneyScale(locale: Locale, currency: string, topMinor: number): { readonly name: string; label(valueMinor: number): string } {
  const major = 10 ** currencyExponent(currency);
  const scale = scales.find(({ from }) => Math.abs(topMinor) / major >= from);
  const sign = currencySign(locale, currency);
  const unit = scale?.[locale] ?? "";
  const digits = scale === undefined || scale.from === 1e3 ? 0 : 2;
  return {
    name: locale === "ru" ? [unit, sign].filter((part) => part !== "").join(noBreakSpace) : `${sign}${unit}`,
    label: (valueMinor) => {
      const value = valueMinor / major / (scale?.from ?? 1);
      const lost = scale !== undefined && value !== 0 && Math.abs(value) < legibleFrom;
      return lost ? formatMoneyShort(locale, valueMinor, currency, { unit: false }) : formatNumber(locale, value, digits);
    },
  };
}

/** Labels of a money axis whose largest label is `topMinor`, `stepMinor` apart: all in one scale and with as many digits, the unit on the top one only: `0`, `2`, `4`, `6 млн`. */
export function axisLabels(locale: Locale, currency: string, topMinor: number, stepMinor: number): (valueMinor: number) => string {
  const major = 10 ** currencyExponent(currency);
  const scale = scales.find(({ from }) => Math.abs(topMinor) / major >= from);
  const unit = scale === undefined ? "" : locale === "ru" ? `${noBreakSpace}${scale.ru}` : scale.en;
  const step = stepMinor / major / (scale?.from ?? 1);
  const digits = [0, 1, 2].find((count) => Math.abs(step * 10 ** count - Math.round(step * 10 ** count)) < 1e-9) ?? 2;
  return (valueMinor) => {
    const value = valueMinor / major / (scale?.from ?? 1);
    const figure = formatNumber(locale, value, value === 0 ? 0 : digits);
    return valueMinor === topMinor ? `${figure}${unit}` : figure;
  };
}
