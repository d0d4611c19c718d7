import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startRedis, type TestRedis } from "../../../deploy/testing/redis.ts";
import { openQueue } from "../queue/open-queue.ts";
import { addWorkspace, createServerDatabase, requestJob, testNowMs } from "../testing/books.ts";
import { dispatcherContract } from "./dispatcher.contract.ts";
import { dispatchRequests } from "./dispatcher.ts";

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

dispatcherContract(
  () => redis.url,
  async () => {
    await admin.flushall();
  },
);

it("keeps requests in the outbox while Redis is away", async () => {
  const server = await createServerDatabase();
  const other = await startRedis();
  const log = pino({ level: "silent" });
  const queue = await openQueue({ databaseUrl: server.url, redisUrl: other.url, log, random: Math.random, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 } });
  const parts = { pool: server.pool, queue, workspaceJobsMax: 1_000, nowMs: () => testNowMs, log };
  try {
    await addWorkspace(server.pool, "w1");
    await dispatchRequests(parts);
    await requestJob(server.pool, "w1", "j1");
    const goneAfterCounting = async () => {
      const count = await queue.waitingCount();
      await other.kill();
      return count;
    };
    for (const waitingCount of [goneAfterCounting, queue.waitingCount]) {
      await expect(dispatchRequests({ ...parts, queue: { ...queue, waitingCount } })).rejects.toThrow();
      expect((await server.pool.query("select 1 from relay.job_outbox where queued_at is null")).rowCount).toBe(1);
    }
    await other.restart();
    await dispatchRequests(parts);
    expect(await queue.waitingCount()).toBe(1);
  } finally {
    await queue.close(5_000);
    await other.stop();
    await server.drop();
  }
});
