import { firstDay, lastDay, minor, monthOf, monthRange, type Minor, type Month, type ReportDays } from "@saldo/schema";
import { readRollups, type MonthEntries, type MonthSums, type Rollups } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { rowsLedger } from "./rows-ledger.ts";

/** Money that came in and went out (positive) on one account under one category, transfers apart, with the number of rows. */
export interface LedgerGroup {
  readonly accountId: string;
  readonly categoryId: string | null;
  /** True when its rows are transfers between own accounts by kind; a category may say so too. */
  readonly isTransfer: boolean;
  readonly inMinor: Minor;
  readonly outMinor: Minor;
  readonly count: number;
}

/** All rows of one currency by month, with the first and last posting date. */
export interface CurrencyLedger {
  readonly first: string;
  readonly last: string;
  readonly count: number;
  readonly byMonth: ReadonlyMap<Month, readonly LedgerGroup[]>;
}

/** Money of one counterparty in some days. */
export interface CounterpartySums {
  readonly inMinor: Minor;
  readonly outMinor: Minor;
}

/** Says of a group whether it is counted. */
export type CountsGroup = (group: Pick<LedgerGroup, "categoryId" | "isTransfer">) => boolean;

/** The rows of a workspace that count, added up. All answers are of one state of the books. */
export interface Ledger {
  readonly currencies: ReadonlyMap<string, CurrencyLedger>;
  /** Groups of some days, both included. */
  groupsOf(currency: string, days: ReportDays): Promise<readonly LedgerGroup[]>;
  /** Sums by the name the bank gave (null: none) in some days, of what counts. */
  counterpartiesOf(currency: string, days: ReportDays, counts: CountsGroup): Promise<ReadonlyMap<string | null, CounterpartySums>>;
}

/** Opens the ledger of a workspace: from the rollups of a device, from the rows of a server. Give it a snapshot. */
export async function openLedger(reader: SqlReader, workspaceId: string): Promise<Ledger> {
  return reader.keepsRollups ? rollupLedger(await readRollups(reader, workspaceId)) : rowsLedger(reader, workspaceId);
}

/** The ledger as rollups tell it: months whole or, where only some of their days are asked for, by their rows. */
export function rollupLedger(rollups: Rollups): Ledger {
  const sums = new Map(rollups.sums.map((month) => [month.month, month]));
  const read = new Map<Month, MonthEntries>();
  const entriesOf = async (months: readonly Month[]) => {
    const missing = months.filter((month) => !read.has(month));
    if (missing.length > 0) for (const { month, ...entries } of await rollups.readEntries(missing)) read.set(month, entries);
    return months.flatMap((month) => {
      const entries = read.get(month);
      return entries ? [{ month, ...entries }] : [];
    });
  };
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
    async counterpartiesOf(currency, days, counts) {
      const names = new Map<string | null, { inMinor: Minor; outMinor: Minor }>();
      for (const entries of await entriesOf(monthsIn(days).map(({ month }) => month))) addCounterparties(names, entries, { currency, days, counts });
      return names;
    },
  };
}

/** True when no row of the month lies outside the days. */
function isWhole({ month, groups: { length, column } }: MonthSums, days: ReportDays): boolean {
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
  const groups = new Map<string, { -readonly [Key in keyof LedgerGroup]: LedgerGroup[Key] }>();
  return {
    add({ accountId, categoryId, isTransfer, inMinor, outMinor, count }: LedgerGroup) {
      const key = `${accountId} ${categoryId ?? ""} ${isTransfer ? 1 : 0}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { accountId, categoryId, isTransfer, inMinor, outMinor, count });
      else {
        group.inMinor = minor(group.inMinor + inMinor);
        group.outMinor = minor(group.outMinor + outMinor);
        group.count += count;
      }
    },
    all: (): readonly LedgerGroup[] => [...groups.values()],
  };
}

function* groupsOfMonth({ names, groups: { length, column } }: MonthSums): Generator<LedgerGroup & { readonly currency: string; readonly firstDay: number; readonly lastDay: number }> {
  for (let at = 0; at < length; at++) {
    yield {
      currency: names.currencies[column.currency[at] ?? 0] ?? "",
      accountId: names.accounts[column.account[at] ?? 0] ?? "",
      categoryId: names.categories[column.category[at] ?? 0] ?? null,
      isTransfer: names.kinds[column.kind[at] ?? 0] === "transfer",
      inMinor: minor(column.inMinor[at] ?? 0),
      outMinor: minor(column.outMinor[at] ?? 0),
      count: column.count[at] ?? 0,
      firstDay: column.firstDay[at] ?? 1,
      lastDay: column.lastDay[at] ?? 1,
    };
  }
}

function currenciesOf(sums: readonly MonthSums[]): Ledger["currencies"] {
  const currencies = new Map<string, { first: string; last: string; count: number; byMonth: Map<Month, LedgerGroup[]> }>();
  for (const month of sums) {
    for (const { currency, firstDay: from, lastDay: to, ...group } of groupsOfMonth(month)) {
      const [first, last] = [dateOf(month.month, from), dateOf(month.month, to)];
      const ledger = currencies.get(currency) ?? { first, last, count: 0, byMonth: new Map<Month, LedgerGroup[]>() };
      currencies.set(currency, ledger);
      if (first < ledger.first) ledger.first = first;
      if (last > ledger.last) ledger.last = last;
      ledger.count += group.count;
      const groups = ledger.byMonth.get(month.month);
      if (groups) groups.push(group);
      else ledger.byMonth.set(month.month, [group]);
    }
  }
  return currencies;
}

function dateOf(month: Month, day: number): string {
  return `${month}-${String(day).padStart(2, "0")}`;
}

function addSums(groups: ReturnType<typeof groupSums>, month: MonthSums, currency: string): void {
  for (const group of groupsOfMonth(month)) if (group.currency === currency) groups.add(group);
}

function addEntries(groups: ReturnType<typeof groupSums>, { month, names, entries: { length, column } }: MonthEntries & { readonly month: Month }, currency: string, days: ReportDays): void {
  const { from, to } = daysWithin(month, days);
  const wanted = names.currencies.indexOf(currency);
  for (let at = 0; at < length; at++) {
    const day = column.day[at] ?? 0;
    if (day < from || day > to || column.currency[at] !== wanted) continue;
    const amountMinor = column.amountMinor[at] ?? 0;
    groups.add({
      accountId: names.accounts[column.account[at] ?? 0] ?? "",
      categoryId: names.categories[column.category[at] ?? 0] ?? null,
      isTransfer: names.kinds[column.kind[at] ?? 0] === "transfer",
      inMinor: minor(amountMinor > 0 ? amountMinor : 0),
      outMinor: minor(amountMinor < 0 ? -amountMinor : 0),
      count: 1,
    });
  }
}

interface CounterpartyQuestion {
  readonly currency: string;
  readonly days: ReportDays;
  readonly counts: CountsGroup;
}

function addCounterparties(
  names: Map<string | null, { inMinor: Minor; outMinor: Minor }>,
  { month, names: { currencies, kinds, categories }, counterparties, entries: { length, column } }: MonthEntries & { readonly month: Month },
  { currency, days, counts }: CounterpartyQuestion,
): void {
  const { from, to } = daysWithin(month, days);
  const wanted = currencies.indexOf(currency);
  const counted = kinds.map((kind) => categories.map((categoryId) => counts({ categoryId, isTransfer: kind === "transfer" })));
  const came = new Float64Array(counterparties.length);
  const went = new Float64Array(counterparties.length);
  const met = new Uint8Array(counterparties.length);
  for (let at = 0; at < length; at++) {
    const day = column.day[at] ?? 0;
    if (day < from || day > to || column.currency[at] !== wanted) continue;
    if (counted[column.kind[at] ?? 0]?.[column.category[at] ?? 0] !== true) continue;
    const amountMinor = column.amountMinor[at] ?? 0;
    const who = column.counterparty[at] ?? 0;
    met[who] = 1;
    if (amountMinor > 0) came[who] = (came[who] ?? 0) + amountMinor;
    else went[who] = (went[who] ?? 0) - amountMinor;
  }
  for (const [who, name] of counterparties.entries()) {
    if (met[who] !== 1) continue;
    const sums = names.get(name);
    names.set(name, { inMinor: minor((sums?.inMinor ?? 0) + (came[who] ?? 0)), outMinor: minor((sums?.outMinor ?? 0) + (went[who] ?? 0)) });
  }
}
