import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { ProcessPool } from "./supervisor/processes.ts";
import { addBooks, addWorkspace, createServerDatabase, jobState, requestJob, resultJobIds, type ServerDatabase } from "./testing/books.ts";
import { buildPrograms, type BuiltPrograms } from "./testing/program.ts";

const waitMs = { timeout: 300_000, interval: 100 };

/** What poisoned jobs end with, and what they ask for (see `poison-thread.main.ts`). */
const poisons = {
  throws: { horizonMonths: 1, code: "job.internal" },
  loops: { horizonMonths: 2, code: "job.time_exceeded" },
  "takes all memory": { horizonMonths: 3, code: "job.memory_exceeded" },
  "kills the process": { horizonMonths: 4, code: "job.worker_lost" },
  "ends its thread": { horizonMonths: 5, code: "job.internal" },
  "returns 100 MB": { horizonMonths: 7, code: "job.result_too_large" },
};

/** Poisoned jobs end as dead letters with the reason, and others are done meanwhile; on every store of the queue. */
export function workerPoison(store: string, redisUrl: () => string | null): void {
  let programs: BuiltPrograms<"worker" | "thread">;
  let server: ServerDatabase;
  let workers: ProcessPool;
  beforeAll(async () => {
    programs = await buildPrograms({ worker: "src/testing/mortal-worker.main.ts", thread: "src/testing/poison-thread.main.ts" }, `poison-${store}`);
    server = await createServerDatabase();
    const url = redisUrl();
    workers = programs.pool("worker", { DATABASE_URL: server.url, THREAD_FILE: programs.file("thread"), ...(url === null ? {} : { REDIS_URL: url }) });
  });
  afterAll(async () => {
    await workers.stop();
    await server.drop();
    programs.remove();
  });

  it(`gives up each kind of poison with its reason, and does all other work (${store})`, async () => {
    for (const workspaceId of ["poisoned", "well"]) {
      await addWorkspace(server.pool, workspaceId);
      await addBooks(server.pool, workspaceId);
    }
    const good = Array.from({ length: 12 }, (_, index) => `good-${String(index).padStart(2, "0")}`);
    for (const [name, { horizonMonths }] of Object.entries(poisons)) await requestJob(server.pool, "poisoned", name, { parameters: { horizonMonths } });
    for (const name of good) await requestJob(server.pool, "well", name, { parameters: { horizonMonths: 12 } });
    workers.resize(2);
    for (const name of good) await vi.waitFor(async () => expect((await jobState(server.pool, name))?.status).toBe("done"), waitMs);
    for (const [name, { code }] of Object.entries(poisons)) {
      await vi.waitFor(async () => expect(await jobState(server.pool, name), name).toMatchObject({ status: "failed", errorCode: code }), waitMs);
    }
    const { rows } = await server.pool.query<{ job_id: string; code: string }>("select job_id, code from relay.dead_letter");
    expect(Object.fromEntries(rows.map((row) => [row.job_id, row.code]))).toEqual(Object.fromEntries(Object.entries(poisons).map(([name, { code }]) => [name, code])));
    expect(await resultJobIds(server.pool)).toEqual(good);
  }, 400_000);
}
