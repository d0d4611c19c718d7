import { openPostgres } from "@saldo/client-core/store/postgres";
import { pino } from "pino";
import { z } from "zod";
import { openPool } from "../database.pg.ts";
import { jobHandlers } from "../jobs/handlers.ts";
import { runHere } from "../jobs/job-work.ts";
import { createPlaces } from "../threads/places.ts";
import { createThreadRunner } from "../threads/thread-runner.ts";
import { startWorker } from "../worker.ts";

/* A worker that notices lost ones soon, for tests that kill it. It works in threads of `THREAD_FILE`, without one in its own thread. */

const { DATABASE_URL, REDIS_URL, THREAD_FILE } = z
  .object({ DATABASE_URL: z.string(), REDIS_URL: z.string().optional(), THREAD_FILE: z.string().optional() })
  .parse(process.env);

process.on("disconnect", () => process.exit(0));
const log = pino({ level: "fatal" });
const pool = openPool(DATABASE_URL, () => undefined);
const threads = (file: string) =>
  createThreadRunner({
    file,
    settings: { databaseUrl: DATABASE_URL, outputLengthMax: 1_000_000, ai: { providers: {}, budgetMicros: 0, requestMsMax: 1_000 }, logLevel: "silent" },
    limits: { timeMsMax: 20_000, heapMbMax: 128 },
    places: createPlaces({ count: 2, heldMsMax: 20_000 }),
    threadsMax: 2,
  });

await startWorker({
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL ?? null,
  concurrency: 4,
  workspaceJobsMax: 4,
  drainMsMax: 5_000,
  pool,
  runner: THREAD_FILE === undefined ? runHere(jobHandlers, openPostgres(pool)) : threads(THREAD_FILE),
  timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 500, retryDelayMs: 10, dispatchMs: 1_000, sweepMs: 1_000 },
  nowMs: Date.now,
  random: Math.random,
  log,
});
