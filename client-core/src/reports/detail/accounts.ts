import { compareBytewise, minor, type DetailLine, type DetailReport, type Row } from "@saldo/schema";
import { isTransferIn, type Books } from "../books.ts";
import type { LedgerGroup } from "../ledger.ts";
import { figuresOf, mapColumns, sumGroups, type Columns } from "./columns.ts";

/** Money by account, most moved first. An account with rows that is not in the books any more has no name. */
export function accountLines(books: Books, accounts: readonly Row<"account">[], columns: Columns<readonly LedgerGroup[]>): DetailReport["accounts"] {
  const isTransfer = isTransferIn(books);
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const ids = new Set([columns.current, columns.previous ?? []].flat().map(({ accountId }) => accountId));
  const byAccount = mapColumns(columns, groupsByAccount);
  const line = (accountId: string, rows: Omit<DetailLine["rows"], "accountId">, amount: (group: LedgerGroup) => number): DetailLine => ({
    figures: figuresOf(byAccount, (groups) => sumGroups(groups.get(accountId) ?? [], amount)),
    rows: { ...rows, accountId },
  });
  const lines = [...ids].map((accountId) => ({
    accountId,
    name: names.get(accountId) ?? null,
    revenue: line(accountId, { measure: "in", transfers: "without" }, (group) => (isTransfer(group) ? 0 : group.inMinor)),
    expenses: line(accountId, { measure: "out", transfers: "without" }, (group) => (isTransfer(group) ? 0 : group.outMinor)),
    net: line(accountId, { measure: "net", transfers: "with" }, ({ inMinor, outMinor }) => minor(inMinor - outMinor)),
  }));
  const moved = ({ revenue, expenses }: (typeof lines)[number]) => revenue.figures.currentMinor + expenses.figures.currentMinor;
  return lines.toSorted((a, b) => moved(b) - moved(a) || compareBytewise(a.accountId, b.accountId));
}

function groupsByAccount(groups: readonly LedgerGroup[]): ReadonlyMap<string, readonly LedgerGroup[]> {
  const found = new Map<string, LedgerGroup[]>();
  for (const group of groups) {
    const own = found.get(group.accountId);
    if (own) own.push(group);
    else found.set(group.accountId, [group]);
  }
  return found;
}
