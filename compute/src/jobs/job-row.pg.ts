import { decodeRecord, tableCodec, tables, toBound, type ErrorCode, type JsonValue, type Row } from "@saldo/schema";
import type pg from "pg";
import type { QueueEntry } from "../queue/job-queue.ts";

/*
 * requested ──start──► running ──finish──► done
 *     │                   ├────fail──────► failed
 *     └──────cancel───────┴──(a person)──► cancelled
 *
 * Every step names the row, its attempt and the states it starts from in one statement, so a late or second worker changes nothing.
 */

/** A computed result on its way into `report_result`. */
export interface JobResult {
  readonly kind: Row<"report_result">["kind"];
  readonly version: number;
  readonly result: JsonValue;
}

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
  const { rowCount } = await pool.query(`update "job" set "progress_permille" = $4 where ${sameRow} and "status" = 'running'`, [...keyOf(entry), permille]);
  return rowCount === 1;
}

/**
 * Writes a job's result and its end in one statement, so either both are there or neither. False, and nothing written, when the job is
 * not running any more. The result takes the id of its job: the key of `report_result` itself refuses a second one.
 */
export async function finishJob(pool: pg.Pool, entry: QueueEntry, { kind, version, result }: JobResult, nowIso: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with finished as (
       update "job" set "status" = 'done', "progress_permille" = 1000, "finished_at" = $4
       where ${sameRow} and "status" = 'running' returning "workspace_id", "id"
     )
     insert into "report_result" ("id", "workspace_id", "report_id", "job_id", "kind", "version", "computed_by", "computed_at", "result")
     select "id", "workspace_id", null, "id", $5, $6, 'cloud', $4, $7 from finished`,
    [...keyOf(entry), nowIso, kind, version, toBound("json", result, "postgres")],
  );
  return rowCount === 1;
}

/** Ends a job as failed with the reason. False when it had ended before. */
export async function failJob(pool: pg.Pool, entry: QueueEntry, code: ErrorCode, nowIso: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update "job" set "status" = 'failed', "error_code" = $4, "finished_at" = $5 where ${sameRow} and "status" in ('requested', 'running')`,
    [...keyOf(entry), code, nowIso],
  );
  return rowCount === 1;
}
