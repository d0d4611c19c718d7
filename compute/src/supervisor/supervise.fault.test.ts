import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { addBooks, addWorkspace, createServerDatabase, jobState, requestJob, type ServerDatabase } from "../testing/books.ts";
import { buildPrograms, type BuiltPrograms, type RunningProgram } from "../testing/program.ts";

const waitMs = { timeout: 100_000, interval: 50 };
const testMsMax = 180_000;
let programs: BuiltPrograms<"main" | "job-thread">;
let server: ServerDatabase;
let started: RunningProgram[];
beforeAll(async () => {
  programs = await buildPrograms({ main: "src/main.ts", "job-thread": "src/testing/poison-thread.main.ts" }, "supervisor");
});
afterAll(() => programs.remove());
beforeEach(async () => {
  started = [];
  server = await createServerDatabase();
  await addWorkspace(server.pool, "w1");
  await addBooks(server.pool, "w1");
});
afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill("SIGKILL");
    await ended;
  }
  await vi.waitFor(async () => expect(await workerCount()).toBe(0), waitMs);
  await server.drop();
});

function start(settings: Readonly<Record<string, string>>): RunningProgram {
  const program = programs.start("main", { DATABASE_URL: server.url, ...settings });
  started.push(program);
  return program;
}

/** Worker processes that listen for requests. */
async function workerCount(): Promise<number> {
  const { rows } = await server.pool.query<{ count: number }>(
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'saldo-dispatcher'",
  );
  return rows[0]?.count ?? 0;
}

/** Process ids of the workers that have said they are ready, by the log. */
function readyPids(program: RunningProgram): number[] {
  return [...program.said().matchAll(/"program":"worker","pid":(\d+),"msg":"ready"/g)].map((match) => Number(match[1]));
}

it("replaces a worker that is killed, and all leave when it is asked to stop", async () => {
  const program = start({ SALDO_WORKERS_MIN: "2", SALDO_WORKERS_MAX: "2" });
  await vi.waitFor(() => expect(readyPids(program)).toHaveLength(2), waitMs);
  const [killed] = readyPids(program);
  process.kill(killed ?? 0, "SIGKILL");
  await vi.waitFor(() => expect(readyPids(program)).toHaveLength(3), waitMs);
  await requestJob(server.pool, "w1", "j1");
  await vi.waitFor(async () => expect((await jobState(server.pool, "j1"))?.status).toBe("done"), waitMs);
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(0);
  expect(program.said().match(/"program":"worker",.*"msg":"stopped"/g)).toHaveLength(2);
  await vi.waitFor(async () => expect(await workerCount()).toBe(0), waitMs);
}, testMsMax);

it("leaves no worker behind when it is killed itself", async () => {
  const program = start({ SALDO_WORKERS_MIN: "2", SALDO_WORKERS_MAX: "2" });
  await vi.waitFor(async () => expect(await workerCount()).toBe(2), waitMs);
  program.child.kill("SIGKILL");
  await program.ended;
  await vi.waitFor(async () => expect(await workerCount()).toBe(0), waitMs);
}, testMsMax);

it("adds a worker while jobs wait for one", async () => {
  const program = start({ SALDO_WORKERS_MIN: "1", SALDO_WORKERS_MAX: "2", SALDO_WORKER_CONCURRENCY: "1" });
  await vi.waitFor(() => expect(readyPids(program)).toHaveLength(1), waitMs);
  await requestJob(server.pool, "w1", "loops", { parameters: { horizonMonths: 2 } });
  await vi.waitFor(async () => expect((await jobState(server.pool, "loops"))?.status).toBe("running"), waitMs);
  await requestJob(server.pool, "w1", "waits");
  await vi.waitFor(async () => expect((await jobState(server.pool, "waits"))?.status).toBe("done"), waitMs);
  expect(program.said()).toContain("number of worker processes");
  expect((await jobState(server.pool, "loops"))?.status).toBe("running");
}, testMsMax);

it("finishes the work under way before it leaves", async () => {
  const program = start({ SALDO_WORKERS_MIN: "1", SALDO_WORKERS_MAX: "1", SALDO_JOB_SECONDS_MAX: "3" });
  await requestJob(server.pool, "w1", "loops", { parameters: { horizonMonths: 2 } });
  await vi.waitFor(async () => expect((await jobState(server.pool, "loops"))?.status).toBe("running"), waitMs);
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(0);
  expect(await jobState(server.pool, "loops")).toMatchObject({ status: "failed", errorCode: "job.time_exceeded" });
}, testMsMax);
