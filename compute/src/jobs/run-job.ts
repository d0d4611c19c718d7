import { isJobKind, jobKinds, SaldoError, type ErrorCode } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "../database.pg.ts";
import type { QueueEntry, RunOutcome } from "../queue/job-queue.ts";
import { failJob, finishJob, isRunning, reportProgress, startJob } from "./job-row.pg.ts";
import type { JobOutput, JobRunner, JobTask } from "./job-work.ts";

/** How often work that says nothing is asked whether anybody still waits for it. */
const wantedCheckMs = 2_000;

/** What running entries works with. */
export interface RunParts {
  readonly pool: pg.Pool;
  readonly runner: JobRunner;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** The work's job was cancelled, asked for again or finished elsewhere. */
class NotWanted extends Error {
  override readonly name = "NotWanted";
}

/**
 * Runs one entry of the queue from its row to its row. Throws when the work is worth another run later; a permanent failure, and any on the
 * last run, is written to the row and the dead-letter queue with its code.
 */
export async function runEntry(parts: RunParts, entry: QueueEntry, lastRun: boolean): Promise<RunOutcome> {
  const { pool, nowMs } = parts;
  const log = parts.log.child({ jobId: entry.jobId, attempt: entry.attempt, kind: entry.kind });
  try {
    const finished = await work(parts, entry);
    log.info({ finished }, finished ? "job done" : "job not wanted any more");
    return { outcome: "settled" };
  } catch (error) {
    if (error instanceof NotWanted) return { outcome: "settled" };
    const { code, permanent } = failureOf(error);
    const fault = describeFault(error);
    log.warn({ code, permanent, lastRun, fault }, "job run failed");
    if (!permanent && !lastRun) throw error;
    await failJob(pool, entry, { code, fault }, new Date(nowMs()).toISOString());
    return { outcome: "dead", code };
  }
}

async function work(parts: RunParts, entry: QueueEntry): Promise<boolean> {
  const { pool, nowMs } = parts;
  const started = await startJob(pool, entry);
  if (started === undefined) return false;
  const { kind } = started;
  if (!isJobKind(kind)) throw new SaldoError("job.kind_unavailable", { kind });
  const parameters = jobKinds[kind].parameters.safeParse(started.parameters);
  if (!parameters.success) throw new SaldoError("job.invalid_parameters", { kind });
  const { workspaceId, jobId } = entry;
  const output = await runWhileWanted(parts, entry, { kind, workspaceId, jobId, parameters: parameters.data, nowMs: nowMs() });
  return finishJob(pool, entry, output, new Date(nowMs()).toISOString());
}

/** Runs a task, writing how far it is to its row; rejects with {@link NotWanted} soon after the row stops running. */
async function runWhileWanted({ pool, runner, log }: RunParts, entry: QueueEntry, task: JobTask): Promise<JobOutput> {
  const wanted = new AbortController();
  const unlessWanted = (running: boolean) => {
    if (!running) wanted.abort(new NotWanted());
  };
  const check = setInterval(() => {
    isRunning(pool, entry).then(unlessWanted, (error: unknown) => log.warn({ fault: describeFault(error) }, "cannot ask whether a job is still wanted"));
  }, wantedCheckMs);
  try {
    return await runner.run(task, { signal: wanted.signal, onProgress: async (permille) => unlessWanted(await reportProgress(pool, entry, permille)) });
  } finally {
    clearInterval(check);
  }
}

/** The code a failure is told with, and whether another run could not help. */
function failureOf(error: unknown): { readonly code: ErrorCode; readonly permanent: boolean } {
  if (error instanceof SaldoError) return { code: error.code, permanent: !error.retryable };
  return { code: "job.internal", permanent: false };
}
