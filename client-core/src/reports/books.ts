import { monthOf, monthRange, type Month, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";
import { countedRows } from "./counted-rows.ts";
import { readMonthGroups, type LedgerGroup, type MonthGroup } from "./ledger-groups.ts";
import { totalsOf, type Totals } from "./totals.ts";

/** The whole books of a workspace in one currency, as one pass over the rows gives them. */
export interface Books {
  readonly workspaceId: string;
  readonly currency: string;
  /** First and last posting dates in this currency; null when it has no rows. */
  readonly range: { readonly first: string; readonly last: string } | null;
  readonly categories: ReadonlyMap<string, Row<"category">>;
  /** Groups of this currency by month. */
  readonly byMonth: ReadonlyMap<Month, readonly MonthGroup[]>;
  /** Groups of other currencies by currency. */
  readonly others: ReadonlyMap<string, readonly MonthGroup[]>;
}

/**
 * Reads the books. Without a currency it is the workspace's own if that has rows, else the one with most rows; a workspace without any
 * rows gives its own, or XXX (ISO 4217: no currency) when it is not known.
 */
export async function readBooks(reader: SqlReader, workspaceId: string, wanted: string | undefined): Promise<Books> {
  const groups = await readMonthGroups(reader, workspaceId);
  const [workspace] = await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
  const categories = await readRows(reader, "category", sql`where "workspace_id" = ${workspaceId}`);
  const byCurrency = groupBy(groups, (group) => group.currency);
  const currency = wanted ?? mainCurrency(byCurrency, workspace?.currency);
  const own = byCurrency.get(currency) ?? [];
  byCurrency.delete(currency);
  return {
    workspaceId,
    currency,
    range: rangeOf(own),
    categories: new Map(categories.map((category) => [category.id, category])),
    byMonth: groupBy(own, (group) => group.month),
    others: byCurrency,
  };
}

function mainCurrency(byCurrency: ReadonlyMap<string, readonly MonthGroup[]>, own: string | undefined): string {
  if (own !== undefined && byCurrency.has(own)) return own;
  const counts = [...byCurrency].map(([currency, groups]) => ({ currency, count: groups.reduce((sum, group) => sum + group.count, 0) }));
  counts.sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1));
  return counts[0]?.currency ?? own ?? "XXX";
}

function rangeOf(groups: readonly MonthGroup[]): Books["range"] {
  const first = groups.map((group) => group.first).toSorted()[0];
  const last = groups.map((group) => group.last).toSorted().at(-1);
  return first === undefined || last === undefined ? null : { first, last };
}

/** True for rows that move money between own accounts, by their kind or their category's. */
export function isTransferIn(books: Books): (group: LedgerGroup) => boolean {
  return ({ isTransfer, categoryId }) => isTransfer || (categoryId !== null && books.categories.get(categoryId)?.kind === "transfer");
}

/** Groups of a month, none when it has no rows. */
export function groupsOf(books: Books, month: Month): readonly LedgerGroup[] {
  return books.byMonth.get(month) ?? [];
}

/** Revenue and expenses of a month. */
export function monthTotals(books: Books, month: Month): Totals {
  return totalsOf(groupsOf(books, month), isTransferIn(books));
}

/** Every month from the first row to the last, gaps included. */
export function monthsOf(books: Books): Month[] {
  return books.range ? monthRange(monthOf(books.range.first), monthOf(books.range.last)) : [];
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

/** First and last posting dates of the rows that count, in any currency; null when there are none. Reads two rows by the index on dates. */
export async function readBookRange(reader: SqlReader, workspaceId: string): Promise<{ readonly first: string; readonly last: string } | null> {
  const [first] = await readRows(reader, "transaction", sql`where ${countedRows(workspaceId)} order by "posted_on", "id" limit 1`);
  const [last] = await readRows(reader, "transaction", sql`where ${countedRows(workspaceId)} order by "posted_on" desc, "id" desc limit 1`);
  return first && last ? { first: first.postedOn, last: last.postedOn } : null;
}
