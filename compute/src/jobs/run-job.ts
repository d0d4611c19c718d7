import type { LocalDatabase } from "@saldo/client-core/store";
import { isJobKind, jobKinds, SaldoError, type ErrorCode, type JobKind, type JsonValue } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import { describeFault } from "../database.pg.ts";
import type { QueueEntry, RunOutcome } from "../queue/job-queue.ts";
import { failJob, finishJob, reportProgress, startJob, type JobResult } from "./job-row.pg.ts";

/** What the work of one kind is given. */
export interface JobWork {
  readonly workspaceId: string;
  readonly parameters: JsonValue;
  /** The workspace's rows, read with the device's code. */
  readonly database: LocalDatabase;
  readonly nowMs: () => number;
  /** Tells devices how far the work is; call it between steps. Throws to stop work that nobody waits for any more. */
  progress(permille: number): Promise<void>;
}

/** The work of one kind: rows in, a result out. It writes nothing itself, so it may run any number of times. */
export type JobHandler = (work: JobWork) => Promise<JobResult>;

/** What running entries works with. */
export interface RunParts {
  readonly pool: pg.Pool;
  readonly database: LocalDatabase;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Thrown through a handler whose job was cancelled or finished elsewhere. */
class NotWanted extends Error {
  override readonly name = "NotWanted";
}

/**
 * Runs one entry of the queue from its row to its row. Throws when the work is worth another run later; a permanent failure, and any on the
 * last run, is written to the row with its code.
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
    log.warn({ code, permanent, lastRun, fault: describeFault(error) }, "job run failed");
    if (!permanent && !lastRun) throw error;
    await failJob(pool, entry, code, new Date(nowMs()).toISOString());
    return { outcome: "dead", code };
  }
}

async function work({ pool, database, handlers, nowMs }: RunParts, entry: QueueEntry): Promise<boolean> {
  const started = await startJob(pool, entry);
  if (started === undefined) return false;
  const { kind } = started;
  if (!isJobKind(kind)) throw new SaldoError("job.kind_unavailable", { kind });
  const parameters = jobKinds[kind].parameters.safeParse(started.parameters);
  if (!parameters.success) throw new SaldoError("job.invalid_parameters", { kind });
  const result = await handlers[kind]({
    workspaceId: entry.workspaceId,
    parameters: parameters.data,
    database,
    nowMs,
    progress: async (permille) => {
      if (!(await reportProgress(pool, entry, permille))) throw new NotWanted();
    },
  });
  return finishJob(pool, entry, result, new Date(nowMs()).toISOString());
}

/** The code a failure is told with, and whether another run could not help. */
function failureOf(error: unknown): { readonly code: ErrorCode; readonly permanent: boolean } {
  if (error instanceof SaldoError) return { code: error.code, permanent: !error.retryable };
  return { code: "job.internal", permanent: false };
}
