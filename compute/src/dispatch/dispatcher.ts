import { isErrorCode, type ErrorCode } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { failJob } from "../jobs/job-row.pg.ts";
import type { JobQueue, PlacedEntry, QueueEntry } from "../queue/job-queue.ts";
import { queuePriority } from "../queue/priority.ts";
import { activeJobs, claimRequests, expiredJobs, forgetRequests, releaseRequests, type ActiveJob, type JobCursor } from "./outbox.pg.ts";

/** Requests handed over at a time. */
const batchMax = 200;
/** Entries the queue may hold waiting; more stay in the outbox until it empties. */
export const queuedEntriesMax = 10_000;
/** Requests forgotten in one sweep. */
const forgottenMax = 1_000;
const forgetAgeMs = 7 * 24 * 3_600_000;
/** How long a job may wait, or be tried, before it is given up. */
const expiryAgeMs = 24 * 3_600_000;
/** How long handing over may take before a sweep looks for the entry. */
const handoverMsMax = 10_000;

/** What dispatching works with. */
export interface DispatchParts {
  readonly pool: pg.Pool;
  readonly queue: JobQueue;
  /** Jobs of one workspace that may be in the queue or at work at once; more stay in the outbox. */
  readonly workspaceJobsMax: number;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * Hands committed requests to the queue until none is left, the queue is full or every workspace that waits has its share under way. Any number of processes may do it at once.
 * Throws when the queue cannot be reached; the requests wait then.
 */
export async function dispatchRequests({ pool, queue, workspaceJobsMax }: DispatchParts): Promise<void> {
  for (;;) {
    const room = queuedEntriesMax - (await queue.waitingCount());
    if (room <= 0) return;
    const { claimed, jobs } = await claimRequests(pool, Math.min(batchMax, room), workspaceJobsMax);
    try {
      await queue.add(jobs.map(placed));
    } catch (error) {
      await releaseRequests(pool, jobs.map((job) => job.entry));
      throw error;
    }
    // Requests whose job has ended took places of others.
    if (claimed < batchMax && jobs.length === claimed) return;
  }
}

/**
 * Makes rows and queue agree: jobs the queue has lost are handed over again, jobs it has given up, and those that waited too long, end as
 * failed with the reason.
 * `settledMs` leaves out what is being handed over right now.
 */
export async function sweepJobs(parts: DispatchParts, settledMs = handoverMsMax): Promise<void> {
  const { pool, queue } = parts;
  for (const entry of await expiredJobs(pool, expiryAgeMs, batchMax)) await giveUp(parts, entry, "job.expired");
  let room = queuedEntriesMax - (await queue.waitingCount());
  let after: JobCursor | undefined;
  for (;;) {
    const jobs = await activeJobs(pool, settledMs, batchMax, after);
    const states = await queue.states(jobs.map((job) => job.entry));
    const lost: ActiveJob[] = [];
    for (const [index, job] of jobs.entries()) {
      const state = states[index];
      if (state?.state === "gone" && room-- > 0) lost.push(job);
      if (state?.state === "dead") await giveUp(parts, job.entry, reasonCode(state.reason));
    }
    if (lost.length > 0) parts.log.warn({ jobs: lost.length }, "jobs the queue has lost go to it again");
    await queue.add(lost.map(placed));
    after = jobs.at(-1)?.entry;
    if (jobs.length < batchMax) break;
  }
  await forgetRequests(pool, forgetAgeMs, forgottenMax);
}

function placed({ entry, plan, arrivedMs }: ActiveJob): PlacedEntry {
  return { entry, priority: queuePriority(entry.kind, plan, arrivedMs) };
}

async function giveUp({ pool, nowMs, log }: DispatchParts, entry: QueueEntry, code: ErrorCode): Promise<void> {
  if (await failJob(pool, entry, { code }, new Date(nowMs()).toISOString())) {
    log.warn({ jobId: entry.jobId, attempt: entry.attempt, kind: entry.kind, code }, "job given up");
  }
}

/** Workers leave a code; BullMQ itself gives up only what took its workers down. */
function reasonCode(reason: string): ErrorCode {
  if (isErrorCode(reason)) return reason;
  return reason.includes("stalled") ? "job.worker_lost" : "job.internal";
}
