import { pino } from "pino";
import { z } from "zod";
import { openPostgres } from "@saldo/client-core/store/postgres";
import { openPool } from "../database.pg.ts";
import { jobHandlers } from "../jobs/handlers.ts";
import { runHere, type JobHandler } from "../jobs/job-work.ts";
import { startWorker } from "../worker.ts";

/*
 * A worker that is killed with SIGKILL at a named point of its first job:
 *   started   the row says running, nothing is computed
 *   computed  the result is there, in memory
 *   committed the result and the end of the job are rows, the queue has not heard of it
 */

const { DATABASE_URL, REDIS_URL, DIE_AT } = z
  .object({ DATABASE_URL: z.string(), REDIS_URL: z.string().optional(), DIE_AT: z.enum(["started", "computed", "committed"]) })
  .parse(process.env);

const die = () => process.kill(process.pid, "SIGKILL");

const handler: JobHandler = async (work) => {
  if (DIE_AT === "started") die();
  const result = await jobHandlers.generate_forecast(work);
  if (DIE_AT === "computed") die();
  return result;
};

/** The log line that follows the commit is written before anything else happens. */
const log = pino({}, { write: (line: string) => void (DIE_AT === "committed" && line.includes("job done") && die()) });

const pool = openPool(DATABASE_URL, () => undefined);
await startWorker({
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL ?? null,
  concurrency: 1,
  workspaceJobsMax: 2,
  drainMsMax: 5_000,
  pool,
  runner: runHere({ ...jobHandlers, generate_forecast: handler }, openPostgres(pool)),
  timings: { startMsMax: 20_000, lockMs: 1_000, lostCheckMs: 300, retryDelayMs: 1_000, dispatchMs: 5_000, sweepMs: 30_000 },
  nowMs: Date.now,
  random: Math.random,
  log,
});
