import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { startRedis, type TestRedis } from "../../deploy/testing/redis.ts";
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
