import { readFileSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { importFile, openBooks, systemEnvironment } from "@saldo/client-core/books";
import { adviseWorkspace } from "@saldo/client-core/recommendations";
import { computeDashboard, computeDetail, listedTotals, quickPage, refreshRollups } from "@saldo/client-core/reports";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { openPglite } from "@saldo/client-core/store/pglite";
import { atMost, quantile, type Bench, type BenchContext, type BenchOptions, type Figure } from "../bench/bench.ts";
import { makeLedger } from "./ledger.ts";

const rounds = 7;
const pageRows = 50;
/** Seconds advice may take: it is worked out beside the screens, once for each state of the books. */
const adviceMax = 5;
const today = "2026-11-27";
const periods = ["month", "quarter", "ytd", "12m", "all"] as const;

/** Bounds of one driver: first build in seconds, a report in milliseconds, a start to the first dashboard in seconds. */
const drivers = {
  sqlite: { buildMax: 2, reportMax: 50, startMax: 0.5, folder: "books.db", open: async (file: string) => openBetterSqlite3({ path: file }) },
  pglite: { buildMax: 6, reportMax: 150, startMax: 2, folder: "books.pglite", open: async (file: string) => openPglite(await PGlite.create(file)) },
} as const;
type DriverName = keyof typeof drivers;

/** Which drivers are measured. */
export const options: BenchOptions = { only: { type: "string", help: "sqlite or pglite, with commas; both when left out" } };

/**
 * Reports of 500,000 rows from rollups, on SQLite and PGlite: the first build, the dashboard and the detail report of each period (the slowest of
 * the periods' medians), what the rows of a category and of a supplier come to over all years and the newest of the supplier's, advice, and a start of the books to the first dashboard.
 */
const bench: Bench = async (context) => {
  const only = String(context.options["only"] ?? "sqlite,pglite").split(",");
  const file = makeLedger(context.repository, context.folder);
  const figures: Figure[] = [];
  for (const name of Object.keys(drivers).filter(isDriver)) if (only.includes(name)) figures.push(...(await measure(context, name, file)));
  return figures;
};

export default bench;

function isDriver(name: string): name is DriverName {
  return name in drivers;
}

async function measure({ now, note, folder }: BenchContext, name: DriverName, file: string): Promise<Figure[]> {
  const driver = drivers[name];
  const store = path.join(folder, driver.folder);
  note(`${name}: importing 500,000 rows`);
  const database = await openStore(await driver.open(store));
  const books = await openBooks(database, systemEnvironment(), { currency: "USD", locale: "en" });
  await importFile(books, { name: "ledger.csv", bytes: new Uint8Array(readFileSync(file)) });
  const { workspaceId } = await books.recordContext();
  const seconds = async (work: () => Promise<unknown>) => {
    const from = now();
    await work();
    return (now() - from) / 1000;
  };
  note(`${name}: first build`);
  const build = await seconds(() => refreshRollups(database, workspaceId));
  const slowest = async (report: (source: LocalDatabase, period: string) => Promise<unknown>) => {
    const medians: number[] = [];
    for (const period of periods) {
      const taken: number[] = [];
      for (let round = 0; round < rounds; round++) taken.push(1000 * (await seconds(() => report(database, period))));
      medians.push(quantile(taken, 0.5));
    }
    return Number(Math.max(...medians).toFixed(1));
  };
  note(`${name}: reports`);
  const dashboard = await slowest((source, period) => source.snapshot((reader) => computeDashboard(reader, { workspaceId, period, today })));
  const detail = await slowest((source, period) => source.snapshot((reader) => computeDetail(reader, { workspaceId, period, today })));
  const rowsOf = (filter: object) => slowest((source) => source.snapshot((reader) => listedTotals(reader, { workspaceId, direction: "out", excludeTransfers: true, ...filter })));
  const report = await database.snapshot((reader) => computeDetail(reader, { workspaceId, period: "all", today }));
  const ofCategory = await rowsOf({ categoryIds: report.categories.find(({ side }) => side === "expenses")?.rows.categoryIds ?? [] });
  const supplier = { counterpartyName: report.suppliers.largest[0]?.name ?? null };
  const ofSupplier = await rowsOf(supplier);
  const pageOfSupplier = await slowest((source) => source.snapshot((reader) => quickPage(reader, { workspaceId, direction: "out", excludeTransfers: true, ...supplier }, null, pageRows)));
  note(`${name}: advice`);
  const advice = await seconds(() => database.snapshot((reader) => adviseWorkspace(reader, { workspaceId, today })));
  await database.close();
  note(`${name}: start`);
  const start = await seconds(async () => {
    const opened = await openStore(await driver.open(store));
    await refreshRollups(opened, workspaceId);
    await opened.snapshot((reader) => computeDashboard(reader, { workspaceId, today }));
    await opened.close();
  });
  return [
    atMost(`${name}: first build of rollups, 500,000 rows`, Number(build.toFixed(2)), "s", driver.buildMax),
    atMost(`${name}: dashboard, slowest period`, dashboard, "ms", driver.reportMax),
    atMost(`${name}: detail report, slowest period`, detail, "ms", driver.reportMax),
    atMost(`${name}: rows behind a category, all years`, ofCategory, "ms", driver.reportMax),
    atMost(`${name}: rows behind a supplier, all years`, ofSupplier, "ms", driver.reportMax),
    atMost(`${name}: first page of a supplier's rows, all years`, pageOfSupplier, "ms", driver.reportMax),
    atMost(`${name}: advice`, Number(advice.toFixed(2)), "s", adviceMax),
    atMost(`${name}: open to the first dashboard and close`, Number(start.toFixed(2)), "s", driver.startMax),
  ];
}
