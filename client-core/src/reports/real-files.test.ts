import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { systemIds } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { importFile, openBooks } from "../books/index.ts";
import type { ReadRow } from "../import/index.ts";
import { readWhole } from "../import/testing/read-whole.ts";
import { refreshRollups } from "../rollups/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, readRows, type LocalDatabase } from "../store/index.ts";
import { writeBooks } from "./contract.ts";
import { computeDashboard, computeDetail } from "./index.ts";
import { recomputedDashboard, type PlainBooks } from "./recomputed.ts";
import { expectDetail, plainSums } from "./testing/expect-detail.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/statements/", import.meta.url));
/** Files of people and of public bodies, with the categories of theirs that are transfers between own accounts. */
const files: readonly { readonly path: string; readonly transfers: readonly string[] }[] = [
  { path: "garimabhayanaa__Budget-Manager/Transactions.csv", transfers: ["Money Transfer"] },
  { path: "odileeds__council-spending-data/darlington_2022-09.csv", transfers: [] },
  { path: "WoLpH__mt940/sepa_mt9401.sta", transfers: [] },
];
const today = "2026-11-23";

function checkRealFiles(): void {
  let other: LocalDatabase;
  beforeAll(async () => {
    other = await openStore(openPglite(await emptyPglite()));
  });
  afterAll(() => other.close());
  describe.each(files)("the reports of $path", ({ path, transfers }) => {
    const bytes = new Uint8Array(readFileSync(folder + path));
    let database: LocalDatabase;
    let parsed: readonly ReadRow[];
    let books: PlainBooks;
    let workspaceId: string;
    let currency: string;
    beforeAll(async () => {
      database = await openStore(openBetterSqlite3({ path: ":memory:" }));
      const nowMs = () => Date.parse(`${today}T10:00:00Z`);
      const opened = await openBooks(database, { ids: systemIds(), nowMs, pause: () => Promise.resolve() }, { currency: "GBP", locale: "en" });
      await importFile(opened, { name: path, bytes });
      parsed = (await readWhole(bytes)).rows;
      workspaceId = (await opened.recordContext()).workspaceId;
      currency = parsed[0]?.currency ?? "GBP";
      const [workspaces, accounts, categories] = [await readRows(database, "workspace"), await readRows(database, "account"), await readRows(database, "category")];
      books = { workspaces, accounts, categories, imports: await readRows(database, "import"), transactions: await readRows(database, "transaction") };
      await writeBooks(other, books);
      for (const each of [database, other]) await refreshRollups(each, workspaceId);
    });
    afterAll(() => database.close());

    it("come to what plain loops over the parsed rows come to", async () => {
      const report = await computeDetail(database, { workspaceId, period: "all", currency, today });
      const own = parsed.filter((row) => row.currency === currency && row.kind !== "transfer" && !transfers.includes(row.category ?? ""));
      const sumOf = (rows: readonly ReadRow[], sign: number) => rows.reduce((sum, { amountMinor }) => (Math.sign(amountMinor) === sign ? sum + Math.abs(amountMinor) : sum), 0);
      expect(parsed.length).toBeGreaterThan(20);
      expect(report.profitAndLoss.revenue.figures.currentMinor).toBe(sumOf(own, 1));
      expect(report.profitAndLoss.expenses.figures.currentMinor).toBe(sumOf(own, -1));
      for (const [index, { month }] of report.matrix.months.entries()) {
        expect(report.matrix.totalsMinor[index], month).toBe(sumOf(own.filter(({ postedOn }) => postedOn.startsWith(month)), -1));
      }
      for (const [side, sign] of [["suppliers", -1], ["customers", 1]] as const) {
        for (const { name, figures } of report[side].largest) expect(figures.currentMinor, name ?? "").toBe(sumOf(own.filter(({ counterparty }) => (counterparty || null) === name), sign));
      }
    });

    it.each(["month", "ytd", "all"])("of %s add up in every number, from rollups as from rows, the same on PGlite", async (period) => {
      const request = { workspaceId, period, currency, today };
      const report = await computeDetail(database, request);
      const rows = books.transactions.filter((row) => row.currency === currency && !row.isSplit);
      await expectDetail(report, plainSums(rows, books.categories));
      expect(await other.snapshot((reader) => computeDetail(reader, request))).toEqual(report);
    });

    it("have a dashboard as plain loops make it, the same on PGlite", async () => {
      const months = [...new Set(books.transactions.map(({ postedOn }) => postedOn.slice(0, 7)))].toSorted();
      for (const month of ["all", ...months.slice(-2)]) {
        const request = { workspaceId, period: month, currency, today };
        const { topRisks, ...figures } = await computeDashboard(database, request);
        expect(figures).toEqual(recomputedDashboard(books, { workspaceId, currency, month, today }));
        expect(await other.snapshot((reader) => computeDashboard(reader, request))).toEqual({ ...figures, topRisks });
      }
    });
  });
}

const isPresent = existsSync(folder);
if (isPresent) checkRealFiles();
else test("NOT CHECKED: the folder of real statement files is absent beside the repository", () => expect(isPresent).toBe(false));
