import { afterAll, beforeAll } from "vitest";
import { startRedis, type TestRedis } from "../../deploy/testing/redis.ts";
import { workerPoison } from "./worker-poison.contract.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

workerPoison("postgres", () => null);
workerPoison("redis", () => redis.url);
