import { lastDay, minor, monthOf, sumMinor, type DashboardReport, type Minor, type Month, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";
import type { Books } from "./books.ts";
import { addDays } from "./period.ts";

/** An account whose balance somebody has said, with what it holds after the last row. */
interface KnownBalance {
  readonly account: Row<"account">;
  readonly balanceMinor: Minor;
  /** What was said. */
  readonly saidMinor: Minor;
}

/** Accounts of the books' currency, archived ones too. */
export function readAccounts(reader: SqlReader, { workspaceId, currency }: Books): Promise<Row<"account">[]> {
  return readRows(reader, "account", sql`where "workspace_id" = ${workspaceId} and "currency" = ${currency} order by "name", "id"`);
}

/**
 * What accounts hold after the last row: a balance said for the end of a day is carried forward by the account's rows after that day (transfers too), so
 * that balances of different days add up; one said without a day is taken as it is. Accounts of which nothing is known are left out.
 */
export async function knownBalances({ ledger, currency, range }: Books, accounts: readonly Row<"account">[]): Promise<KnownBalance[]> {
  const known: KnownBalance[] = [];
  const moved = new Map<string, ReadonlyMap<string, Minor>>();
  for (const account of accounts) {
    const { id, balanceMinor, balanceAsOf } = account;
    if (balanceMinor === null) continue;
    const isBehind = balanceAsOf !== null && range !== null && range.last > balanceAsOf;
    if (isBehind && !moved.has(balanceAsOf)) moved.set(balanceAsOf, netByAccount(await ledger.groupsOf(currency, { from: addDays(balanceAsOf, 1), to: range.last })));
    known.push({ account, balanceMinor: minor(balanceMinor + (isBehind ? (moved.get(balanceAsOf)?.get(id) ?? 0) : 0)), saidMinor: balanceMinor });
  }
  return known;
}

/** What came to each account less what left it, transfers too. */
export function netByAccount(groups: readonly { readonly accountId: string; readonly inMinor: Minor; readonly outMinor: Minor }[]): ReadonlyMap<string, Minor> {
  const net = new Map<string, Minor>();
  for (const { accountId, inMinor, outMinor } of groups) net.set(accountId, minor((net.get(accountId) ?? 0) + inMinor - outMinor));
  return net;
}

/** Cash on the accounts whose balance somebody has said, archived ones left out. Null when no balance is known. */
export async function readCash(reader: SqlReader, books: Books, today: string): Promise<DashboardReport["cash"]> {
  const accounts = (await readAccounts(reader, books)).filter(({ archived }) => !archived);
  const known = await knownBalances(books, accounts);
  if (known.length === 0) return null;
  const days = known.flatMap(({ account: { balanceAsOf } }) => (balanceAsOf === null ? [] : [balanceAsOf]));
  const latest = [...days, ...(books.range ? [books.range.last] : [])].toSorted().at(-1);
  return {
    totalMinor: sumMinor(known.map(({ balanceMinor }) => balanceMinor)),
    asOf: latest ?? today,
    accounts: known.map(({ account: { id, name, balanceAsOf }, balanceMinor, saidMinor }) => ({ accountId: id, name, balanceMinor, saidMinor, saidFor: balanceAsOf })),
    unknownAccounts: accounts.length - known.length,
  };
}

/** What the same accounts held at the end of each month: what they hold now less what moved since. Empty when no balance is known. */
export function cashPath({ own, range }: Books, cash: DashboardReport["cash"], months: readonly Month[]): DashboardReport["cashPath"] {
  if (cash === null || range === null || own === undefined) return [];
  const ids = new Set(cash.accounts.map(({ accountId }) => accountId));
  const path: DashboardReport["cashPath"] = [];
  let balanceMinor: Minor = minor(cash.totalMinor);
  const later = own.months.toReversed();
  let next = 0;
  for (const month of months.toReversed()) {
    for (let at = later[next]; at !== undefined && at > month; at = later[++next]) balanceMinor = minor(balanceMinor - netOf(own.groupsOf(at), ids));
    path.unshift({ month, balanceMinor, on: month === monthOf(range.last) ? range.last : lastDay(month) });
  }
  return path;
}

function netOf(groups: readonly { readonly accountId: string; readonly inMinor: Minor; readonly outMinor: Minor }[], ids: ReadonlySet<string>): Minor {
  return sumMinor(groups.filter(({ accountId }) => ids.has(accountId)).map(({ inMinor, outMinor }) => minor(inMinor - outMinor)));
}
