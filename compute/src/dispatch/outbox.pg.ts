import { sqlName, type Row } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { inTransaction } from "../database.pg.ts";
import type { QueueEntry } from "../queue/job-queue.ts";
import { waitMsByKind, waitMsByPlan } from "../queue/priority.ts";

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
const sameJob = `j."workspace_id" = o.workspace_id and j."id" = o.job_id and j."attempt" = o.attempt`;
const sameRequest = "o.workspace_id = n.workspace_id and o.job_id = n.job_id and o.attempt = n.attempt";

/** Held by whoever takes requests: what each workspace may have under way is counted and taken in one go. */
const claimLock = 0x5a1d0;

const shareOf = (waitsMs: string, key: string) => `coalesce((${waitsMs}::jsonb ->> ${key})::double precision, $5::double precision) / 1000`;

/**
 * The workspaces that wait and have room, the first requests of each as many as it has room for, and of those the first of all: first is what
 * may start earliest, by the rule of `queuePriority`.
 */
const claimStatement = `with busy as (
  select o.workspace_id, count(*) as under_way from relay.job_outbox as o join "job" as j on ${sameJob} and ${active}
  where o.queued_at is not null group by o.workspace_id
), ranked as (
  select o.workspace_id, o.job_id, o.attempt, o.due, o.nth, coalesce(b.under_way, 0) as under_way from (
    select workspace_id, job_id, attempt, due, row_number() over (partition by workspace_id order by due, job_id) as nth from (
      select *, created_at + make_interval(secs => ${shareOf("$3", "kind")}) as due from relay.job_outbox where queued_at is null
    ) as waiting
  ) as o left join busy as b on b.workspace_id = o.workspace_id
), chosen as (
  select n.workspace_id, n.job_id, n.attempt from ranked as n left join "workspace" as w on w."id" = n.workspace_id
  where n.nth <= $2::int - n.under_way
  order by n.due + make_interval(secs => ${shareOf("$4", `coalesce(w."plan", 'expired')`)}), n.job_id limit $1
), claimed as (
  update relay.job_outbox as o set queued_at = now() from chosen as n where ${sameRequest} returning o.*
)
select ${columns}, o.created_at as arrived from claimed as o
left join "job" as j on ${sameJob} and ${active}
left join "workspace" as w on w."id" = o.workspace_id
order by o.created_at`;

const claimParameters = [JSON.stringify(waitMsByKind), JSON.stringify(waitMsByPlan), Math.max(...Object.values(waitMsByKind))];

/**
 * Takes committed requests that nobody has handed to the queue, in the order of the queue, and of each workspace only as many as it may have
 * under way at once; each goes to one caller. Requests whose job has ended or is gone are taken too, and left out. Those of a caller that
 * dies before handing over are found by {@link activeJobs}.
 */
export async function claimRequests(
  pool: pg.Pool,
  countMax: number,
  workspaceJobsMax: number,
): Promise<{ readonly claimed: number; readonly jobs: readonly ActiveJob[] }> {
  const rows = await inTransaction(pool, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [claimLock]);
    return (await client.query<Record<string, unknown>>(claimStatement, [countMax, workspaceJobsMax, ...claimParameters])).rows;
  });
  return { claimed: rows.length, jobs: rows.filter((row) => row["id"] !== null).map((row) => activeJobRecord.parse(row)) };
}

/** Gives claimed requests back, for another try soon. */
export async function releaseRequests(pool: pg.Pool, entries: readonly QueueEntry[]): Promise<void> {
  await pool.query(
    `update relay.job_outbox as o set queued_at = null from unnest($1::text[], $2::text[], $3::int[]) as n (workspace_id, job_id, attempt) where ${sameRequest}`,
    [entries.map((entry) => entry.workspaceId), entries.map((entry) => entry.jobId), entries.map((entry) => entry.attempt)],
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
     left join relay.job_outbox as o on ${sameJob}
     left join "workspace" as w on w."id" = j."workspace_id"
     where ${active} and (o.job_id is null or o.queued_at < now() - make_interval(secs => $1::double precision / 1000))
       and (j."workspace_id", j."id") > ($2, $3)
     order by j."workspace_id", j."id" limit $4`,
    [settledMs, after?.workspaceId ?? "", after?.jobId ?? "", countMax],
  );
  return rows.map((row) => activeJobRecord.parse(row));
}

/** Jobs that still wait or run so long after the server received their request, oldest first. */
export async function expiredJobs(pool: pg.Pool, ageMs: number, countMax: number): Promise<readonly QueueEntry[]> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select ${columns}, o.created_at as arrived from relay.job_outbox as o join "job" as j on ${sameJob} and ${active}
     left join "workspace" as w on w."id" = o.workspace_id
     where o.created_at < now() - make_interval(secs => $1::double precision / 1000) order by o.created_at limit $2`,
    [ageMs, countMax],
  );
  return rows.map((row) => activeJobRecord.parse(row).entry);
}

/** How long the oldest job that was handed to the queue, and that no worker has started, has been waiting; 0 when none waits. */
export async function queueWaitMs(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ wait_ms: number }>(
    `select coalesce(extract(epoch from now() - min(o.queued_at)) * 1000, 0)::double precision as wait_ms
     from "job" as j join relay.job_outbox as o on ${sameJob} where j."status" = 'requested' and o.queued_at is not null`,
  );
  return rows[0]?.wait_ms ?? 0;
}

/** Forgets requests handed over long ago whose job has ended; at most `countMax` at a time. */
export async function forgetRequests(pool: pg.Pool, ageMs: number, countMax: number): Promise<void> {
  await pool.query(
    `delete from relay.job_outbox where (workspace_id, job_id, attempt) in (
       select o.workspace_id, o.job_id, o.attempt from relay.job_outbox as o
       where o.queued_at < now() - make_interval(secs => $1::double precision / 1000)
         and not exists (select 1 from "job" as j where ${sameJob} and ${active})
       limit $2
     )`,
    [ageMs, countMax],
  );
}
