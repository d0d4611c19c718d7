import { systemIds } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import type { AiLedger, AiReservation, AiSettlement } from "./ai-ledger.ts";

/** How long an answer is given again. */
const answerDaysMax = 30;

const spentRow = z.object({ micros: z.coerce.number() });
const answerRow = z.object({ answer: z.json() });

/** The ledger in the schema `compute` of the server's database. `budgetMicros`: millionths of a dollar a workspace may spend in a month (UTC). */
export function openAiLedger(pool: pg.Pool, { budgetMicros, nowMs }: { readonly budgetMicros: number; readonly nowMs: () => number }): AiLedger {
  const ids = systemIds({ now: nowMs });
  return {
    reserve: (request) => reserve(pool, request, { id: ids.next(), budgetMicros, nowIso: new Date(nowMs()).toISOString() }),
    settle: (id, settlement) => settle(pool, id, settlement),
    answer: async (workspaceId, questionSha256) => {
      const since = new Date(nowMs() - answerDaysMax * 86_400_000).toISOString();
      const { rows } = await pool.query(`select answer from compute.ai_answer where workspace_id = $1 and question_sha256 = $2 and created_at > $3`, [workspaceId, questionSha256, since]);
      return rows[0] === undefined ? undefined : answerRow.parse(rows[0]).answer;
    },
    keep: async (workspaceId, questionSha256, answer) => {
      const now = nowMs();
      await pool.query(`delete from compute.ai_answer where workspace_id = $1 and created_at <= $2`, [workspaceId, new Date(now - answerDaysMax * 86_400_000).toISOString()]);
      await pool.query(
        `insert into compute.ai_answer (workspace_id, question_sha256, answer, created_at) values ($1, $2, $3, $4)
         on conflict (workspace_id, question_sha256) do update set answer = excluded.answer, created_at = excluded.created_at`,
        [workspaceId, questionSha256, JSON.stringify(answer), new Date(now).toISOString()],
      );
    },
  };
}

interface Booking {
  readonly id: string;
  readonly budgetMicros: number;
  readonly nowIso: string;
}

async function reserve(pool: pg.Pool, request: AiReservation, { id, budgetMicros, nowIso }: Booking): Promise<string | undefined> {
  const month = nowIso.slice(0, 7);
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(`select pg_advisory_xact_lock(hashtextextended('ai_usage ' || $1, 0))`, [request.workspaceId]);
    const { rows } = await client.query(`select coalesce(sum(cost_micros), 0) as micros from compute.ai_usage where workspace_id = $1 and month = $2`, [request.workspaceId, month]);
    const isWithin = spentRow.parse(rows[0]).micros + request.costMicrosMax <= budgetMicros;
    if (isWithin) {
      await client.query(
        `insert into compute.ai_usage (id, workspace_id, job_id, month, provider, model, purpose, outcome, input_tokens, output_tokens, cost_micros, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, null, 0, 0, $8, $9)`,
        [id, request.workspaceId, request.jobId, month, request.provider, request.model, request.purpose, request.costMicrosMax, nowIso],
      );
    }
    await client.query("commit");
    client.release();
    return isWithin ? id : undefined;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function settle(pool: pg.Pool, id: string, { outcome, usage, costMicros }: AiSettlement): Promise<void> {
  await pool.query(`update compute.ai_usage set outcome = $2, input_tokens = $3, output_tokens = $4, cost_micros = $5 where id = $1`, [id, outcome, usage.inputTokens, usage.outputTokens, costMicros]);
}

const costRow = z.object({ job_id: z.string(), requests: z.coerce.number(), micros: z.coerce.number() });

/** What jobs cost at AI providers so far: requests, and millionths of a dollar. Jobs that asked nobody are not in it. */
export async function costOfJobs(pool: pg.Pool, jobIds: readonly string[]): Promise<ReadonlyMap<string, { readonly requests: number; readonly costMicros: number }>> {
  const { rows } = await pool.query(`select job_id, count(*) as requests, sum(cost_micros) as micros from compute.ai_usage where job_id = any($1) group by job_id`, [jobIds]);
  return new Map(rows.map((row) => costRow.parse(row)).map(({ job_id: jobId, requests, micros }) => [jobId, { requests, costMicros: micros }]));
}
