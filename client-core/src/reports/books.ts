import { monthOf, monthRange, noCurrency, type Month, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readRows, type SqlReader } from "../store/index.ts";
import { countedRows } from "./counted-rows.ts";
import { byCategory, openLedger, type CategoryGroup, type CurrencyLedger, type IsTransfer, type Ledger } from "./ledger.ts";
import { shareRows } from "./month-rows.ts";
import { totalsOf, type Totals } from "./totals.ts";

/** The whole books of a workspace in one currency. */
export interface Books {
  readonly workspaceId: string;
  readonly currency: string;
  /** The workspace's own currency; null when it is not known. */
  readonly workspaceCurrency: string | null;
  /** First and last posting dates in this currency; null when it has no rows. */
  readonly range: { readonly first: string; readonly last: string } | null;
  readonly categories: ReadonlyMap<string, Row<"category">>;
  /** This currency's rows; undefined when it has none. */
  readonly own: CurrencyLedger | undefined;
  /** Other currencies. */
  readonly others: ReadonlyMap<string, CurrencyLedger>;
  readonly ledger: Ledger;
}

/** Ledgers of readers that are read once. */
const ledgers = new WeakMap<SqlReader, Map<string, Promise<Ledger>>>();

/**
 * The same rows through a reader whose ledger is added up once, for several reports of one state, and whose rows are kept for the next that asks for them: months
 * on a device, all rows of a server's database. Only for a snapshot: what was read stays as it was.
 */
export function readingOnce({ dialect, keepsRollups, query }: SqlReader): SqlReader {
  const once: SqlReader = { dialect, keepsRollups, query: (statement) => query(statement) };
  ledgers.set(once, new Map());
  shareRows(once);
  return once;
}

function ledgerOf(reader: SqlReader, workspaceId: string): Promise<Ledger> {
  const known = ledgers.get(reader);
  const ledger = known?.get(workspaceId) ?? openLedger(reader, workspaceId);
  known?.set(workspaceId, ledger);
  return ledger;
}

/**
 * Reads the books. Without a currency it is the workspace's own if that has rows, else the one with most rows; a workspace without any
 * rows gives its own, or XXX (ISO 4217: no currency) when it is not known.
 */
export async function readBooks(reader: SqlReader, workspaceId: string, wanted: string | undefined): Promise<Books> {
  const ledger = await ledgerOf(reader, workspaceId);
  const [workspace] = await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
  const categories = await readRows(reader, "category", sql`where "workspace_id" = ${workspaceId}`);
  const currency = wanted ?? mainCurrency(ledger.currencies, workspace?.currency);
  const own = ledger.currencies.get(currency);
  return {
    workspaceId,
    currency,
    workspaceCurrency: workspace?.currency ?? null,
    range: own ? { first: own.first, last: own.last } : null,
    categories: new Map(categories.map((category) => [category.id, category])),
    own,
    others: new Map([...ledger.currencies].filter(([other]) => other !== currency)),
    ledger,
  };
}

function mainCurrency(currencies: ReadonlyMap<string, CurrencyLedger>, own: string | undefined): string {
  if (own !== undefined && currencies.has(own)) return own;
  const counts = [...currencies].map(([currency, { count }]) => ({ currency, count }));
  counts.sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1));
  return counts[0]?.currency ?? own ?? noCurrency;
}

/** True for rows that move money between own accounts, by their kind or their category's. */
export function isTransferIn(books: Pick<Books, "categories">): IsTransfer {
  const { categories } = books;
  return ({ isTransfer, categoryId }) => isTransfer || (categoryId !== null && categories.get(categoryId)?.kind === "transfer");
}

/** Groups of a month by category, none when it has no rows. */
export function groupsOf({ own }: Pick<Books, "own">, month: Month): readonly CategoryGroup[] {
  return byCategory(own?.groupsOf(month) ?? []);
}

/** Revenue and expenses of a month. */
export function monthTotals(books: Books, month: Month): Totals {
  return totalsOf(groupsOf(books, month), isTransferIn(books));
}

/** Every month from the first row to the last, gaps included. */
export function monthsOf(books: Pick<Books, "range">): Month[] {
  return books.range ? monthRange(monthOf(books.range.first), monthOf(books.range.last)) : [];
}

/** First and last posting dates of the rows that count, in any currency; null when there are none. Reads two rows by the index on dates. */
export async function readBookRange(reader: SqlReader, workspaceId: string): Promise<{ readonly first: string; readonly last: string } | null> {
  const [first] = await readRows(reader, "transaction", sql`where ${countedRows(workspaceId)} order by "posted_on", "id" limit 1`);
  const [last] = await readRows(reader, "transaction", sql`where ${countedRows(workspaceId)} order by "posted_on" desc, "id" desc limit 1`);
  return first && last ? { first: first.postedOn, last: last.postedOn } : null;
}

/** The workspace's own currency, or XXX (ISO 4217: no currency) when it is not known. */
export async function readWorkspaceCurrency(reader: SqlReader, workspaceId: string): Promise<string> {
  const [workspace] = await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
  return workspace?.currency ?? noCurrency;
}
