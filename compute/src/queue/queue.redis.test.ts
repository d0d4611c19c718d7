import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startRedis, type TestRedis } from "../../../deploy/testing/redis.ts";
import { openQueue } from "./open-queue.ts";
import { queueContract } from "./queue.contract.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

queueContract(async () => {
  await redis.restart();
  return { databaseUrl: "postgres://unused", redisUrl: redis.url, dispose: () => Promise.resolve() };
});

it("does not use a Redis that may throw entries away", async () => {
  const evicting = await startRedis({ settings: { "maxmemory-policy": "allkeys-lru" } });
  const place = { databaseUrl: "postgres://unused", redisUrl: evicting.url, log: pino({ level: "silent" }), random: Math.random };
  try {
    const opening = openQueue({ ...place, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 } });
    await expect(opening).rejects.toMatchObject({ code: "job.queue_evicts", detail: { policy: "allkeys-lru" } });
  } finally {
    await evicting.stop();
  }
});
