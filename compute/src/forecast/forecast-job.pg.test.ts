import { openPostgres } from "@saldo/client-core/store/postgres";
import { forecastReport } from "@saldo/schema";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addBooks, addTransaction, addWorkspace, createServerDatabase, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { forecastJob } from "./forecast-job.ts";

let server: ServerDatabase;
beforeEach(async () => {
  server = await createServerDatabase();
  await addWorkspace(server.pool, "w1");
});
afterEach(() => server.drop());

async function run(horizonMonths: number) {
  const task = { kind: "generate_forecast", workspaceId: "w1", jobId: "j1", parameters: { horizonMonths }, nowMs: testNowMs } as const;
  const { results } = await forecastJob({ ...task, database: openPostgres(server.pool), desk: null, clockMs: () => testNowMs, inPlace: (compute) => compute(), computed: () => undefined, signal: new AbortController().signal, progress: () => Promise.resolve() });
  return results[0] ?? { kind: "none", version: 0, result: null };
}

it("forecasts revenue, expenses and net of the workspace's own months", async () => {
  await addBooks(server.pool, "w1");
  const { kind, version, result } = await run(6);
  const report = forecastReport.parse(result);
  expect({ kind, version }).toEqual({ kind: "forecast", version: 2 });
  expect(report).toMatchObject({ outcome: "ok", currency: "RUB", asOfMonth: "2026-03", horizonMonths: 6 });
  if (report.outcome !== "ok") throw new Error("unreachable");
  expect(report.points.map(({ month }) => month)).toEqual(["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]);
});

it("says that there is not enough history, as a result", async () => {
  await addTransaction(server.pool, "w1", "t1", { postedOn: "2026-03-31", amountMinor: 100 });
  expect((await run(3)).result).toMatchObject({ outcome: "not_enough_data", monthsHave: 1 });
});

it("starts from the months that are complete, and from what counts in reports only", async () => {
  const { pool } = server;
  await addWorkspace(pool, "w2");
  await addBooks(pool, "w1");
  const alone = await run(6);
  await pool.query(`insert into "category" values ('own', 'w1', 'Между счетами', 'transfer', null, 0, false, '2026-01-01T00:00:00.000Z')`);
  await pool.query(
    `insert into "import" ("id", "workspace_id", "file_name", "file_sha256", "file_bytes", "format", "understanding", "rows_declared", "rows_added",
       "rows_refused", "status", "created_at") values ('half', 'w1', '', '', 0, 'csv', 'null', 0, 0, 0, 'loading', '')`,
  );
  const aside = [
    { postedOn: "2026-04-14", amountMinor: 700_000_000 },
    { postedOn: "2026-03-02", amountMinor: 700_000_000, importId: "half" },
    { postedOn: "2026-03-03", amountMinor: 700_000_000, isSplit: true },
    { postedOn: "2026-03-04", amountMinor: 700_000_000, currency: "USD" },
    { postedOn: "2026-03-05", amountMinor: 700_000_000, categoryId: "own" },
  ];
  for (const [index, posting] of aside.entries()) await addTransaction(pool, "w1", `aside-${index}`, posting);
  await addTransaction(pool, "w2", "t0", { postedOn: "2026-03-01", amountMinor: 700_000_000 });
  expect(await run(6)).toEqual(alone);
});
