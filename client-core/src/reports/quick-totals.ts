import { firstDay, lastDay, minor } from "@saldo/schema";
import { addTo, readRollups, type MonthCounterparties, type MonthEntries, type MonthSums, type Rollups, type Sums } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { eachMeantRow, isNameMeant, meantGroups, rollupFilter, type RollupFilter } from "./rollup-filter.ts";
import { besideTransfers, totalApart, totalTransactions, type CurrencyTotal, type TransactionFilter } from "./transactions.ts";

/**
 * What {@link totalTransactions} tells, from rollups where they answer the filter and none is stale: every row of large books need not be read. Give it a
 * snapshot.
 */
export async function quickTotals(reader: SqlReader, filter: TransactionFilter): ReturnType<typeof totalTransactions> {
  const asked = await rollupFilter(reader, filter);
  if (asked === undefined) return totalTransactions(reader, filter);
  const totals = await rollupTotals(await readRollups(reader, filter.workspaceId), asked);
  return { count: totals.reduce((sum, { count }) => sum + count, 0), totals };
}

/**
 * The foot of a list: what its rows come to, with transfers between own accounts told apart, as every report leaves them out of income and expense. From
 * rollups where they answer; give it a snapshot.
 */
export async function listedTotals(reader: SqlReader, filter: TransactionFilter): Promise<ReturnType<typeof besideTransfers>> {
  const asked = await rollupFilter(reader, filter);
  if (asked === undefined) return besideTransfers(await totalApart(reader, filter));
  const rollups = await readRollups(reader, filter.workspaceId);
  const narrowed = (narrowing: Partial<TransactionFilter>) => rollupTotals(rollups, { ...asked, filter: { ...filter, ...narrowing } });
  return besideTransfers({ counted: await narrowed({ excludeTransfers: true }), transfers: await narrowed({ onlyTransfers: true }) });
}

async function rollupTotals(rollups: Rollups, asked: RollupFilter): Promise<CurrencyTotal[]> {
  const totals = new Map<string, Sums>();
  const [byGroup, byName, byRow] = partsOf(rollups, asked);
  for (const month of byGroup) addGroups(totals, month, asked);
  for (const names of await rollups.readCounterparties(byName.map(({ month }) => month))) addNames(totals, names, asked);
  for (const rows of await rollups.readEntries(byRow.map(({ month }) => month))) addRows(totals, rows, asked);
  return [...totals]
    .filter(([, { count }]) => count > 0)
    .map(([currency, { inMinor, outMinor, count }]) => ({ currency, inMinor: minor(inMinor), outMinor: minor(outMinor), count }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** The months of a filter: those its groups tell, those its counterparties tell, and those whose rows have to be looked at; none in which no group is meant. */
function partsOf({ sums }: Rollups, asked: RollupFilter): readonly [MonthSums[], MonthSums[], MonthSums[]] {
  const [byGroup, byName, byRow]: [MonthSums[], MonthSums[], MonthSums[]] = [[], [], []];
  const { filter, transfers, isNamed } = asked;
  const { from = "", to = "9999", categoryId, categoryIds, accountId, kind, excludeTransfers, onlyTransfers } = filter;
  const isByNameAlone = excludeTransfers === true && onlyTransfers !== true && categoryId === undefined && categoryIds === undefined && accountId === undefined && kind === undefined;
  for (const month of sums) {
    if (lastDay(month.month) < from || firstDay(month.month) > to || !isAnyMeant(month, asked)) continue;
    if (firstDay(month.month) < from || lastDay(month.month) > to) byRow.push(month);
    else if (!isNamed) byGroup.push(month);
    else if (isByNameAlone && sameTransfers(month, transfers)) byName.push(month);
    else byRow.push(month);
  }
  return [byGroup, byName, byRow];
}

function isAnyMeant(month: MonthSums, asked: RollupFilter): boolean {
  const isMeant = meantGroups(month, asked);
  for (let at = 0; at < month.groups.length; at++) if (isMeant(at)) return true;
  return false;
}

function sameTransfers({ names: { categories, transferCategories } }: MonthSums, transfers: ReadonlySet<string>): boolean {
  return categories.every((id) => id === null || transfers.has(id) === transferCategories.includes(id));
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

function addGroups(totals: Map<string, Sums>, month: MonthSums, asked: RollupFilter): void {
  const { names, groups: { length, column } } = month;
  const isMeant = meantGroups(month, asked);
  for (let at = 0; at < length; at++) if (isMeant(at)) addSums(totalOf(totals, names.currencies[column.currency[at] ?? 0] ?? ""), sumsAt(column, at), asked.filter.direction);
}

function addNames(totals: Map<string, Sums>, { names, counterparties, sums: { length, column } }: MonthCounterparties, { filter }: RollupFilter): void {
  const isMeant = isNameMeant(filter);
  const meant = counterparties.map(isMeant);
  for (let at = 0; at < length; at++) {
    const currency = names.currencies[column.currency[at] ?? 0] ?? "";
    if (meant[column.counterparty[at] ?? 0] === true && (filter.currency === undefined || currency === filter.currency)) addSums(totalOf(totals, currency), sumsAt(column, at), filter.direction);
  }
}

function addRows(totals: Map<string, Sums>, rows: MonthEntries & { readonly month: string }, asked: RollupFilter): void {
  eachMeantRow(rows, asked, (_, amountMinor, currency) => addTo(totalOf(totals, rows.names.currencies[currency] ?? ""), amountMinor));
}
