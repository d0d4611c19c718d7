import { minor, sumMinor, type DetailFigures, type Minor, type ReportComparisons, type ReportDays } from "@saldo/schema";
import type { Books } from "../books.ts";
import { byCategory, type LedgerGroup } from "../ledger.ts";

/** Something of each period a detail report shows: its own, and what it is held against. */
export interface Columns<Value> {
  readonly current: Value;
  readonly previous: Value | null;
  readonly yearAgo: Value | null;
  readonly mean: readonly Value[];
}

/** Reads something of each period. */
export async function readColumns<Value>(period: ReportDays, { previous, yearAgo, mean }: ReportComparisons, read: (days: ReportDays) => Promise<Value>): Promise<Columns<Value>> {
  const known = new Map<string, Promise<Value>>();
  const once = (days: ReportDays) => {
    const key = `${days.from} ${days.to}`;
    const value = known.get(key) ?? read(days);
    known.set(key, value);
    return value;
  };
  const means: Value[] = [];
  for (const days of mean) means.push(await once(days));
  return {
    current: await once({ from: period.from, to: period.to }),
    previous: previous === null ? null : await once(previous),
    yearAgo: yearAgo === null ? null : await once(yearAgo),
    mean: means,
  };
}

/** Groups of each period, by account and by category alone. */
export async function readGroupColumns(books: Books, period: ReportDays, comparisons: ReportComparisons) {
  const byAccount: Columns<readonly LedgerGroup[]> = await readColumns(period, comparisons, (days) => books.ledger.groupsOf(books.currency, days));
  return { byAccount, columns: mapColumns(byAccount, byCategory) };
}

/** Something else of each period. */
export function mapColumns<From, To>({ current, previous, yearAgo, mean }: Columns<From>, map: (value: From) => To): Columns<To> {
  return { current: map(current), previous: previous === null ? null : map(previous), yearAgo: yearAgo === null ? null : map(yearAgo), mean: mean.map(map) };
}

/** A figure of each period. */
export function figuresOf<Value>({ current, previous, yearAgo, mean }: Columns<Value>, figure: (value: Value) => Minor): DetailFigures {
  return {
    currentMinor: figure(current),
    previousMinor: previous === null ? null : figure(previous),
    yearAgoMinor: yearAgo === null ? null : figure(yearAgo),
    meanMinor: mean.length === 0 ? null : meanOf(mean.map(figure)),
  };
}

/** Mean of amounts to a whole minor unit, half away from zero. */
function meanOf(amounts: readonly Minor[]): Minor {
  const sum = sumMinor(amounts);
  return minor(Math.sign(sum) * Math.round(Math.abs(sum) / amounts.length));
}

/** Adds up an amount of each group. */
export function sumGroups<Group>(groups: readonly Group[], amount: (group: Group) => number): Minor {
  let sum = 0;
  for (const group of groups) sum = minor(sum + amount(group));
  return minor(sum);
}
