import { openPostgres } from "@saldo/client-core/store/postgres";
import type { JobKind } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "./database.pg.ts";
import { dispatchRequests, sweepJobs, type DispatchParts } from "./dispatch/dispatcher.ts";
import { listenForRequests } from "./dispatch/listen.pg.ts";
import { createTurns } from "./dispatch/turns.ts";
import { forecastJob } from "./forecast/forecast-job.ts";
import { runEntry, type JobHandler } from "./jobs/run-job.ts";
import type { QueueTimings } from "./queue/bullmq-queue.ts";
import { openQueue } from "./queue/open-queue.ts";

/** How often committed requests are looked for when nobody says that there are any. */
const dispatchIntervalMs = 5_000;
/** How often rows and queue are compared. */
const sweepIntervalMs = 30_000;
/** How long work under way may take when asked to stop; below the patience of whoever stops us. */
const drainMsMax = 6_000;

/** The work of every registered kind. */
export const jobHandlers: Readonly<Record<JobKind, JobHandler>> = { generate_forecast: forecastJob };

/** What a worker is given. */
export interface WorkerParts {
  readonly databaseUrl: string;
  /** Null keeps the queue in Postgres. */
  readonly redisUrl: string | null;
  readonly concurrency: number;
  readonly pool: pg.Pool;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly timings: QueueTimings;
  readonly nowMs: () => number;
  /** Numbers in [0, 1), for pauses. */
  readonly random: () => number;
  readonly log: Logger;
}

/** A worker at work. */
export interface RunningWorker {
  /** Takes no more work, waits for what is under way, and leaves the rest to others. The pool stays open. */
  stop(): Promise<void>;
}

/** Starts dispatching requests and working on them. The database must be ready. Throws when the queue's store cannot be used. */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { pool, handlers, nowMs, random, log } = parts;
  const queue = await openQueue(parts);
  const run = { pool, database: openPostgres(pool), handlers, nowMs, log };
  try {
    await queue.work((entry, lastRun) => runEntry(run, entry, lastRun), parts.concurrency);
  } catch (error) {
    await queue.close(drainMsMax);
    throw error;
  }
  const dispatch: DispatchParts = { pool, queue, nowMs, log };
  const requests = createTurns(attempt(log, "dispatch failed", () => dispatchRequests(dispatch)), dispatchIntervalMs, random);
  const sweeps = createTurns(attempt(log, "sweep failed", () => sweepJobs(dispatch)), sweepIntervalMs, random);
  const stopListening = listenForRequests(parts, () => requests.wake());
  sweeps.wake();
  return {
    stop: async () => {
      await stopListening();
      const turns = Promise.all([requests.stop(), sweeps.stop()]);
      await queue.close(drainMsMax);
      await turns;
    },
  };
}

/** A failed turn is logged; the next one makes up for it. */
function attempt(log: Logger, message: string, take: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await take();
    } catch (error) {
      log.warn({ fault: describeFault(error) }, message);
    }
  };
}
