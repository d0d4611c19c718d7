import { firstDay, lastDay } from "@saldo/schema";
import { isStale, readTransferCategories, type MonthEntries, type MonthSums } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import type { TransactionFilter } from "./transactions.ts";

/** A filter as rollups are asked by it. */
export interface RollupFilter {
  readonly filter: TransactionFilter;
  readonly transfers: ReadonlySet<string>;
  /** True when it tells counterparties apart. */
  readonly isNamed: boolean;
}

/** Makes a {@link RollupFilter}; undefined where rollups cannot answer: by words, imports and single rows, where none are kept, and while one is stale. */
export async function rollupFilter(reader: SqlReader, filter: TransactionFilter): Promise<RollupFilter | undefined> {
  const { workspaceId, importId, search, ids, days, counterpartyName, counterpartyNames, exceptCounterpartyNames } = filter;
  const isTold = importId === undefined && ids === undefined && days === undefined && (search === undefined || search.trim() === "");
  if (!reader.keepsRollups || !isTold || (await isStale(reader, workspaceId))) return undefined;
  const isNamed = counterpartyName !== undefined || counterpartyNames !== undefined || (exceptCounterpartyNames?.length ?? 0) > 0;
  return { filter, transfers: await readTransferCategories(reader, workspaceId), isNamed };
}

/** Which of a month's groups are meant, by their numbers. */
export function meantGroups({ names, groups: { column } }: MonthSums, asked: RollupFilter): (at: number) => boolean {
  const { currency, account, place } = meantIn(names, asked);
  return (at) => currency[column.currency[at] ?? 0] === true && account[column.account[at] ?? 0] === true && place[column.kind[at] ?? 0]?.[column.category[at] ?? 0] === true;
}

/** By numbers of a month's names: which currencies, accounts, categories and kinds are meant. */
function meantIn({ currencies, accounts, categories, kinds }: MonthSums["names"], { filter, transfers }: RollupFilter) {
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

/** Which counterparties are meant; of rows without one the name is null. */
export function isNameMeant({ counterpartyName, counterpartyNames, exceptCounterpartyNames }: TransactionFilter): (name: string | null) => boolean {
  const [among, except] = [counterpartyNames && new Set<string | null>(counterpartyNames), new Set(exceptCounterpartyNames)];
  return (name) => (counterpartyName === undefined || name === (counterpartyName || null)) && (among === undefined || among.has(name)) && !except.has(name);
}

/** Calls back with day of the month, amount and number of the currency of each row of a month that is meant. */
export function eachMeantRow(rows: MonthEntries & { readonly month: string }, asked: RollupFilter, take: (day: number, amountMinor: number, currency: number) => void): void {
  const { month, names, counterparties, entries: { length, column } } = rows;
  const { from = "", to = "9999", direction } = asked.filter;
  const isName = isNameMeant(asked.filter);
  const named = counterparties.map((name) => !asked.isNamed || isName(name));
  if (!named.includes(true)) return;
  const meant = meantIn(names, asked);
  const [first, last] = [from > firstDay(month) ? Number(from.slice(8)) : 1, to < lastDay(month) ? Number(to.slice(8)) : 31];
  for (let at = 0; at < length; at++) {
    if (named[column.counterparty[at] ?? 0] !== true) continue;
    const [day, amountMinor, currency] = [column.day[at] ?? 0, column.amountMinor[at] ?? 0, column.currency[at] ?? 0];
    if (day < first || day > last || (direction === "in" && amountMinor <= 0) || (direction === "out" && amountMinor >= 0)) continue;
    if (meant.currency[currency] === true && meant.account[column.account[at] ?? 0] === true && meant.place[column.kind[at] ?? 0]?.[column.category[at] ?? 0] === true) take(day, amountMinor, currency);
  }
}
