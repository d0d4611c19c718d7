import { categoryActivities, minor, sumMinor, type DetailLine, type DetailReport, type Row } from "@saldo/schema";
import { isTransferIn, type Books } from "../books.ts";
import { knownBalances, netByAccount } from "../cash.ts";
import type { CategoryGroup } from "../ledger.ts";
import { addDays, type Period } from "../period.ts";
import { figuresOf, sumGroups, type Columns } from "./columns.ts";
import { byAmount, inOrder, type CategoryTree } from "./tree.ts";

type CashFlow = DetailReport["cashFlow"];
type Activity = (typeof categoryActivities)[number];

interface Parts {
  readonly tree: CategoryTree;
  readonly columns: Columns<readonly CategoryGroup[]>;
  readonly accounts: readonly Row<"account">[];
  readonly period: Period;
}

const netOf = ({ inMinor, outMinor }: CategoryGroup) => minor(inMinor - outMinor);

/** The cash-flow statement (IAS 7, direct method): what each activity brought and took, and what is left of transfers between own accounts. */
export async function cashFlow(books: Books, parts: Parts): Promise<CashFlow> {
  const { columns } = parts;
  const isTransfer = isTransferIn(books);
  const net: DetailLine = { figures: figuresOf(columns, (groups) => sumGroups(groups, netOf)), rows: { measure: "net", transfers: "with" } };
  return {
    sections: categoryActivities.map((activity) => sectionOf(books, parts, activity)),
    transfers: { figures: figuresOf(columns, (groups) => sumGroups(groups, (group) => (isTransfer(group) ? netOf(group) : 0))), rows: { measure: "net", transfers: "only" } },
    net,
    balances: await balancesOf(books, parts, net.figures.currentMinor),
  };
}

/** Rows without a category, and of categories the books do not have, are of the day-to-day business. */
function activityOf({ categories }: Books, id: string | null): Activity {
  return (id === null ? undefined : categories.get(id)?.activity) ?? "operating";
}

function sectionOf(books: Books, { tree, columns }: Parts, activity: Activity): CashFlow["sections"][number] {
  const isTransfer = isTransferIn(books);
  const used = new Map<string | null, Set<string | null>>();
  for (const groups of [columns.current, columns.previous ?? [], columns.yearAgo ?? [], ...columns.mean]) {
    for (const group of groups) {
      if (isTransfer(group) || activityOf(books, group.categoryId) !== activity) continue;
      const top = tree.topOf(group.categoryId);
      used.set(top, (used.get(top) ?? new Set()).add(group.categoryId));
    }
  }
  const lineOf = (ids: ReadonlySet<string | null>): DetailLine => ({
    figures: figuresOf(columns, (groups) => sumGroups(groups, (group) => (!isTransfer(group) && ids.has(group.categoryId) ? netOf(group) : 0))),
    rows: { measure: "net", transfers: "without", categoryIds: inOrder(ids) },
  });
  const lines = [...used].map(([top, ids]) => ({ ...tree.labelOf(top), ...lineOf(ids) })).toSorted(byAmount(({ figures }) => Math.abs(figures.currentMinor)));
  return { activity, total: lineOf(new Set([...used.values()].flatMap((ids) => [...ids]))), lines };
}

/** Cash at both ends of the period, when the balance of every account with rows is known for a day. */
async function balancesOf(books: Books, { accounts, period }: Parts, netMinor: number): Promise<CashFlow["balances"]> {
  const { ledger, currency, range, own } = books;
  const known = await knownBalances(books, accounts);
  const dated = new Set(known.filter(({ account }) => account.balanceAsOf !== null).map(({ account }) => account.id));
  if (range === null || own === undefined || known.length === 0 || [...own.accountIds].some((id) => !dated.has(id))) return null;
  const after = period.to < range.last ? netByAccount(await ledger.groupsOf(currency, { from: addDays(period.to, 1), to: range.last })) : new Map<string, never>();
  const closingMinor = sumMinor(known.map(({ account, balanceMinor }) => minor(balanceMinor - (after.get(account.id) ?? 0))));
  return { openingMinor: minor(closingMinor - netMinor), closingMinor };
}
