import { seededRandom } from "@saldo/client-core/seeded-random";
import { addMonths, chart, currencyExponent, daysInMonth, formatMinorDecimal, minor, monthOf, monthRange, type ChartKey, type Month } from "@saldo/schema";
import type { Locale } from "../../format/locale.ts";
import { monthly, words, type Regular } from "./sample-business.ts";

/** Full months before the one that runs. */
const monthsBefore = 27;
/** What the business never falls below, in its units. */
const lowestCash = 4_200;
/** Units of a currency for one of the business's, where they differ much from pounds and dollars. */
const unitsOf: Readonly<Record<string, number>> = { RUB: 100, JPY: 150, KZT: 500, UAH: 40, INR: 90, TRY: 35, CNY: 8, PLN: 5, CZK: 25, HUF: 400, BRL: 6, ZAR: 20, MXN: 20 };

/** One row of the statement; the amount in the business's units, negative when it goes out. */
interface Posting {
  readonly on: string;
  readonly party: string;
  readonly purpose: string;
  readonly category: ChartKey | null;
  readonly amount: number;
  readonly isSavings?: boolean;
}

/** Whom the made-up statement is for. */
export interface SampleRequest {
  /** The last day that has rows. */
  readonly today: string;
  readonly locale: Locale;
  readonly currency: string;
}

/**
 * The statement of a made-up coffee house as a CSV text: two years of sales, costs, a loan, money put aside, and a few things worth finding. The same for
 * the same request.
 */
export function sampleStatement({ today, locale, currency }: SampleRequest): string {
  const rows = postings(today, locale).toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const scale = (unitsOf[currency] ?? 1) * 10 ** currencyExponent(currency);
  const text = words(locale);
  const cells = [false, true].flatMap((isSavings) => accountRows(rows.filter((row) => (row.isSavings ?? false) === isSavings), scale)).map(({ row, amountMinor, balanceMinor }) => [
    row.on,
    row.party,
    row.purpose,
    row.category === null ? "" : chart[row.category].name[locale],
    row.isSavings === true ? text.savings : text.current,
    decimal(amountMinor, currency),
    decimal(balanceMinor, currency),
    currency,
  ]);
  return [text.columns, ...cells].map((line) => line.map(quoted).join(",")).join("\r\n");
}

function accountRows(rows: readonly Posting[], scale: number) {
  const amounts = rows.map(({ amount }) => Math.round(amount * scale));
  const running = amounts.reduce<number[]>((sums, amount) => [...sums, (sums.at(-1) ?? 0) + amount], []);
  const opening = Math.round(lowestCash * scale - Math.min(0, ...running));
  return rows.map((row, at) => ({ row, amountMinor: amounts[at] ?? 0, balanceMinor: opening + (running[at] ?? 0) }));
}

function decimal(amountMinor: number, currency: string): string {
  return formatMinorDecimal(minor(amountMinor), currency);
}

function quoted(cell: string): string {
  return /[",]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Sales by month of the year, January first: a quiet winter. */
const season = [0.84, 0.86, 0.96, 1, 1.04, 1.08, 1.1, 1.07, 1.03, 1, 0.98, 1.1];

function postings(today: string, locale: Locale): Posting[] {
  const random = seededRandom(27);
  const months = monthRange(addMonths(monthOf(today), -monthsBefore), monthOf(today));
  const rows = months.flatMap((month, at) => monthly(locale).flatMap((regular) => regularPostings(regular, { month, at, ahead: months.length - 1 - at }, random)));
  return [...rows, ...single(months, locale)].filter(({ on }) => on <= today);
}

interface Place {
  readonly month: Month;
  readonly at: number;
  /** Months to the one that runs. */
  readonly ahead: number;
}

function regularPostings({ days, amount, spread, isSeasonal, every = 1, growth = 0, raised, ...of }: Regular, { month, at, ahead }: Place, random: () => number): Posting[] {
  if (Number(month.slice(5)) % every !== 1 % every) return [];
  const usual = amount * (isSeasonal === true ? (season[Number(month.slice(5)) - 1] ?? 1) : 1) * (1 + growth * at) * (raised !== undefined && ahead < raised.months ? raised.by : 1);
  return days.map((on) => ({ ...of, purpose: of.purpose.replace("#", String(100 + at * days.length + days.indexOf(on))), on: day(month, on), amount: usual * (1 + spread * (random() * 2 - 1)) }));
}

/** What happened once: a machine bought, a large catering order, and an invoice paid twice. */
function single(months: readonly Month[], locale: Locale): Posting[] {
  const { once } = words(locale);
  const monthAgo = (count: number): Month => months.at(-1 - count) ?? "";
  return [
    { ...once.machine, on: day(monthAgo(6), 11), amount: -6_900 },
    { ...once.wedding, on: day(monthAgo(4), 19), amount: 2_450 },
    { ...once.cups, on: day(monthAgo(1), 14), amount: -352.8 },
    { ...once.cups, on: day(monthAgo(1), 16), amount: -352.8 },
  ];
}

function day(month: Month, on: number): string {
  return `${month}-${String(Math.min(on, daysInMonth(month))).padStart(2, "0")}`;
}
