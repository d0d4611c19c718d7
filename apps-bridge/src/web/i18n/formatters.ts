import { formatDate, formatDateShort, formatInstant, formatMonth, formatMonthAxis, formatMonthName, formatTime } from "../../format/date.ts";
import type { Locale } from "../../format/locale.ts";
import { currencySign, formatMoney, formatMoneyShort, moneyParts, moneyPartsShort, type MoneyStyle } from "../../format/money.ts";
import { formatNumber, formatPercent, formatPoints, formatTimes } from "../../format/number.ts";

/** Everything a screen writes figures and dates with, in one language and time zone. */
export function formatters(locale: Locale, timeZone: string) {
  return {
    money: (amountMinor: number, currency: string, style?: MoneyStyle) => formatMoney(locale, amountMinor, currency, style),
    moneyParts: (amountMinor: number, currency: string, style?: MoneyStyle) => moneyParts(locale, amountMinor, currency, style),
    short: (amountMinor: number, currency: string, style?: Pick<MoneyStyle, "sign" | "unit">) => formatMoneyShort(locale, amountMinor, currency, style),
    shortParts: (amountMinor: number, currency: string) => moneyPartsShort(locale, amountMinor, currency),
    sign: (currency: string) => currencySign(locale, currency),
    number: (value: number, digits?: number, sign?: "minus" | "change") => formatNumber(locale, value, digits, sign),
    percent: (ratio: number, digits?: number, sign?: "minus" | "change") => formatPercent(locale, ratio, digits, sign),
    points: (basisPoints: number) => formatPoints(locale, basisPoints),
    times: (times: number) => formatTimes(locale, times),
    month: (month: string) => formatMonth(locale, month),
    monthName: (month: string) => formatMonthName(locale, month),
    monthAxis: (month: string, withYear?: boolean) => formatMonthAxis(locale, month, withYear),
    date: (date: string, withYear?: boolean) => formatDate(locale, date, withYear),
    dateShort: (date: string, withYear?: boolean) => formatDateShort(locale, date, withYear),
    instant: (instant: string) => formatInstant(locale, instant, timeZone),
    time: (instant: string) => formatTime(locale, instant, timeZone),
  };
}

/** See {@link formatters}. */
export type Formatters = ReturnType<typeof formatters>;
