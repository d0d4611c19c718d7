import { computeDashboard, computeDetail, listCategories, listedTotals, listTransactions, refreshRollups, transactionPageRowsMax, type TransactionFilter } from "@saldo/client-core/reports";
import type { Books } from "@saldo/client-core/books";
import type { SqlReader } from "@saldo/client-core/store";
import { formatMinorDecimal, SaldoError, type PeriodChoice, type Row } from "@saldo/schema";
import { dashboardText } from "../reports/dashboard-text.ts";
import { detailText } from "../reports/detail-text.ts";
import { withBooks, type FreshBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";

/** What every command on a store is given. */
export interface StoreOptions {
  readonly store: string;
  readonly json: boolean;
  readonly fresh: FreshBooks;
}

/** Which report of a store, of which days and in which currency. */
export interface ReportOptions extends StoreOptions {
  readonly period: PeriodChoice;
  /** Default: the workspace's when it has rows. */
  readonly currency?: string;
}

/** Prints the dashboard of a store. */
export async function reportDashboard(terminal: Terminal, options: ReportOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const request = await requestOf(books, options);
    const report = await books.database.snapshot((reader) => computeDashboard(reader, request));
    if (options.json) return printJson(terminal, report);
    terminal.stdout.write(dashboardText(report, options.fresh.locale));
  });
}

/** Prints the detail report of a store. */
export async function reportDetail(terminal: Terminal, options: ReportOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const request = await requestOf(books, options);
    const report = await books.database.snapshot((reader) => computeDetail(reader, request));
    if (options.json) return printJson(terminal, report);
    terminal.stdout.write(detailText(report, options.fresh.locale));
  });
}

/** What a report is asked with. Rollups are brought up to date first, so that the next report finds them. */
async function requestOf(books: Books, { period, currency }: ReportOptions) {
  const { workspaceId } = await books.recordContext();
  await refreshRollups(books.database, workspaceId);
  return { workspaceId, today: books.today(), period, ...(currency === undefined ? {} : { currency }) };
}

/** Lists transactions of a store, newest first, with the totals of the whole filter. */
export async function listStoreTransactions(
  terminal: Terminal,
  options: StoreOptions & { readonly filter: Omit<TransactionFilter, "workspaceId">; readonly limit: number },
): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const { workspaceId } = await books.recordContext();
    const filter = { ...options.filter, workspaceId };
    const { rows: found, foot, categories } = await books.database.snapshot(async (reader) => ({
      rows: await readUpTo(reader, filter, options.limit),
      foot: await listedTotals(reader, filter),
      categories: new Map((await listCategories(reader, workspaceId)).map((category) => [category.id, category.name])),
    }));
    if (options.json) {
      const named = found.map((row) => ({ ...row, category: row.categoryId === null ? null : (categories.get(row.categoryId) ?? null) }));
      return printJson(terminal, { rows: named, totalCount: foot.count, totals: foot.totals });
    }
    const rows = found.map((row) => [row.postedOn, formatMinorDecimal(row.amountMinor, row.currency), row.currency, row.counterpartyName ?? "", row.description]);
    terminal.stdout.write(tableText([["Date", "Amount", "", "Counterparty", "Description"], ...rows], [1]));
    terminal.stdout.write(`${found.length} of ${foot.count}\n`);
  });
}

async function readUpTo(reader: SqlReader, filter: TransactionFilter, limit: number): Promise<Row<"transaction">[]> {
  const rows: Row<"transaction">[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listTransactions>> = await listTransactions(reader, filter, cursor, Math.min(transactionPageRowsMax, limit - rows.length));
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < limit);
  return rows;
}

/** Parses a count option. Throws `SaldoError` `cli.wrong_usage`. */
export function parseCount(text: string, name: string, max: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > max) throw new SaldoError("cli.wrong_usage", { option: name, max });
  return count;
}
