import { dashboardReport, firstDay, lastDay, minor, sumMinor } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { insertTableRows, openStore, type LocalDatabase, type SqlReader } from "../store/index.ts";
import { readBusiness } from "../forecast/index.ts";
import { generatedBooks, generatedWorkspaceId as workspaceId, type BooksRecipe } from "./generated-books.ts";
import { computeDashboard, computeDetail, filterOfRows, listTransactions, monthlyTotals, openChanges, listedTotals, quickPage, readingOnce, totalTransactions, type TransactionFilter } from "./index.ts";
import { quickTotals } from "./quick-totals.ts";
import { besideTransfers, totalApart } from "./transactions.ts";
import { refreshRollups } from "../rollups/index.ts";
import { countedTransactions, recomputedDashboard, type PlainBooks } from "./recomputed.ts";
import { dashboardNumbersOf } from "./dashboard-numbers.ts";
import { expectDetail, expectNumbers, plainSums, type Sums } from "./testing/expect-detail.ts";

/** Books of different lengths: across a leap day, ending on a month's last days, of a few days only, and empty. */
const recipes: readonly (BooksRecipe & { readonly title: string; readonly months: readonly string[]; readonly details: readonly string[]; readonly today: string })[] = [
  { title: "two years across a leap day", seed: 10, from: "2023-03-01", days: 700, rows: 2_400, months: ["all", "2024-02", "2024-03", "2023-12", "2023-03", "2025-01", "2025-02", "2026-01"], details: ["month", "last_complete", "quarter", "ytd", "12m", "all", "2024-02", "2023", "2023-Q4", "2024-01-15..2024-03-20", "2023-12-01..2024-02-29"], today: "2025-01-31" },
  { title: "a year that ends on a weekend", seed: 13, from: "2025-06-01", days: 363, rows: 900, months: ["all", "2026-05", "2026-04"], details: ["month", "ytd"], today: "2026-06-03" },
  { title: "March up to the 30th, compared with all of February", seed: 3, from: "2025-12-01", days: 120, rows: 400, months: ["all", "2026-03", "2026-02"], details: ["month", "quarter", "all"], today: "2026-03-30" },
  { title: "five days", seed: 5, from: "2024-02-25", days: 5, rows: 40, months: ["all", "2024-02"], details: ["month", "12m"], today: "2024-02-29" },
  { title: "no rows", seed: 1, from: "2024-02-25", days: 5, rows: 0, months: ["2024-02"], details: ["month", "all"], today: "2024-02-29" },
];
/** Months and periods asked of a driver that need not be asked for all. */
const monthsOfPart = 3;
const detailsOfPart = 4;
const currencies = ["RUB", "USD", "JPY"] as const;
/** Pages of so many rows are compared, the first ones of each filter. */
const pageRows = 7;
const pagesCompared = 3;
/** A database as its reader alone: read by rows where its rollups are left aside. */
function readerOf(database: LocalDatabase): SqlReader {
  return { dialect: database.dialect, keepsRollups: database.keepsRollups, query: (statement) => database.query(statement) };
}

/**
 * The reports hold against a recomputation by plain loops, whatever the driver. `open` gives an empty database. All months and periods are asked
 * for when `isWhole`; that another driver gives the same is seen from some of them.
 */
export function describeReports(driver: string, open: () => Promise<LocalDatabase>, isWhole: boolean): void {
  describe.each(recipes)(`reports on ${driver}: $title (seed $seed)`, (recipe) => {
    const books = generatedBooks(recipe);
    let database: LocalDatabase;
    /** SQLite in memory: every driver names the same risks as it. */
    let reference: LocalDatabase;
    beforeAll(async () => {
      database = await openStore(await open());
      reference = await openStore(openBetterSqlite3({ path: ":memory:" }));
      await writeBooks(database, books);
      await writeBooks(reference, books);
      for (const each of [database, reference]) await refreshRollups(each, workspaceId);
    });
    afterAll(async () => {
      await reference.close();
      await database.close();
    });
    const today = recipe.today;
    const dashboardOf = (currency: string, month: string) => database.snapshot((reader) => computeDashboard(reader, { workspaceId, currency, period: month, today }));

    const hasRows = (currency: string) => books.transactions.some((row) => row.currency === currency);
    const asked = recipe.months.slice(0, isWhole ? recipe.months.length : monthsOfPart).flatMap((month) => currencies.map((currency) => ({ month, currency })));
    it.each(asked.filter(({ month, currency }) => month !== "all" || hasRows(currency)))("dashboard of $month in $currency", async ({ month, currency }) => {
      const report = dashboardReport.parse(await dashboardOf(currency, month));
      const { topRisks, ...figures } = report;
      expect(figures).toEqual(recomputedDashboard(books, { workspaceId, currency, month, today }));
      expect(await database.snapshot((reader) => computeDashboard(readingOnce(reader), { workspaceId, currency, period: month, today }))).toEqual(report);
      expect(topRisks).toEqual((await computeDashboard(reference, { workspaceId, currency, period: month, today })).topRisks);
      const shares = report.categoryBreakdown.map((row) => row.shareBasisPoints);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(shares.length === 0 ? 0 : 10_000);
    });

    it.each(asked.filter(({ month, currency }) => month !== "all" || hasRows(currency)))("every number of the dashboard of $month in $currency is of its rows", async ({ month, currency }) => {
      const report = await dashboardOf(currency, month);
      const counted = countedTransactions(books, workspaceId);
      await expectNumbers(dashboardNumbersOf(report), currency, plainSums(counted, books.categories));
      const { from, to } = report.period;
      expect(counted.filter((row) => row.currency === currency && row.postedOn >= from && row.postedOn <= to).length).toBe(report.transactionCount);
    });

    it.each(recipe.details.slice(0, isWhole ? recipe.details.length : detailsOfPart))("detail of %s: every number is the sum of its rows, the same on every driver, from rollups and from rows", async (period) => {
      for (const currency of currencies) {
        const request = { workspaceId, currency, period, today };
        const report = await database.snapshot((reader) => computeDetail(reader, request));
        expect(await computeDetail({ ...readerOf(database), keepsRollups: false }, request)).toEqual(report);
        if (driver !== "better-sqlite3") expect(report).toEqual(await computeDetail(reference, request));
        else await expectDetail(report, plainSums(countedTransactions(books, workspaceId).filter((row) => row.currency === currency), books.categories));
      }
    });

    it("why a figure changed: its parts add up to the figure of the detail report, and the rows behind each to it", async () => {
      const request = { workspaceId, currency: "RUB", period: "quarter", today } as const;
      const report = await computeDetail(database, request);
      const changes = await openChanges(database, request);
      if (changes === null) return expect(report.bridge).toBeNull();
      const lines = [
        ...(["revenue", "expenses"] as const).map((side) => ({ figure: { side }, figures: report.profitAndLoss[side].figures })),
        ...report.categories.map(({ side, categoryId, figures }) => ({ figure: { side, categoryId }, figures })),
      ];
      for (const { figure, figures } of lines) {
        const { parts, rest, nowMinor, beforeMinor } = await changes.of(figure);
        expect({ nowMinor, beforeMinor }).toEqual({ nowMinor: figures.currentMinor, beforeMinor: figures.previousMinor ?? figures.yearAgoMinor });
        expect(sumMinor([...parts.map((part) => part.nowMinor), minor(rest?.nowMinor ?? 0)])).toBe(nowMinor);
        expect(sumMinor([...parts.map((part) => part.beforeMinor), minor(rest?.beforeMinor ?? 0)])).toBe(beforeMinor);
      }
      const kept = await database.snapshot(async (reader) => (await openChanges(readingOnce(reader), request))?.largest(4));
      expect(kept).toEqual(await changes.largest(4));
      const [largest] = (await changes.of({ side: "expenses" })).parts;
      const behind = largest && (await totalTransactions(database, { workspaceId, ...filterOfRows(largest.rows, "RUB", report.period) }));
      expect(behind?.totals[0]?.outMinor ?? 0).toBe(largest?.nowMinor ?? 0);
      for (const change of await changes.largest(4)) {
        expect(change.nowMinor).not.toBe(change.beforeMinor);
        expect(change).toEqual(await changes.of(change.figure));
      }
    });

    it("what a forecast starts from is of the rows of its months, and the same of rows that are kept", async () => {
      for (const currency of currencies) {
        const request = { workspaceId, currency, today, horizonMonths: 6 };
        const inOrder = ({ months, categories, ...rest }: Awaited<ReturnType<typeof readBusiness>>) => ({ ...rest, categories: new Set(categories.keys()), months: months.map((month) => ({ ...month, expensesMinor: Object.fromEntries(month.expensesMinor) })) });
        const read = await database.snapshot((reader) => readBusiness(reader, request));
        const business = inOrder(read);
        expect(inOrder(await database.snapshot((reader) => readBusiness(readingOnce(reader), request)))).toEqual(business);
        expect(business).toEqual(inOrder(await readBusiness(reference, request)));
        const sums = plainSums(countedTransactions(books, workspaceId), books.categories);
        for (const { month, revenueMinor, expensesMinor } of read.months) {
          const days = { currency, from: firstDay(month), to: lastDay(month), excludeTransfers: true };
          expect(await sums(days), month).toEqual({ inMinor: revenueMinor, outMinor: [...expensesMinor.values()].reduce((sum, amount) => sum + amount, 0) });
          for (const [categoryId, amountMinor] of expensesMinor) expect((await sums({ ...days, categoryIds: [categoryId] })).outMinor, month).toBe(amountMinor);
        }
      }
    });

    // One book is enough: each number asks the database.
    if (recipe === recipes[0]) {
      it("rows behind each number of the dashboard and the detail report are found by its filter", async () => {
        const known = new Map<string, Promise<{ inMinor: number; outMinor: number }>>();
        const found: Sums = async (filter) => {
          const key = JSON.stringify(filter);
          const sums = known.get(key) ?? totalsBothWays(database, { ...filter, workspaceId }).then(({ totals }) => ({ inMinor: totals[0]?.inMinor ?? 0, outMinor: totals[0]?.outMinor ?? 0 }));
          known.set(key, sums);
          return sums;
        };
        await expectDetail(await computeDetail(database, { workspaceId, currency: "RUB", period: "quarter", today }), found);
        for (const month of ["2025-01", "2024-02"]) {
          const dashboard = await dashboardOf("RUB", month);
          await expectNumbers(dashboardNumbersOf(dashboard), "RUB", found);
          const { from, to } = dashboard.period;
          expect((await totalsBothWays(database, { workspaceId, currency: "RUB", from, to })).count).toBe(dashboard.transactionCount);
        }
      });
    }

    it("monthly totals are those of the months' dashboards", async () => {
      const { months, currency } = await monthlyTotals(database, { workspaceId, today });
      expect(currency).toBe("RUB");
      for (const { month, revenueMinor, expensesMinor, complete } of months) {
        const plain = recomputedDashboard(books, { workspaceId, currency, month, today });
        expect({ month, revenueMinor, expensesMinor, complete }).toEqual({
          month,
          revenueMinor: plain.revenue.currentMinor,
          expensesMinor: plain.expenses.currentMinor,
          complete: !plain.period.partial,
        });
      }
    });

    it("pages give every row once, newest first", async () => {
      const filter: TransactionFilter = { workspaceId };
      const ids: string[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = await listTransactions(database, filter, cursor, 97);
        ids.push(...page.rows.map((row) => `${row.postedOn} ${row.id}`));
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      expect(ids).toEqual(ids.toSorted().toReversed());
      expect(new Set(ids).size).toBe((await totalTransactions(database, filter)).count);
    });

    it("totals of any filter are the same from rollups and from rows", async () => {
      const { accounts, categories } = books;
      const [accountId, categoryId, name] = [accounts[0]?.id ?? "", categories[0]?.id ?? "", "ИП Ёлкин"];
      const days = { from: recipe.from, to: recipe.today };
      const cut = { from: `${recipe.from.slice(0, 8)}28`, to: `${recipe.today.slice(0, 8)}02` };
      const parts: readonly Partial<TransactionFilter>[] = [{}, days, cut, { accountId }, { categoryId }, { categoryId: null }, { categoryIds: [categoryId, null] }, { kind: "refund" }, { counterpartyName: name }, { counterpartyName: null }, { counterpartyNames: [name] }, { exceptCounterpartyNames: [name, null] }];
      for (const part of parts) {
        await expectListed(database, { workspaceId, ...part });
        for (const other of [{}, { direction: "out" }, { excludeTransfers: true, direction: "in" }, { onlyTransfers: true }, { currency: "RUB", ...cut }] as const) await totalsBothWays(database, { workspaceId, ...part, ...other });
      }
    });

    it("pages of any filter are the same from rollups and from rows", async () => {
      const rare = books.transactions.at(-1)?.counterpartyName ?? null;
      const parts: readonly Partial<TransactionFilter>[] = [{}, { counterpartyName: rare }, { counterpartyName: null }, { counterpartyNames: ["ИП Ёлкин"] }, { counterpartyName: "Nobody" }, { exceptCounterpartyNames: [rare] }, { categoryId: null }, { kind: "refund" }];
      for (const part of parts) {
        for (const other of [{}, { direction: "out", excludeTransfers: true }, { from: recipe.from, to: `${recipe.today.slice(0, 8)}02` }] as const) await expectPages(database, { workspaceId, ...part, ...other });
      }
    });

    it("search finds what its words are in", async () => {
      const hits = (await totalTransactions(database, { workspaceId, search: " За  МЕД" })).count;
      const plain = await totalTransactions(database, { workspaceId });
      const { rows } = await listTransactions(database, { workspaceId, search: "100%" }, null, 500);
      expect(rows.every((row) => row.description.includes("100%"))).toBe(true);
      expect(hits).toBeLessThanOrEqual(plain.count);
      expect(hits > 0).toBe(books.transactions.length > 0);
    });
  });
}

/** Writes generated books in one transaction. */
export async function writeBooks(database: LocalDatabase, books: PlainBooks): Promise<void> {
  await database.transaction(async (tx) => {
    await insertTableRows(tx, "workspace", books.workspaces, "fail");
    await insertTableRows(tx, "account", books.accounts, "fail");
    await insertTableRows(tx, "category", books.categories, "fail");
    await insertTableRows(tx, "import", books.imports, "fail");
    await insertTableRows(tx, "transaction", books.transactions, "fail");
  });
}

/** What the rows of a filter come to, by the rows; rollups say the same. */
async function totalsBothWays(database: LocalDatabase, filter: TransactionFilter): ReturnType<typeof totalTransactions> {
  const byRows = await totalTransactions(database, filter);
  expect(await database.snapshot((reader) => quickTotals(reader, filter)), JSON.stringify(filter)).toEqual(byRows);
  return byRows;
}

/** The foot of a list tells transfers apart, from rollups and from rows, and of nothing else makes more or less. */
async function expectListed(database: LocalDatabase, filter: TransactionFilter): Promise<void> {
  const of = async (narrowing: Partial<TransactionFilter>) => (await totalTransactions(database, { ...filter, ...narrowing })).totals;
  const expected = besideTransfers({ counted: await of({ excludeTransfers: true }), transfers: await of({ onlyTransfers: true }) });
  expect(await database.snapshot((reader) => listedTotals(reader, filter)), JSON.stringify(filter)).toEqual(expected);
  expect(besideTransfers(await totalApart(database, filter))).toEqual(expected);
  expect(expected.count).toBe((await totalTransactions(database, filter)).count);
}

/** Pages found through rollups, followed by their cursors, are those found among all rows. */
async function expectPages(database: LocalDatabase, filter: TransactionFilter): Promise<void> {
  for (let cursor: string | null = null, pages = 0; pages < pagesCompared && (pages === 0 || cursor !== null); pages++) {
    const page: Awaited<ReturnType<typeof listTransactions>> = await listTransactions(database, filter, cursor, pageRows);
    const asked = cursor;
    expect(await database.snapshot((reader) => quickPage(reader, filter, asked, pageRows)), JSON.stringify({ filter, asked })).toEqual(page);
    cursor = page.nextCursor;
  }
}
