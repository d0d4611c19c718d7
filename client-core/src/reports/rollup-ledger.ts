import { firstDay, lastDay, minor, monthOf, monthRange, type Minor, type Month, type ReportDays } from "@saldo/schema";
import type { MonthCounterparties, MonthEntries, MonthSums, Rollups } from "../rollups/index.ts";
import type { CurrencyLedger, IsTransfer, Ledger, LedgerGroup } from "./ledger.ts";

/** The ledger as rollups tell it: months whole or, where only some of their days are asked for, by their rows. */
export function rollupLedger(rollups: Rollups): Ledger {
  const sums = new Map(rollups.sums.map((month) => [month.month, month]));
  const entriesOf = readOnce((months) => rollups.readEntries(months));
  const counterpartiesOf = readOnce((months) => rollups.readCounterparties(months));
  const monthsIn = ({ from, to }: ReportDays) => monthRange(monthOf(from), monthOf(to)).flatMap((month) => sums.get(month) ?? []);
  return {
    currencies: currenciesOf(rollups.sums),
    async groupsOf(currency, days) {
      const groups = groupSums();
      const cutMonths: Month[] = [];
      for (const month of monthsIn(days)) {
        if (isWhole(month, days)) addSums(groups, month, currency);
        else cutMonths.push(month.month);
      }
      for (const month of await entriesOf(cutMonths)) addEntries(groups, month, currency, days);
      return groups.all();
    },
    async counterpartiesOf(currency, days, isTransfer) {
      const names: NameSums = new Map();
      const [whole, cut]: [Month[], Month[]] = [[], []];
      for (const month of monthsIn(days)) (isWhole(month, days) && tookForTransfers(month, isTransfer) ? whole : cut).push(month.month);
      for (const month of await counterpartiesOf(whole)) addCounterparties(names, month, currency);
      for (const month of await entriesOf(cut)) addNamedEntries(names, month, { currency, days, isTransfer });
      return names;
    },
  };
}

type NameSums = Map<string | null, { inMinor: Minor; outMinor: Minor }>;

/** Reads something of months, each once. */
function readOnce<Part extends { readonly month: Month }>(read: (months: readonly Month[]) => Promise<readonly Part[]>) {
  const known = new Map<Month, Part>();
  return async (months: readonly Month[]): Promise<readonly Part[]> => {
    const missing = months.filter((month) => !known.has(month));
    if (missing.length > 0) for (const part of await read(missing)) known.set(part.month, part);
    return months.flatMap((month) => known.get(month) ?? []);
  };
}

/** True when the month's counterparties were added up with the same categories taken for transfers. */
function tookForTransfers({ names: { categories, transferCategories } }: MonthSums, isTransfer: IsTransfer): boolean {
  return categories.every((categoryId) => isTransfer({ categoryId, isTransfer: false }) === (categoryId !== null && transferCategories.includes(categoryId)));
}

/** True when no row of the month lies outside the days. */
function isWhole({ month, groups: { length, column } }: MonthSums, days: ReportDays): boolean {
  if (days.from <= firstDay(month) && days.to >= lastDay(month)) return true;
  const { from, to } = daysWithin(month, days);
  for (let at = 0; at < length; at++) if ((column.firstDay[at] ?? 1) < from || (column.lastDay[at] ?? 31) > to) return false;
  return true;
}

/** The days of a month that are among some days, as numbers. */
function daysWithin(month: Month, { from, to }: ReportDays): { readonly from: number; readonly to: number } {
  return { from: from > firstDay(month) ? Number(from.slice(8)) : 1, to: to < lastDay(month) ? Number(to.slice(8)) : 31 };
}

/** Gathers groups by account, category and transfer. */
function groupSums() {
  const all: { -readonly [Key in keyof LedgerGroup]: LedgerGroup[Key] }[] = [];
  const accounts = new Map<string, Map<string | null, number>[]>();
  /** The number of a group among all. */
  const numberOf = (accountId: string, categoryId: string | null, isTransfer: boolean): number => {
    let sides = accounts.get(accountId);
    if (sides === undefined) accounts.set(accountId, (sides = [new Map(), new Map()]));
    const numbers = sides[isTransfer ? 1 : 0] ?? new Map<string | null, number>();
    const known = numbers.get(categoryId);
    if (known !== undefined) return known;
    numbers.set(categoryId, all.length);
    return all.push({ accountId, categoryId, isTransfer, inMinor: minor(0), outMinor: minor(0), count: 0 }) - 1;
  };
  return {
    numberOf,
    add(number: number, inMinor: number, outMinor: number, count: number) {
      const group = all[number];
      if (group === undefined) return;
      group.inMinor = minor(group.inMinor + inMinor);
      group.outMinor = minor(group.outMinor + outMinor);
      group.count += count;
    },
    all: (): readonly LedgerGroup[] => all,
  };
}
type GroupSums = ReturnType<typeof groupSums>;

function addSums(groups: GroupSums, { names, groups: { length, column } }: MonthSums, currency: string): void {
  const wanted = names.currencies.indexOf(currency);
  for (let at = 0; at < length; at++) {
    if (column.currency[at] !== wanted) continue;
    const isTransfer = names.kinds[column.kind[at] ?? 0] === "transfer";
    const number = groups.numberOf(names.accounts[column.account[at] ?? 0] ?? "", names.categories[column.category[at] ?? 0] ?? null, isTransfer);
    groups.add(number, column.inMinor[at] ?? 0, column.outMinor[at] ?? 0, column.count[at] ?? 0);
  }
}

function addEntries(groups: GroupSums, { month, names, entries: { length, column } }: MonthEntries & { readonly month: Month }, currency: string, days: ReportDays): void {
  const { from, to } = daysWithin(month, days);
  const wanted = names.currencies.indexOf(currency);
  for (let at = 0; at < length; at++) {
    const day = column.day[at] ?? 0;
    if (day < from || day > to || column.currency[at] !== wanted) continue;
    const amountMinor = column.amountMinor[at] ?? 0;
    const isTransfer = names.kinds[column.kind[at] ?? 0] === "transfer";
    const number = groups.numberOf(names.accounts[column.account[at] ?? 0] ?? "", names.categories[column.category[at] ?? 0] ?? null, isTransfer);
    groups.add(number, Math.max(0, amountMinor), Math.max(0, -amountMinor), 1);
  }
}

function currenciesOf(sums: readonly MonthSums[]): Ledger["currencies"] {
  const currencies = new Map<string, { first: string; last: string; count: number; months: Month[]; accountIds: Set<string> }>();
  for (const { month, names, groups } of sums) {
    for (const [number, currency] of names.currencies.entries()) {
      const { from, to, count, accounts } = spanOf(groups, number);
      if (count === 0) continue;
      const [first, last] = [dateOf(month, from), dateOf(month, to)];
      const ledger = currencies.get(currency) ?? { first, last, count: 0, months: [], accountIds: new Set() };
      currencies.set(currency, ledger);
      ledger.last = last;
      ledger.count += count;
      ledger.months.push(month);
      for (const account of accounts) ledger.accountIds.add(names.accounts[account] ?? "");
    }
  }
  const byMonth = new Map(sums.map((month) => [month.month, month]));
  return new Map([...currencies].map(([currency, ledger]) => [currency, { ...ledger, groupsOf: groupsByMonth(byMonth, currency) }]));
}

/** First and last day, count and accounts of a month's groups in one currency. */
function spanOf({ length, column }: MonthSums["groups"], currency: number) {
  const accounts = new Set<number>();
  let [from, to, count] = [31, 1, 0];
  for (let at = 0; at < length; at++) {
    if (column.currency[at] !== currency) continue;
    from = Math.min(from, column.firstDay[at] ?? 1);
    to = Math.max(to, column.lastDay[at] ?? 1);
    count += column.count[at] ?? 0;
    accounts.add(column.account[at] ?? 0);
  }
  return { from, to, count, accounts };
}

/** Groups of a month, made when they are first asked for. */
function groupsByMonth(sums: ReadonlyMap<Month, MonthSums>, currency: string): CurrencyLedger["groupsOf"] {
  const made = new Map<Month, readonly LedgerGroup[]>();
  return (month) => {
    const known = made.get(month);
    if (known) return known;
    const found = sums.get(month);
    const groups = groupSums();
    if (found) addSums(groups, found, currency);
    made.set(month, groups.all());
    return groups.all();
  };
}

function dateOf(month: Month, day: number): string {
  return `${month}-${String(day).padStart(2, "0")}`;
}

function addName(names: NameSums, name: string | null, inMinor: number, outMinor: number): void {
  const sums = names.get(name);
  if (sums === undefined) names.set(name, { inMinor: minor(inMinor), outMinor: minor(outMinor) });
  else {
    sums.inMinor = minor(sums.inMinor + inMinor);
    sums.outMinor = minor(sums.outMinor + outMinor);
  }
}

function addCounterparties(names: NameSums, { names: { currencies }, counterparties, sums: { length, column } }: MonthCounterparties, currency: string): void {
  const wanted = currencies.indexOf(currency);
  for (let at = 0; at < length; at++) {
    if (column.currency[at] === wanted) addName(names, counterparties[column.counterparty[at] ?? 0] ?? null, column.inMinor[at] ?? 0, column.outMinor[at] ?? 0);
  }
}

interface CounterpartyQuestion {
  readonly currency: string;
  readonly days: ReportDays;
  readonly isTransfer: IsTransfer;
}

/** Counterparties of some days of a month, by its rows. */
function addNamedEntries(
  names: NameSums,
  { month, names: { currencies, kinds, categories }, counterparties, entries: { length, column } }: MonthEntries & { readonly month: Month },
  { currency, days, isTransfer }: CounterpartyQuestion,
): void {
  const { from, to } = daysWithin(month, days);
  const wanted = currencies.indexOf(currency);
  const leftOut = kinds.map((kind) => categories.map((categoryId) => isTransfer({ categoryId, isTransfer: kind === "transfer" })));
  const came = new Float64Array(counterparties.length);
  const went = new Float64Array(counterparties.length);
  const met = new Uint8Array(counterparties.length);
  for (let at = 0; at < length; at++) {
    const day = column.day[at] ?? 0;
    if (day < from || day > to || column.currency[at] !== wanted) continue;
    if (leftOut[column.kind[at] ?? 0]?.[column.category[at] ?? 0] === true) continue;
    const amountMinor = column.amountMinor[at] ?? 0;
    const who = column.counterparty[at] ?? 0;
    met[who] = 1;
    if (amountMinor > 0) came[who] = (came[who] ?? 0) + amountMinor;
    else went[who] = (went[who] ?? 0) - amountMinor;
  }
  for (const [who, name] of counterparties.entries()) if (met[who] === 1) addName(names, name, came[who] ?? 0, went[who] ?? 0);
}
