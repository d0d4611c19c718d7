import { afterAll, beforeAll } from "vitest";
import { startRedis, type TestRedis } from "../../deploy/testing/redis.ts";
import { workerChaos } from "./worker-chaos.contract.ts";

const seed = Number(process.env["SALDO_CHAOS_SEED"] ?? 20_261_127);
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
});
afterAll(() => redis.stop());

workerChaos({ store: "postgres", redisUrl: () => null, seed, jobs: 100, workers: 4, kills: 3 });
workerChaos({ store: "redis", redisUrl: () => redis.url, seed, jobs: 100, workers: 4, kills: 3, halfWay: () => redis.restart() });
