import { cached, joinParts, noBreakSpace, type Locale } from "./locale.ts";

const plainOf = cached((key) => {
  const [locale = "en", digits = "0", sign = "minus"] = key.split("|");
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: Number(digits),
    maximumFractionDigits: Number(digits),
    signDisplay: sign === "change" ? "exceptZero" : "negative",
  });
});

/** A plain number with a fixed number of decimals: `1 234,5`. */
export function formatNumber(locale: Locale, value: number, digits = 0, sign: "minus" | "change" = "minus"): string {
  return joinParts(plainOf(`${locale}|${digits}|${sign}`).formatToParts(value));
}

/** A share: `13,6 %`, `13.6%`. `ratio` of 1 is the whole. */
export function formatPercent(locale: Locale, ratio: number, digits = 1, sign: "minus" | "change" = "minus"): string {
  const figure = formatNumber(locale, ratio * 100, digits, sign);
  return locale === "ru" ? `${figure}${noBreakSpace}%` : `${figure}%`;
}

/** A difference of two shares: `−6,45 п. п.`, `−6.45 pp`. `basisPoints` are hundredths of a percent. */
export function formatPoints(locale: Locale, basisPoints: number): string {
  const figure = formatNumber(locale, basisPoints / 100, 2, "change");
  const unit = locale === "ru" ? `п.${noBreakSpace}п.` : "pp";
  return `${figure}${noBreakSpace}${unit}`;
}

/** How many times as much: `× 6,6`. */
export function formatTimes(locale: Locale, times: number): string {
  return `×${noBreakSpace}${formatNumber(locale, times, 1)}`;
}
