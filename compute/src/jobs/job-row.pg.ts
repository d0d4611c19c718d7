import { decodeRecord, tableCodec, tables, type ErrorCode, type JsonValue } from "@saldo/schema";
import type pg from "pg";
import { inTransaction, type FaultDescription } from "../database.pg.ts";
import type { QueueEntry } from "../queue/job-queue.ts";
import type { JobOutput } from "./job-work.ts";
import { writeOutput } from "./job-output.pg.ts";

/*
 * requested ──start──► running ──finish──► done
 *     │                   ├────fail──────► failed
 *     └──────cancel───────┴──(a person)──► cancelled
 *
 * Every step names the row, its attempt and the states it starts from in one statement, so a late or second worker changes nothing.
 */

const sameRow = '"workspace_id" = $1 and "id" = $2 and "attempt" = $3';
const keyOf = ({ workspaceId, jobId, attempt }: QueueEntry) => [workspaceId, jobId, attempt];

/** What a worker needs of a job's row; `parameters` are as they came from a device. */
export interface StartedJob {
  readonly kind: string;
  readonly parameters: JsonValue;
}

/** Marks a job running and reads it. Undefined when there is nothing to do: finished, cancelled, asked again since, or gone. */
export async function startJob(pool: pg.Pool, entry: QueueEntry): Promise<StartedJob | undefined> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `update "job" set "status" = 'running' where ${sameRow} and "status" in ('requested', 'running') returning "kind", "parameters"`,
    keyOf(entry),
  );
  if (rows[0] === undefined) return undefined;
  const { kind, parameters } = decodeRecord(tableCodec(tables.job), rows[0]);
  if (typeof kind !== "string" || parameters === undefined || parameters instanceof Uint8Array) throw new TypeError("a job row lacks its kind");
  return { kind, parameters };
}

/** Tells every device how far a job is. False when it is not running any more (cancelled, or finished by another worker): stop. */
export async function reportProgress(pool: pg.Pool, entry: QueueEntry, permille: number): Promise<boolean> {
  const { rowCount } = await pool.query(`update "job" set "progress_permille" = greatest("progress_permille", $4) where ${sameRow} and "status" = 'running'`, [...keyOf(entry), permille]);
  return rowCount === 1;
}

/** True while the row says that this attempt is at work. */
export async function isRunning(pool: pg.Pool, entry: QueueEntry): Promise<boolean> {
  const { rowCount } = await pool.query(`select 1 from "job" where ${sameRow} and "status" = 'running'`, keyOf(entry));
  return rowCount === 1;
}

/**
 * Writes what a job leaves behind and its end in one transaction, so either all is there or nothing. False, and nothing written, when the job
 * is not running any more.
 */
export async function finishJob(pool: pg.Pool, entry: QueueEntry, output: JobOutput, nowIso: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ requested_by: string | null }>(
      `update "job" set "status" = 'done', "progress_permille" = 1000, "finished_at" = $4 where ${sameRow} and "status" = 'running' returning "requested_by"`,
      [...keyOf(entry), nowIso],
    );
    const [finished] = rows;
    if (finished === undefined) return false;
    await writeOutput(client, { ...entry, requestedBy: finished.requested_by, nowIso }, output);
    return true;
  });
}

/** Why a job failed. */
export interface Failure {
  readonly code: ErrorCode;
  /** Where, for those who look after the service; never the text of an error. */
  readonly fault?: FaultDescription;
}

/**
 * Ends a job as failed with the reason and puts it into the dead-letter queue, both in one statement. False, and nothing written, when it had
 * ended before.
 */
export async function failJob(pool: pg.Pool, entry: QueueEntry, { code, fault }: Failure, nowIso: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with failed as (
       update "job" set "status" = 'failed', "error_code" = $4, "finished_at" = $5 where ${sameRow} and "status" in ('requested', 'running')
       returning "workspace_id", "id", "attempt", "kind"
     )
     insert into relay.dead_letter (workspace_id, job_id, attempt, kind, code, fault) select "workspace_id", "id", "attempt", "kind", $4, $6 from failed`,
    [...keyOf(entry), code, nowIso, fault === undefined ? null : JSON.stringify(fault)],
  );
  return rowCount === 1;
}
