import { minor } from "@saldo/schema";
import { isStale } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { openLedger, type LedgerGroup } from "./ledger.ts";
import { totalTransactions, type CurrencyTotal, type TransactionFilter } from "./transactions.ts";

/** Narrowings a group of the ledger answers for as a whole. */
const answered = { workspaceId: true, from: true, to: true, currency: true, accountId: true, categoryId: true, categoryIds: true } as const satisfies Partial<Record<keyof TransactionFilter, true>>;

/**
 * What {@link totalTransactions} tells, from rollups where they answer the filter and none is stale: every row of large books need not be read. Give it a
 * snapshot.
 */
export async function quickTotals(reader: SqlReader, filter: TransactionFilter): ReturnType<typeof totalTransactions> {
  const isAnswered = Object.keys(filter).every((key) => key in answered);
  if (!isAnswered || !reader.keepsRollups || (await isStale(reader, filter.workspaceId))) return totalTransactions(reader, filter);
  const ledger = await openLedger(reader, filter.workspaceId);
  const totals: CurrencyTotal[] = [];
  for (const [currency, { first, last }] of ledger.currencies) {
    if (filter.currency !== undefined && filter.currency !== currency) continue;
    const days = { from: later(first, filter.from), to: earlier(last, filter.to) };
    if (days.from > days.to) continue;
    const groups = (await ledger.groupsOf(currency, days)).filter((group) => isMeant(group, filter));
    if (groups.length > 0) totals.push(totalOf(currency, groups));
  }
  const sorted = totals.toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  return { count: sorted.reduce((sum, { count }) => sum + count, 0), totals: sorted };
}

function isMeant({ accountId, categoryId }: LedgerGroup, filter: TransactionFilter): boolean {
  if (filter.accountId !== undefined && filter.accountId !== accountId) return false;
  if (filter.categoryId !== undefined && filter.categoryId !== categoryId) return false;
  return filter.categoryIds === undefined || filter.categoryIds.includes(categoryId);
}

function totalOf(currency: string, groups: readonly LedgerGroup[]): CurrencyTotal {
  let [inMinor, outMinor, count] = [minor(0), minor(0), 0];
  for (const group of groups) {
    inMinor = minor(inMinor + group.inMinor);
    outMinor = minor(outMinor + group.outMinor);
    count += group.count;
  }
  return { currency, inMinor, outMinor, count };
}

const later = (a: string, b: string | undefined) => (b !== undefined && b > a ? b : a);
const earlier = (a: string, b: string | undefined) => (b !== undefined && b < a ? b : a);
