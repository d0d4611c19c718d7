import { afterAll, beforeAll } from "vitest";
import { startRedis, type TestRedis } from "../../deploy/testing/redis.ts";
import { workerChaos } from "./worker-chaos.contract.ts";

/** Another seed kills others at other moments; fewer jobs make a piece of the whole. */
const seed = Number(process.env["SALDO_CHAOS_SEED"] ?? 20_261_127);
const jobs = Number(process.env["SALDO_CHAOS_JOBS"] ?? 10_000);
const jobsPerKill = 100;
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
});
afterAll(() => redis.stop());

const chaos = { seed, jobs, workers: 4, kills: Math.ceil(jobs / jobsPerKill) };
workerChaos({ ...chaos, store: "postgres", redisUrl: () => null });
workerChaos({ ...chaos, store: "redis", redisUrl: () => redis.url, halfWay: () => redis.restart() });
