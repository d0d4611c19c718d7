/**
 * Puts a job's current attempt into the outbox and tells, when the transaction commits, whoever listens on `saldo_job`. Parameters: workspace, job.
 * It belongs into the transaction that made the row `requested`.
 */
export const queueJobStatement = `with asked as (
  insert into relay.job_outbox (workspace_id, job_id, attempt, kind) select "workspace_id", "id", "attempt", "kind" from "job" where "workspace_id" = $1 and "id" = $2
  returning workspace_id
) select pg_notify('saldo_job', '') from asked`;
