import { openPostgres } from "@saldo/client-core/store/postgres";
import { idOfJobResult, SaldoError } from "@saldo/schema";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { forecastJob } from "../forecast/forecast-job.ts";
import type { QueueEntry } from "../queue/job-queue.ts";
import { addBooks, addWorkspace, createServerDatabase, jobState, requestJob, resultJobIds, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { jobHandlers } from "./handlers.ts";
import { runHere, type JobHandler, type JobRunner } from "./job-work.ts";
import { runEntry } from "./run-job.ts";

let server: ServerDatabase;
let logged: string;
beforeEach(async () => {
  server = await createServerDatabase();
  logged = "";
  await addWorkspace(server.pool, "w1");
  await addBooks(server.pool, "w1");
});
afterEach(() => server.drop());

const entry: QueueEntry = { workspaceId: "w1", jobId: "j1", attempt: 1, kind: "generate_forecast" };

function run(handler: JobHandler = forecastJob, options: { readonly lastRun?: boolean; readonly of?: QueueEntry } = {}) {
  return runBy(runHere({ ...jobHandlers, generate_forecast: handler }, openPostgres(server.pool)), options);
}

function runBy(runner: JobRunner, { lastRun = false, of = entry } = {}) {
  const log = pino({}, { write: (line: string) => void (logged += line) });
  return runEntry({ pool: server.pool, runner, nowMs: () => testNowMs, log }, of, lastRun);
}

const cancel = () => server.pool.query(`update "job" set "status" = 'cancelled' where "id" = 'j1'`);

it("writes the result and the end of the job together", async () => {
  await requestJob(server.pool, "w1", "j1");
  expect(await run()).toEqual({ outcome: "settled" });
  expect(await jobState(server.pool, "j1")).toEqual({ status: "done", errorCode: null, progressPermille: 1000 });
  const { rows } = await server.pool.query(`select r.*, j."finished_at" from "report_result" r join "job" j on j."id" = r."job_id"`);
  expect(rows).toMatchObject([
    { id: idOfJobResult("j1", "forecast"), workspace_id: "w1", job_id: "j1", kind: "forecast", version: "2", computed_by: "cloud", computed_at: "2026-04-15T10:00:00.000Z", finished_at: "2026-04-15T10:00:00.000Z" },
  ]);
});

it("changes nothing when run again, also by two at once", async () => {
  await requestJob(server.pool, "w1", "j1");
  await Promise.all([run(), run(), run()]);
  const before = await server.pool.query(`select r.xmin::text, j.xmin::text as j from "report_result" r, "job" j`);
  expect(await run()).toEqual({ outcome: "settled" });
  expect((await server.pool.query(`select r.xmin::text, j.xmin::text as j from "report_result" r, "job" j`)).rows).toEqual(before.rows);
  expect(await resultJobIds(server.pool)).toEqual(["j1"]);
});

it("does not start a cancelled job, nor one of an earlier attempt, another workspace or nobody", async () => {
  await requestJob(server.pool, "w1", "j1");
  for (const of of [{ ...entry, attempt: 2 }, { ...entry, workspaceId: "w2" }, { ...entry, jobId: "j2" }]) {
    expect(await run(forecastJob, { of })).toEqual({ outcome: "settled" });
  }
  expect((await jobState(server.pool, "j1"))?.status).toBe("requested");
  await cancel();
  expect(await run()).toEqual({ outcome: "settled" });
  expect((await jobState(server.pool, "j1"))?.status).toBe("cancelled");
  expect(await resultJobIds(server.pool)).toEqual([]);
});

it("stops at the next step when cancelled under way, and writes no result when cancelled at the end", async () => {
  for (const when of ["between", "end"] as const) {
    await server.pool.query('delete from "job"');
    await server.pool.query("delete from relay.job_outbox");
    await requestJob(server.pool, "w1", "j1");
    const handler: JobHandler = async (work) => {
      if (when === "between") await cancel();
      const result = await forecastJob(work);
      await cancel();
      return result;
    };
    expect(await run(handler)).toEqual({ outcome: "settled" });
    expect((await jobState(server.pool, "j1"))?.status).toBe("cancelled");
    expect(await resultJobIds(server.pool)).toEqual([]);
  }
});

it("fails for good, with the code, what no other run can help", async () => {
  await requestJob(server.pool, "w1", "j1", { parameters: { horizonMonths: 19 } });
  await requestJob(server.pool, "w1", "j2", { kind: "export_pdf" });
  expect(await run()).toEqual({ outcome: "dead", code: "job.invalid_parameters" });
  expect(await run(forecastJob, { of: { ...entry, jobId: "j2" } })).toEqual({ outcome: "dead", code: "job.kind_unavailable" });
  expect(await jobState(server.pool, "j1")).toMatchObject({ status: "failed", errorCode: "job.invalid_parameters" });
  expect(await jobState(server.pool, "j2")).toMatchObject({ status: "failed", errorCode: "job.kind_unavailable" });
});

it("keeps a dead letter with the reason and the place of the fault, once", async () => {
  await requestJob(server.pool, "w1", "j1");
  const broken = () => Promise.reject(new RangeError("Ivanov 40817810099910004312"));
  await run(broken, { lastRun: true });
  await run(broken, { lastRun: true });
  const { rows } = await server.pool.query<{ fault: unknown }>("select job_id, code, status, fault from relay.dead_letter");
  expect(rows).toMatchObject([{ job_id: "j1", code: "job.internal", status: "open", fault: { name: "RangeError" } }]);
  expect(JSON.stringify(rows)).not.toContain("Ivanov");
});

it("stops silent work soon after it was cancelled", async () => {
  await requestJob(server.pool, "w1", "j1");
  const silent: JobRunner = {
    run: async (_task, { signal }) => {
      await cancel();
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    close: () => Promise.resolve(),
  };
  expect(await runBy(silent)).toEqual({ outcome: "settled" });
  expect((await jobState(server.pool, "j1"))?.status).toBe("cancelled");
});

it("asks for another run after a passing failure, and fails with its code on the last one", async () => {
  await requestJob(server.pool, "w1", "j1");
  const passing = () => Promise.reject(new SaldoError("store.io_failed"));
  await expect(run(passing)).rejects.toMatchObject({ code: "store.io_failed" });
  expect((await jobState(server.pool, "j1"))?.status).toBe("running");
  expect(await run(passing, { lastRun: true })).toEqual({ outcome: "dead", code: "store.io_failed" });
  expect(await jobState(server.pool, "j1")).toMatchObject({ status: "failed", errorCode: "store.io_failed" });
});

it("logs no text of an unknown error", async () => {
  await requestJob(server.pool, "w1", "j1");
  expect(await run(() => Promise.reject(new Error("Ivanov 40817810099910004312")), { lastRun: true })).toEqual({ outcome: "dead", code: "job.internal" });
  expect(logged).toContain("job run failed");
  expect(logged).not.toMatch(/Ivanov|40817/);
});
