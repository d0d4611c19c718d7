import { compareBytewise, firstDay, lastDay, minor, sumMinor, type DetailReport, type Minor, type ReportDays } from "@saldo/schema";
import type { SqlReader } from "../../store/index.ts";
import { isTransferIn, type Books } from "../books.ts";
import { convert, readRates, type Rates } from "../exchange.ts";
import type { Period } from "../period.ts";
import { totalsOf, type Totals } from "../totals.ts";

type CurrencyLine = DetailReport["currencies"][number];

/** Every currency with rows in the period in its own money, and in the workspace's where rates of all its months are known. */
export async function currencyLines(reader: SqlReader, books: Books, period: Period): Promise<Pick<DetailReport, "currencies" | "combined">> {
  const into = books.workspaceCurrency ?? books.currency;
  const names = [...books.ledger.currencies].filter(([, { first, last }]) => first <= period.to && last >= period.from).map(([currency]) => currency);
  names.sort((a, b) => Number(b === books.currency) - Number(a === books.currency) || compareBytewise(a, b));
  const rates = names.some((currency) => currency !== into) ? await readRates(reader, books.workspaceId, into) : undefined;
  const lines: CurrencyLine[] = [];
  for (const currency of names) {
    const line = await lineOf(books, period, { currency, into, rates });
    if (line.transactionCount > 0) lines.push(line);
  }
  const converted = lines.map((line) => line.converted);
  const sumOf = (amount: (totals: NonNullable<CurrencyLine["converted"]>) => number) => sumMinor(converted.map((totals) => minor(totals === null ? 0 : amount(totals))));
  const isWhole = lines.length > 1 && converted.every((totals) => totals !== null);
  return {
    currencies: lines,
    combined: isWhole ? { currency: into, revenueMinor: sumOf(({ revenueMinor }) => revenueMinor), expensesMinor: sumOf(({ expensesMinor }) => expensesMinor) } : null,
  };
}

interface Wanted {
  readonly currency: string;
  readonly into: string;
  readonly rates: Rates | undefined;
}

async function lineOf(books: Books, period: Period, { currency, into, rates }: Wanted): Promise<CurrencyLine> {
  const totals = { revenue: [] as Minor[], expenses: [] as Minor[] };
  const converted = { revenue: [] as Minor[], expenses: [] as Minor[] };
  const used: CurrencyLine["rates"] = [];
  const monthsWithoutRate: string[] = [];
  let transactionCount = 0;
  for (const month of period.months) {
    const days: ReportDays = { from: period.from > firstDay(month) ? period.from : firstDay(month), to: period.to < lastDay(month) ? period.to : lastDay(month) };
    const groups = await books.ledger.groupsOf(currency, days);
    if (groups.length === 0) continue;
    for (const { count } of groups) transactionCount += count;
    const sums: Totals = totalsOf(groups, isTransferIn(books));
    totals.revenue.push(sums.revenueMinor);
    totals.expenses.push(sums.expensesMinor);
    const rate = currency === into ? undefined : rates?.lastIn(currency, month);
    if (currency !== into && rate === undefined) monthsWithoutRate.push(month);
    const inOther = (amountMinor: Minor) => (rate === undefined ? amountMinor : convert(amountMinor, currency, into, rate));
    converted.revenue.push(inOther(sums.revenueMinor));
    converted.expenses.push(inOther(sums.expensesMinor));
    if (rate) used.push({ month, base: rate.base, quote: rate.quote, rate: rate.rate, onDate: rate.onDate, source: rate.source });
  }
  return {
    currency,
    revenueMinor: sumMinor(totals.revenue),
    expensesMinor: sumMinor(totals.expenses),
    transactionCount,
    converted: monthsWithoutRate.length > 0 ? null : { revenueMinor: sumMinor(converted.revenue), expensesMinor: sumMinor(converted.expenses) },
    rates: used,
    monthsWithoutRate,
  };
}
