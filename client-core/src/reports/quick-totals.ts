import { firstDay, lastDay, minor } from "@saldo/schema";
import { addTo, isStale, readRollups, readTransferCategories, type MonthCounterparties, type MonthEntries, type MonthSums, type Rollups, type Sums } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { totalTransactions, type CurrencyTotal, type TransactionFilter } from "./transactions.ts";

/** What is looked for. */
interface Test {
  readonly filter: TransactionFilter;
  readonly transfers: ReadonlySet<string>;
  readonly isNamed: boolean;
}

/** True when rollups can tell what the rows of a filter come to: by everything but words, imports and single rows. */
function canRollupsTell({ importId, search, ids }: TransactionFilter): boolean {
  return importId === undefined && ids === undefined && (search === undefined || search.trim() === "");
}

/**
 * What {@link totalTransactions} tells, from rollups where they answer the filter and none is stale: every row of large books need not be read. Give it a
 * snapshot.
 */
export async function quickTotals(reader: SqlReader, filter: TransactionFilter): ReturnType<typeof totalTransactions> {
  if (!reader.keepsRollups || !canRollupsTell(filter) || (await isStale(reader, filter.workspaceId))) return totalTransactions(reader, filter);
  const totals = await rollupTotals(reader, filter);
  return { count: totals.reduce((sum, { count }) => sum + count, 0), totals };
}

async function rollupTotals(reader: SqlReader, filter: TransactionFilter): Promise<CurrencyTotal[]> {
  const rollups = await readRollups(reader, filter.workspaceId);
  const transfers = await readTransferCategories(reader, filter.workspaceId);
  const isNamed = filter.counterpartyName !== undefined || filter.counterpartyNames !== undefined || (filter.exceptCounterpartyNames?.length ?? 0) > 0;
  const test: Test = { filter, transfers, isNamed };
  const totals = new Map<string, Sums>();
  const [byGroup, byName, byRow] = partsOf(rollups, test);
  for (const month of byGroup) addGroups(totals, month, test);
  for (const names of await rollups.readCounterparties(byName.map(({ month }) => month))) addNames(totals, names, test);
  for (const rows of await rollups.readEntries(byRow.map(({ month }) => month))) addRows(totals, rows, test);
  return [...totals]
    .filter(([, { count }]) => count > 0)
    .map(([currency, { inMinor, outMinor, count }]) => ({ currency, inMinor: minor(inMinor), outMinor: minor(outMinor), count }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** The months of a filter: those its groups tell, those its counterparties tell, and those whose rows have to be looked at. */
function partsOf({ sums }: Rollups, { filter, transfers, isNamed }: Test): readonly [MonthSums[], MonthSums[], MonthSums[]] {
  const [byGroup, byName, byRow]: [MonthSums[], MonthSums[], MonthSums[]] = [[], [], []];
  const { from = "", to = "9999", categoryId, categoryIds, accountId, kind, excludeTransfers, onlyTransfers } = filter;
  const isByNameAlone = excludeTransfers === true && onlyTransfers !== true && categoryId === undefined && categoryIds === undefined && accountId === undefined && kind === undefined;
  for (const month of sums) {
    if (lastDay(month.month) < from || firstDay(month.month) > to) continue;
    if (firstDay(month.month) < from || lastDay(month.month) > to) byRow.push(month);
    else if (!isNamed) byGroup.push(month);
    else if (isByNameAlone && sameTransfers(month, transfers)) byName.push(month);
    else byRow.push(month);
  }
  return [byGroup, byName, byRow];
}

function sameTransfers({ names: { categories, transferCategories } }: MonthSums, transfers: ReadonlySet<string>): boolean {
  return categories.every((id) => id === null || transfers.has(id) === transferCategories.includes(id));
}

/** By numbers of a month's names: which currencies, accounts, categories and kinds are meant. */
function meantIn({ currencies, accounts, categories, kinds }: MonthSums["names"], { filter, transfers }: Test) {
  const { currency, accountId, categoryId, categoryIds, kind, excludeTransfers, onlyTransfers } = filter;
  const isCategory = (id: string | null) => (categoryId === undefined || id === categoryId) && (categoryIds === undefined || categoryIds.includes(id));
  const isPlace = (of: string, id: string | null) => {
    const isTransfer = of === "transfer" || transfers.has(id ?? "");
    return (kind === undefined || of === kind) && !(excludeTransfers === true && isTransfer) && !(onlyTransfers === true && !isTransfer) && isCategory(id);
  };
  return {
    currency: currencies.map((code) => currency === undefined || code === currency),
    account: accounts.map((id) => accountId === undefined || id === accountId),
    place: kinds.map((of) => categories.map((id) => isPlace(of, id))),
  };
}

/** A name's test; of rows without one the name is null. */
function isNameMeant({ counterpartyName, counterpartyNames, exceptCounterpartyNames }: TransactionFilter): (name: string | null) => boolean {
  const [among, except] = [counterpartyNames && new Set<string | null>(counterpartyNames), new Set(exceptCounterpartyNames)];
  return (name) => (counterpartyName === undefined || name === counterpartyName) && (among === undefined || among.has(name)) && !except.has(name);
}

function totalOf(totals: Map<string, Sums>, currency: string): Sums {
  const known = totals.get(currency);
  if (known) return known;
  const made = { inMinor: 0, outMinor: 0, count: 0, countIn: 0, countOut: 0 };
  totals.set(currency, made);
  return made;
}

/** Adds sums, or of a filter that looks one way their side alone. */
function addSums(total: Sums, sums: Sums, direction: TransactionFilter["direction"]): void {
  if (direction !== "out") total.inMinor = minor(total.inMinor + sums.inMinor);
  if (direction !== "in") total.outMinor = minor(total.outMinor + sums.outMinor);
  total.count += direction === undefined ? sums.count : direction === "in" ? sums.countIn : sums.countOut;
}

function sumsAt(column: MonthCounterparties["sums"]["column"] | MonthSums["groups"]["column"], at: number): Sums {
  return { inMinor: column.inMinor[at] ?? 0, outMinor: column.outMinor[at] ?? 0, count: column.count[at] ?? 0, countIn: column.countIn[at] ?? 0, countOut: column.countOut[at] ?? 0 };
}

function addGroups(totals: Map<string, Sums>, { names, groups: { length, column } }: MonthSums, test: Test): void {
  const meant = meantIn(names, test);
  for (let at = 0; at < length; at++) {
    const currency = column.currency[at] ?? 0;
    const isMeant = meant.currency[currency] === true && meant.account[column.account[at] ?? 0] === true && meant.place[column.kind[at] ?? 0]?.[column.category[at] ?? 0] === true;
    if (isMeant) addSums(totalOf(totals, names.currencies[currency] ?? ""), sumsAt(column, at), test.filter.direction);
  }
}

function addNames(totals: Map<string, Sums>, { names, counterparties, sums: { length, column } }: MonthCounterparties, { filter }: Test): void {
  const isMeant = isNameMeant(filter);
  const meant = counterparties.map(isMeant);
  for (let at = 0; at < length; at++) {
    const currency = names.currencies[column.currency[at] ?? 0] ?? "";
    if (meant[column.counterparty[at] ?? 0] === true && (filter.currency === undefined || currency === filter.currency)) addSums(totalOf(totals, currency), sumsAt(column, at), filter.direction);
  }
}

function addRows(totals: Map<string, Sums>, { month, names, counterparties, entries: { length, column } }: MonthEntries & { readonly month: string }, test: Test): void {
  const { from = "", to = "9999", direction } = test.filter;
  const meant = meantIn(names, test);
  const isName = isNameMeant(test.filter);
  const named = counterparties.map((name) => !test.isNamed || isName(name));
  const [first, last] = [from > firstDay(month) ? Number(from.slice(8)) : 1, to < lastDay(month) ? Number(to.slice(8)) : 31];
  for (let at = 0; at < length; at++) {
    const [day, amountMinor, currency] = [column.day[at] ?? 0, column.amountMinor[at] ?? 0, column.currency[at] ?? 0];
    if (day < first || day > last || (direction === "in" && amountMinor <= 0) || (direction === "out" && amountMinor >= 0)) continue;
    if (meant.currency[currency] !== true || meant.account[column.account[at] ?? 0] !== true || named[column.counterparty[at] ?? 0] !== true) continue;
    if (meant.place[column.kind[at] ?? 0]?.[column.category[at] ?? 0] === true) addTo(totalOf(totals, names.currencies[currency] ?? ""), amountMinor);
  }
}
