import { currencyExponent, formatMinorDecimal, minor } from "@saldo/schema";
import { cleanText } from "../checks/data-block.ts";
import { nowMonths, type SubjectFigures } from "./facts.ts";

/** Money as a reader of the language writes it. */
export function moneyWords(amountMinor: number, currency: string, locale: "en" | "ru"): string {
  const digits = currencyExponent(currency);
  const major = Number(formatMinorDecimal(minor(amountMinor), currency)); // only shown: nothing is computed with it
  return new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(major);
}

/** What a reason of our own is made of. */
export interface ReasonParts {
  readonly name: string;
  readonly figures: SubjectFigures;
  readonly changePercent: number;
  readonly effectMinor: number;
  readonly currency: string;
}

/** The reason of a proposal from our own figures, said where a model's sentence does not hold. */
export function ownReason({ name, figures, changePercent, effectMinor, currency }: ReasonParts, locale: "en" | "ru"): string {
  const money = (amountMinor: number) => moneyWords(amountMinor, currency, locale);
  const percent = Math.abs(changePercent);
  const change = figures.changePercent;
  const clean = cleanText(name);
  if (locale === "ru") {
    const against = change === null || change === 0 ? "" : `, на ${Math.abs(change)}% ${change > 0 ? "больше" : "меньше"}, чем раньше`;
    return `«${clean}»: ${money(figures.nowMinor)} в месяц за последние ${nowMonths} месяца${against}. Снижение на ${percent}% даст ${money(effectMinor)} в месяц.`;
  }
  const against = change === null || change === 0 ? "" : `, ${Math.abs(change)}% ${change > 0 ? "more" : "less"} than before`;
  return `“${clean}” cost ${money(figures.nowMinor)} a month over the last ${nowMonths} months${against}. ${percent}% less saves ${money(effectMinor)} a month.`;
}
