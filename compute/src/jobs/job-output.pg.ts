import { idOfFinding, idOfJobResult, idOfRecommendation, toBound, type Finding, type RecommendationsReport, type StoredRecommendation } from "@saldo/schema";
import type pg from "pg";
import type { JobOutput } from "./job-work.ts";

/** Whose output it is. */
export interface OutputOf {
  readonly workspaceId: string;
  readonly jobId: string;
  readonly requestedBy: string | null;
  readonly nowIso: string;
}

/** Writes what a job leaves behind, inside the transaction of its end. Ids of results are made of their job's: the key of `report_result` itself refuses a second one. */
export async function writeOutput(client: pg.PoolClient, of: OutputOf, { report, results, findings, advice }: JobOutput): Promise<void> {
  const { workspaceId, jobId, nowIso } = of;
  if (report !== null) {
    await client.query(`insert into "report" ("id", "workspace_id", "title", "parameters", "created_by", "created_at") values ($1, $2, $3, $4, $5, $6)`, [
      jobId,
      workspaceId,
      report.title,
      toBound("json", report.parameters, "postgres"),
      of.requestedBy,
      nowIso,
    ]);
  }
  for (const { kind, version, result } of results) {
    await client.query(
      `insert into "report_result" ("id", "workspace_id", "report_id", "job_id", "kind", "version", "computed_by", "computed_at", "result")
       values ($1, $2, $3, $4, $5, $6, 'cloud', $7, $8)`,
      [idOfJobResult(jobId, kind), workspaceId, report === null ? null : jobId, jobId, kind, version, nowIso, toBound("json", result, "postgres")],
    );
  }
  if (findings !== null) await replaceFindings(client, of, findings);
  if (advice !== null) await replaceAdvice(client, of, advice);
}

/**
 * Open findings are those of the newest analysis; what a person judged stays as it was judged. Rows that say the same are not written again:
 * devices would be sent them.
 */
async function replaceFindings(client: pg.PoolClient, { workspaceId, nowIso }: OutputOf, findings: readonly Finding[]): Promise<void> {
  const ids = findings.map(({ stableKey }) => idOfFinding(stableKey));
  await client.query(`delete from "finding" where "workspace_id" = $1 and "status" = 'open' and not ("id" = any($2))`, [workspaceId, ids]);
  const column = <Value>(read: (finding: Finding) => Value) => findings.map(read);
  await client.query(
    `insert into "finding" as f ("workspace_id", "id", "stable_key", "kind", "severity", "score_permille", "amount_minor", "currency", "evidence", "status", "created_at")
     select $1, n.id, n.stable_key, n.kind, n.severity, n.score, n.amount, n.currency, n.evidence, 'open', $2
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
       as n (id, stable_key, kind, severity, score, amount, currency, evidence)
     on conflict ("workspace_id", "id") do update set "severity" = excluded."severity", "score_permille" = excluded."score_permille",
       "amount_minor" = excluded."amount_minor", "currency" = excluded."currency", "evidence" = excluded."evidence"
     where f."status" = 'open' and (f."severity", f."score_permille", f."amount_minor", f."currency", f."evidence")
       is distinct from (excluded."severity", excluded."score_permille", excluded."amount_minor", excluded."currency", excluded."evidence")`,
    [
      workspaceId,
      nowIso,
      ids,
      column(({ stableKey }) => stableKey),
      column(({ kind }) => kind),
      column(({ severity }) => severity),
      column(({ scorePermille }) => scorePermille),
      column(({ amountMinor }) => amountMinor),
      column(({ currency }) => currency),
      column(({ evidence }) => toBound("json", evidence, "postgres")),
    ],
  );
}

/** A recommendation nobody has decided on: it is open, and its stored form names no decision. */
const undecided = `"status" = 'open' and "parameters"::jsonb -> 'decidedAt' = 'null'::jsonb`;

/**
 * Advice nobody has decided on is that of the newest analysis; what a person decided on stays as it was then. Rows that say the same are not
 * written again.
 */
async function replaceAdvice(client: pg.PoolClient, { workspaceId, jobId, nowIso }: OutputOf, { items, currency }: RecommendationsReport): Promise<void> {
  const ids = items.map(({ key }) => idOfRecommendation(key));
  await client.query(`delete from "recommendation" where "workspace_id" = $1 and ${undecided} and not ("id" = any($2))`, [workspaceId, ids]);
  const stored = items.map((item) => toBound("json", { version: 1, item, decidedAt: null } satisfies StoredRecommendation, "postgres"));
  await client.query(
    `insert into "recommendation" ("workspace_id", "id", "report_id", "stable_key", "code", "parameters", "effect_minor", "effect_low_minor", "effect_high_minor",
       "currency", "priority", "status", "snoozed_until", "created_at")
     select $1, n.id, $2, n.key, n.code, n.parameters, n.effect, n.low, n.high, $3, n.priority, 'open', null, $4
     from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[]) as n (id, key, code, parameters, effect, low, high, priority)
     where not exists (select 1 from "recommendation" as r where r."workspace_id" = $1 and r."id" = n.id and r."parameters" = n.parameters)
     on conflict ("workspace_id", "id") do update set "report_id" = excluded."report_id", "parameters" = excluded."parameters", "effect_minor" = excluded."effect_minor",
       "effect_low_minor" = excluded."effect_low_minor", "effect_high_minor" = excluded."effect_high_minor", "currency" = excluded."currency", "priority" = excluded."priority",
       "created_at" = excluded."created_at"
     where "recommendation"."status" = 'open' and "recommendation"."parameters"::jsonb -> 'decidedAt' = 'null'::jsonb`,
    [
      workspaceId,
      jobId,
      currency,
      nowIso,
      ids,
      items.map(({ key }) => key),
      items.map(({ code }) => code),
      stored,
      items.map(({ effect }) => effect.amountMinor),
      items.map(({ effect }) => effect.lowMinor),
      items.map(({ effect }) => effect.highMinor),
      items.map(({ priority }) => priority),
    ],
  );
}
