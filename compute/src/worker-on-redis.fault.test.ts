import { Redis } from "ioredis";
import { openPostgres } from "@saldo/client-core/store/postgres";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startRedis, type TestRedis } from "../../deploy/testing/redis.ts";
import { jobHandlers } from "./jobs/handlers.ts";
import { runHere } from "./jobs/job-work.ts";
import { addBooks, addWorkspace, createServerDatabase, jobState, requestJob, resultJobIds, testNowMs } from "./testing/books.ts";
import { startWorker } from "./worker.ts";
import { workerFaults } from "./worker-faults.contract.ts";

let redis: TestRedis;
let admin: Redis;
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});

workerFaults(
  () => redis.url,
  async () => {
    await admin.flushall();
  },
);

it("loses nothing to a Redis that is full, and goes on when there is room again", async () => {
  const server = await createServerDatabase();
  const { pool } = server;
  const timings = { startMsMax: 20_000, lockMs: 1_000, lostCheckMs: 300, retryDelayMs: 10, dispatchMs: 100, sweepMs: 300 };
  const parts = { databaseUrl: server.url, redisUrl: redis.url, concurrency: 2, workspaceJobsMax: 4, drainMsMax: 5_000, pool, timings, log: pino({ level: "silent" }) };
  await addWorkspace(pool, "w1");
  await addBooks(pool, "w1");
  const worker = await startWorker({ ...parts, runner: runHere(jobHandlers, openPostgres(pool)), nowMs: () => testNowMs, random: () => 0.5 });
  try {
    await admin.config("SET", "maxmemory", "1");
    const names = ["j1", "j2", "j3", "j4", "j5", "j6"];
    for (const name of names) await requestJob(pool, "w1", name);
    await expect(admin.set("any", "value")).rejects.toThrow("OOM");
    expect((await jobState(pool, "j1"))?.status).toBe("requested");
    await admin.config("SET", "maxmemory", "0");
    await vi.waitFor(async () => expect(await resultJobIds(pool)).toEqual(names), { timeout: 40_000, interval: 50 });
  } finally {
    await admin.config("SET", "maxmemory", "0");
    await worker.stop();
    await server.drop();
  }
});
