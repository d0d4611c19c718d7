import type pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "./database.pg.ts";
import { dispatchRequests, sweepJobs, type DispatchParts } from "./dispatch/dispatcher.ts";
import { listenForRequests } from "./dispatch/listen.pg.ts";
import { createTurns } from "./dispatch/turns.ts";
import type { JobRunner } from "./jobs/job-work.ts";
import { runEntry } from "./jobs/run-job.ts";
import { queueTimings, type QueueTimings } from "./queue/bullmq-queue.ts";
import type { QueueEntry } from "./queue/job-queue.ts";
import { openQueue } from "./queue/open-queue.ts";

/** How soon a worker does what nobody asks it for. */
export interface WorkerTimings extends QueueTimings {
  /** How often committed requests are looked for when nobody says that there are any. */
  readonly dispatchMs: number;
  /** How often rows and queue are compared. */
  readonly sweepMs: number;
}

/** Timings of the service. */
export const workerTimings: WorkerTimings = { ...queueTimings, dispatchMs: 5_000, sweepMs: 30_000 };


/** What a worker is given. */
export interface WorkerParts {
  readonly databaseUrl: string;
  /** Null keeps the queue in Postgres. */
  readonly redisUrl: string | null;
  readonly concurrency: number;
  readonly pool: pg.Pool;
  /** What does the work; it stays its owner's. */
  readonly runner: JobRunner;
  /** Jobs of one workspace that may be under way at once, over all workers. */
  readonly workspaceJobsMax: number;
  readonly timings: WorkerTimings;
  /** How long work under way may take when asked to stop; below the patience of whoever stops us. */
  readonly drainMsMax: number;
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
  const { pool, runner, workspaceJobsMax, timings, drainMsMax, nowMs, random, log } = parts;
  const queue = await openQueue(parts);
  const dispatch: DispatchParts = { pool, queue, workspaceJobsMax, nowMs, log };
  const requests = createTurns(attempt(log, "dispatch failed", () => dispatchRequests(dispatch)), timings.dispatchMs, random);
  const sweeps = createTurns(attempt(log, "sweep failed", () => sweepJobs(dispatch)), timings.sweepMs, random);
  const run = async (entry: QueueEntry, lastRun: boolean) => {
    const outcome = await runEntry({ pool, runner, nowMs, log }, entry, lastRun);
    requests.wake(); // its workspace has room for another
    return outcome;
  };
  try {
    await queue.work(run, parts.concurrency);
  } catch (error) {
    await Promise.all([requests.stop(), sweeps.stop(), queue.close(drainMsMax)]);
    throw error;
  }
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
