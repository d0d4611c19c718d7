import { queueJobStatement } from "@saldo/schema/server";
import type pg from "pg";
import { z } from "zod";

/** Jobs as those who look after a server see them: given up, waiting for a worker, at work, done. */
export const jobStates = ["dead", "waiting", "running", "done"] as const;
/** See {@link jobStates}. */
export type JobListState = (typeof jobStates)[number];

const listed = z
  .object({ workspace_id: z.string(), id: z.string(), kind: z.string(), attempt: z.coerce.number(), progress_permille: z.coerce.number(), code: z.string().nullable(), since: z.date().nullable(), cost_micros: z.coerce.number() })
  .transform(({ workspace_id, id, kind, attempt, progress_permille, code, since, cost_micros }) => ({
    workspaceId: workspace_id,
    jobId: id,
    kind,
    attempt,
    progressPermille: progress_permille,
    code,
    since: since?.toISOString() ?? null,
    costMicros: cost_micros,
  }));

/** One job in a list. `since`: given up, requested, or done, at that instant by the server's clock. `costMicros`: millionths of a dollar it has cost at AI providers. */
export type ListedJob = z.infer<typeof listed>;

const sameAttempt = (other: string) => `${other}.workspace_id = j."workspace_id" and ${other}.job_id = j."id" and ${other}.attempt = j."attempt"`;
/** A dead letter is open while nobody has asked for its job again. */
const openLetter = `d.status = 'open' and j."status" = 'failed'`;
/** What the requests of a job to AI providers have cost; of those under way, the most they can. */
const cost = `(select coalesce(sum(u.cost_micros), 0) from compute.ai_usage as u where u.workspace_id = j."workspace_id" and u.job_id = j."id") as cost_micros`;
const columns = `${cost}, j."workspace_id", j."id", j."kind", j."attempt", j."progress_permille"`;

const sources: Readonly<Record<JobListState, string>> = {
  dead: `select ${columns}, d.code, d.failed_at as since from relay.dead_letter as d join "job" as j on ${sameAttempt("d")} where ${openLetter}`,
  waiting: `select ${columns}, null as code, o.created_at as since from "job" as j left join relay.job_outbox as o on ${sameAttempt("o")} where j."status" = 'requested'`,
  running: `select ${columns}, null as code, o.created_at as since from "job" as j left join relay.job_outbox as o on ${sameAttempt("o")} where j."status" = 'running'`,
  done: `select ${columns}, null as code, j."finished_at"::timestamptz as since from "job" as j where j."status" = 'done'`,
};

/** Jobs in a state, those of longest standing first; of those done, the newest. */
export async function listJobs(client: pg.ClientBase, state: JobListState, countMax: number): Promise<readonly ListedJob[]> {
  const { rows } = await client.query(`${sources[state]} order by since ${state === "done" ? "desc" : ""}, j."id" limit $1`, [countMax]);
  return rows.map((row) => listed.parse(row));
}

const shown = z.object({
  workspaceId: z.string(),
  jobId: z.string(),
  kind: z.string(),
  status: z.string(),
  attempt: z.coerce.number(),
  progressPermille: z.coerce.number(),
  errorCode: z.string().nullable(),
  requestedAt: z.string(),
  finishedAt: z.string().nullable(),
  results: z.array(z.string()),
  attempts: z.array(z.object({ attempt: z.number(), requestedAt: z.string().nullable(), queuedAt: z.string().nullable() })),
  requests: z.array(z.object({ purpose: z.string(), provider: z.string(), model: z.string(), outcome: z.string().nullable(), inputTokens: z.number(), outputTokens: z.number(), costMicros: z.number() })),
  deadLetters: z.array(z.object({ attempt: z.number(), code: z.string(), failedAt: z.string(), status: z.string(), fault: z.unknown() })),
});

/** Everything kept of one job; never what is in its parameters or results. */
export type ShownJob = z.infer<typeof shown>;

/** The jobs of an id: one, unless workspaces share it. */
export async function showJobs(client: pg.ClientBase, jobId: string): Promise<readonly ShownJob[]> {
  const { rows } = await client.query(
    `select j."workspace_id" as "workspaceId", j."id" as "jobId", j."kind", j."status", j."attempt", j."progress_permille" as "progressPermille",
       j."error_code" as "errorCode", j."requested_at" as "requestedAt", j."finished_at" as "finishedAt",
       array(select r."kind" from "report_result" as r where r."workspace_id" = j."workspace_id" and r."job_id" = j."id" order by r."kind") as "results",
       (select coalesce(json_agg(json_build_object('attempt', o.attempt, 'requestedAt', o.created_at, 'queuedAt', o.queued_at) order by o.attempt), '[]')
        from relay.job_outbox as o where o.workspace_id = j."workspace_id" and o.job_id = j."id") as "attempts",
       (select coalesce(json_agg(json_build_object('purpose', u.purpose, 'provider', u.provider, 'model', u.model, 'outcome', u.outcome, 'inputTokens', u.input_tokens, 'outputTokens', u.output_tokens,
          'costMicros', u.cost_micros) order by u.id), '[]') from compute.ai_usage as u where u.workspace_id = j."workspace_id" and u.job_id = j."id") as "requests",
       (select coalesce(json_agg(json_build_object('attempt', d.attempt, 'code', d.code, 'failedAt', d.failed_at, 'status', d.status, 'fault', d.fault) order by d.attempt), '[]')
        from relay.dead_letter as d where d.workspace_id = j."workspace_id" and d.job_id = j."id") as "deadLetters"
     from "job" as j where j."id" = $1 order by j."workspace_id"`,
    [jobId],
  );
  return rows.map((row) => shown.parse(row));
}

/** Which dead letters are meant: those named, or all, or all that were given up for one reason. */
export interface DeadLetterChoice {
  /** Null: all. */
  readonly jobIds: readonly string[] | null;
  readonly code: string | null;
}

/** A dead letter that something was done about. */
export interface SettledLetter {
  readonly workspaceId: string;
  readonly jobId: string;
  /** The attempt that was given up. */
  readonly attempt: number;
}

const settled = z
  .object({ workspace_id: z.string(), job_id: z.string(), attempt: z.coerce.number() })
  .transform(({ workspace_id, job_id, attempt }): SettledLetter => ({ workspaceId: workspace_id, jobId: job_id, attempt }));

/** The present instant by the server's clock, as instants are stored. */
const nowText = `to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Asks for given-up jobs again, as their next attempt: exactly what a person's app does. All or nothing. */
export async function retryLetters(client: pg.ClientBase, choice: DeadLetterChoice): Promise<readonly SettledLetter[]> {
  return inTransaction(client, async () => {
    const letters = await settle(client, choice, "retried");
    for (const { workspaceId, jobId } of letters) {
      await client.query(
        `update "job" set "status" = 'requested', "attempt" = "attempt" + 1, "progress_permille" = 0, "error_code" = null, "finished_at" = null, "requested_at" = ${nowText}
         where "workspace_id" = $1 and "id" = $2`,
        [workspaceId, jobId],
      );
      await client.query(queueJobStatement, [workspaceId, jobId]);
    }
    return letters;
  });
}

/** Leaves given-up jobs at that: they stay failed for the people who asked for them, and in this list no more. */
export async function discardLetters(client: pg.ClientBase, choice: DeadLetterChoice): Promise<readonly SettledLetter[]> {
  return settle(client, choice, "discarded");
}

async function settle(client: pg.ClientBase, { jobIds, code }: DeadLetterChoice, status: "retried" | "discarded"): Promise<readonly SettledLetter[]> {
  const { rows } = await client.query(
    `update relay.dead_letter as l set status = $3 from (
       select d.workspace_id, d.job_id, d.attempt from relay.dead_letter as d join "job" as j on ${sameAttempt("d")}
       where ${openLetter} and ($1::text[] is null or d.job_id = any($1)) and ($2::text is null or d.code = $2) for update
     ) as n where l.workspace_id = n.workspace_id and l.job_id = n.job_id and l.attempt = n.attempt returning l.workspace_id, l.job_id, l.attempt`,
    [jobIds, code, status],
  );
  return rows.map((row) => settled.parse(row));
}

async function inTransaction<Result>(client: pg.ClientBase, work: () => Promise<Result>): Promise<Result> {
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
