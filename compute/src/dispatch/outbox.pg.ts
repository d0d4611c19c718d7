import { sqlName, type Row } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import type { QueueEntry } from "../queue/job-queue.ts";

/** A job that waits or runs, with what its place in the queue depends on. */
export interface ActiveJob {
  readonly entry: QueueEntry;
  readonly plan: Row<"workspace">["plan"];
  /** When the server received the request. */
  readonly arrivedMs: number;
}

const activeJobRecord = z
  .object({
    workspace_id: z.string(),
    id: z.string(),
    attempt: z.coerce.number().int(),
    kind: z.string(),
    plan: z.enum(["trial", "paid", "expired"]).nullable(),
    arrived: z.date(),
  })
  .transform(
    ({ workspace_id, id, attempt, kind, plan, arrived }): ActiveJob => ({
      entry: { workspaceId: workspace_id, jobId: id, attempt, kind },
      plan: plan ?? "expired",
      arrivedMs: arrived.getTime(),
    }),
  );

const columns = `${["workspaceId", "id", "attempt", "kind"].map((key) => `j."${sqlName(key)}"`).join(", ")}, w."plan"`;
const active = `j."status" in ('requested', 'running')`;

/**
 * Takes committed requests that nobody has handed to the queue, oldest first; each goes to one caller. Requests whose job has ended or is
 * gone are taken too, and left out. Those of a caller that dies before handing over are found by {@link activeJobs}.
 */
export async function claimRequests(pool: pg.Pool, countMax: number): Promise<{ readonly claimed: number; readonly jobs: readonly ActiveJob[] }> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `with waiting as (
       select job_id, attempt from relay.job_outbox where queued_at is null order by created_at limit $1 for update skip locked
     ), claimed as (
       update relay.job_outbox as o set queued_at = now() from waiting as n
       where o.job_id = n.job_id and o.attempt = n.attempt returning o.job_id, o.attempt, o.workspace_id, o.created_at
     )
     select ${columns}, o.created_at as arrived from claimed as o
     left join "job" as j on j."workspace_id" = o.workspace_id and j."id" = o.job_id and j."attempt" = o.attempt and ${active}
     left join "workspace" as w on w."id" = o.workspace_id
     order by o.created_at`,
    [countMax],
  );
  return { claimed: rows.length, jobs: rows.filter((row) => row["id"] !== null).map((row) => activeJobRecord.parse(row)) };
}

/** Gives claimed requests back, for another try soon. */
export async function releaseRequests(pool: pg.Pool, entries: readonly QueueEntry[]): Promise<void> {
  await pool.query(
    `update relay.job_outbox as o set queued_at = null from unnest($1::text[], $2::int[]) as n (job_id, attempt)
     where o.job_id = n.job_id and o.attempt = n.attempt`,
    [entries.map((entry) => entry.jobId), entries.map((entry) => entry.attempt)],
  );
}

/** Where a page of {@link activeJobs} ended. */
export interface JobCursor {
  readonly workspaceId: string;
  readonly jobId: string;
}

/**
 * Jobs that wait or run by their rows and were handed to the queue more than `settledMs` ago (or have lost their request), by key after
 * `after`: the queue must know of each.
 */
export async function activeJobs(pool: pg.Pool, settledMs: number, countMax: number, after: JobCursor | undefined): Promise<readonly ActiveJob[]> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select ${columns}, coalesce(o.created_at, now()) as arrived from "job" as j
     left join relay.job_outbox as o on o.job_id = j."id" and o.attempt = j."attempt" and o.workspace_id = j."workspace_id"
     left join "workspace" as w on w."id" = j."workspace_id"
     where ${active} and (o.job_id is null or o.queued_at < now() - make_interval(secs => $1::double precision / 1000))
       and (j."workspace_id", j."id") > ($2, $3)
     order by j."workspace_id", j."id" limit $4`,
    [settledMs, after?.workspaceId ?? "", after?.jobId ?? "", countMax],
  );
  return rows.map((row) => activeJobRecord.parse(row));
}

/** Forgets requests handed over long ago whose job has ended; at most `countMax` at a time. */
export async function forgetRequests(pool: pg.Pool, ageMs: number, countMax: number): Promise<void> {
  await pool.query(
    `delete from relay.job_outbox where (job_id, attempt) in (
       select o.job_id, o.attempt from relay.job_outbox as o
       where o.queued_at < now() - make_interval(secs => $1::double precision / 1000)
         and not exists (select 1 from "job" as j where j."workspace_id" = o.workspace_id and j."id" = o.job_id and j."attempt" = o.attempt and ${active})
       limit $2
     )`,
    [ageMs, countMax],
  );
}
