import { openPostgres } from "@saldo/client-core/store/postgres";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { openPool } from "./database.pg.ts";
import { sweepJobs } from "./dispatch/dispatcher.ts";
import { jobHandlers } from "./jobs/handlers.ts";
import { runHere } from "./jobs/job-work.ts";
import { openQueue } from "./queue/open-queue.ts";
import { addBooks, addWorkspace, createServerDatabase, jobState, requestJob, resultJobIds, testNowMs, type ServerDatabase } from "./testing/books.ts";
import { buildPrograms, type BuiltPrograms } from "./testing/program.ts";
import { startWorker, type RunningWorker } from "./worker.ts";

const waitMs = { timeout: 60_000, interval: 50 };
const timings = { startMsMax: 20_000, lockMs: 1_000, lostCheckMs: 300, retryDelayMs: 1_000, dispatchMs: 5_000, sweepMs: 30_000 };
/** Of workers nobody kills: none is taken for lost because the machine was busy. */
const patientLockMs = 120_000;
const log = pino({ level: "silent" });

/** What must hold when workers are killed, on every store of the queue. `forget` empties the store. */
export function workerFaults(redisUrl: () => string | null, forget: (server: ServerDatabase) => Promise<void>): void {
  let programs: BuiltPrograms<"dying-worker">;
  let server: ServerDatabase;
  let workers: RunningWorker[];

  beforeAll(async () => {
    programs = await buildPrograms({ "dying-worker": "src/testing/dying-worker.main.ts" }, `faults-${redisUrl() === null ? "pg" : "redis"}`);
  });
  afterAll(() => programs.remove());
  beforeEach(async () => {
    workers = [];
    server = await createServerDatabase();
    await addWorkspace(server.pool, "w1");
    await addBooks(server.pool, "w1");
    const queue = await open();
    await queue.waitingCount();
    await queue.close(5_000);
    await forget(server);
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
    await server.drop();
  });

  const open = () => openQueue({ databaseUrl: server.url, redisUrl: redisUrl(), log, random: () => 0.5, timings });
  const startHere = async (handlers = jobHandlers, lockMs = timings.lockMs) => {
    const { pool, url } = server;
    const parts = { databaseUrl: url, redisUrl: redisUrl(), concurrency: 2, workspaceJobsMax: 1_000, drainMsMax: 5_000, pool, timings: { ...timings, lockMs }, log };
    const worker = await startWorker({ ...parts, runner: runHere(handlers, openPostgres(pool)), nowMs: () => testNowMs, random: () => 0.5 });
    workers.push(worker);
    return worker;
  };
  const killedWorker = async (dieAt: string) => {
    const url = redisUrl();
    const dying = programs.start("dying-worker", { DATABASE_URL: server.url, DIE_AT: dieAt, ...(url === null ? {} : { REDIS_URL: url }) });
    expect(await dying.ended, dying.said()).toBe("SIGKILL");
  };
  const untilStatus = (jobId: string, status: string) => vi.waitFor(async () => expect((await jobState(server.pool, jobId))?.status).toBe(status), waitMs);

  for (const dieAt of ["started", "computed", "committed"]) {
    it(`has its effect exactly once when the worker is killed with the job ${dieAt}`, async () => {
      await requestJob(server.pool, "w1", "j1");
      await killedWorker(dieAt);
      expect((await jobState(server.pool, "j1"))?.status).toBe(dieAt === "committed" ? "done" : "running");
      expect(await resultJobIds(server.pool)).toEqual(dieAt === "committed" ? ["j1"] : []);
      await startHere();
      await untilStatus("j1", "done");
      const queue = await open();
      const entry = { workspaceId: "w1", jobId: "j1", attempt: 1, kind: "generate_forecast" };
      await vi.waitFor(async () => expect(await queue.states([entry])).toEqual([{ state: "gone" }]), waitMs);
      await queue.close(5_000);
      expect(await resultJobIds(server.pool)).toEqual(["j1"]);
    });
  }

  it("gives up a job that kills every worker, tells why, and goes on with the others", async () => {
    await requestJob(server.pool, "w1", "poison");
    for (let killed = 0; killed < 5; killed++) await killedWorker("started");
    await startHere();
    await requestJob(server.pool, "w1", "other");
    await untilStatus("other", "done");
    const queue = await open();
    const entry = { workspaceId: "w1", jobId: "poison", attempt: 1, kind: "generate_forecast" };
    await vi.waitFor(async () => expect(await queue.states([entry])).toMatchObject([{ state: "dead" }]), waitMs);
    await sweepJobs({ pool: server.pool, queue, workspaceJobsMax: 1_000, nowMs: () => testNowMs, log }, 0);
    await queue.close(5_000);
    expect(await jobState(server.pool, "poison")).toMatchObject({ status: "failed", errorCode: "job.worker_lost" });
    expect(await resultJobIds(server.pool)).toEqual(["other"]);
  });

  it("runs every requested job though the queue has lost everything, also under working workers", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `j${String(index).padStart(2, "0")}`);
    for (const name of names) await requestJob(server.pool, "w1", name);
    let started = 0;
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    await startHere({
      ...jobHandlers,
      generate_forecast: async (work) => {
        started++;
        await gate;
        return jobHandlers.generate_forecast(work);
      },
    }, patientLockMs);
    const queue = await open();
    await vi.waitFor(async () => expect([started, await queue.waitingCount()]).toEqual([2, 28]), waitMs);
    await forget(server);
    expect(await queue.waitingCount()).toBe(0);
    goOn();
    await sweepJobs({ pool: server.pool, queue, workspaceJobsMax: 1_000, nowMs: () => testNowMs, log }, 0);
    await vi.waitFor(async () => expect(await resultJobIds(server.pool)).toEqual(names), waitMs);
    for (const name of names) await untilStatus(name, "done");
    await queue.close(5_000);
  });

  it("works with a database that cuts all its connections", async () => {
    const pool = openPool(server.url, () => undefined);
    const parts = { databaseUrl: server.url, redisUrl: redisUrl(), concurrency: 1, workspaceJobsMax: 2, drainMsMax: 5_000, pool, runner: runHere(jobHandlers, openPostgres(pool)), timings, log };
    const worker = await startWorker({ ...parts, nowMs: () => testNowMs, random: () => 0.5 });
    try {
      await requestJob(server.pool, "w1", "j0");
      await untilStatus("j0", "done");
      await server.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
      await requestJob(server.pool, "w1", "j1");
      await untilStatus("j1", "done");
      expect((await resultJobIds(server.pool)).toSorted()).toEqual(["j0", "j1"]);
    } finally {
      await worker.stop();
      await pool.end();
    }
  });
}
