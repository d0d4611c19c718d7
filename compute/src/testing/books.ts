import { addMonths, firstDay, lastDay, toBound, type JsonValue } from "@saldo/schema";
import { serverMigrations } from "@saldo/schema/server";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";

/** The instant tests run at; the last complete month is 2026-03. */
export const testNowMs = Date.UTC(2026, 3, 15, 10);

/** A database as the relay makes it, with a pool on it. */
export interface ServerDatabase extends TestDatabase {
  readonly pool: pg.Pool;
}

/** An empty server database on the run's shared Postgres. `drop` closes the pool too. */
export async function createServerDatabase(): Promise<ServerDatabase> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 8 });
  pool.on("error", () => undefined); // dropping the database cuts idle connections
  await migrate(pool);
  return {
    ...database,
    pool,
    drop: async () => {
      await pool.end();
      await database.drop();
    },
  };
}

/** Makes the server's tables. */
export async function migrate(pool: pg.Pool): Promise<void> {
  for (const { statements } of serverMigrations) for (const statement of statements) await pool.query(statement);
}

/** Adds a workspace in roubles. */
export async function addWorkspace(pool: pg.Pool, id: string, plan = "paid"): Promise<void> {
  await pool.query(`insert into "workspace" ("id", "name", "currency", "locale", "plan", "created_at") values ($1, 'ООО Ромашка', 'RUB', 'ru', $2, '2024-01-01T00:00:00.000Z')`, [id, plan]);
}

interface Posting {
  readonly postedOn: string;
  readonly amountMinor: number;
  readonly counterpartyName?: string;
  readonly currency?: string;
  readonly categoryId?: string;
  readonly importId?: string;
  readonly isSplit?: boolean;
}

/** Adds one movement of money. */
export async function addTransaction(pool: pg.Pool, workspaceId: string, id: string, posting: Posting): Promise<void> {
  const { postedOn, amountMinor, currency = "RUB", categoryId = null, importId = null, isSplit = false, counterpartyName = null } = posting;
  await pool.query(
    `insert into "transaction" ("id", "workspace_id", "account_id", "import_id", "posted_on", "amount_minor", "currency", "description",
       "category_id", "category_source", "is_split", "search_text", "created_at", "counterparty_name")
     values ($1, $2, 'account', $3, $4, $5, $6, '', $7, 'none', $8, '', '2026-01-01T00:00:00.000Z', $9)`,
    [id, workspaceId, importId, postedOn, amountMinor, currency, categoryId, isSplit, counterpartyName],
  );
}

/** Two years of books up to the last complete month: a receipt on the first and a payment on the last day of each, growing. */
export async function addBooks(pool: pg.Pool, workspaceId: string): Promise<void> {
  for (let index = 0; index < 24; index++) {
    const month = addMonths("2024-04", index);
    await addTransaction(pool, workspaceId, `in-${index}`, { postedOn: firstDay(month), amountMinor: 10_000_000 + index * 100_000 });
    await addTransaction(pool, workspaceId, `out-${index}`, { postedOn: lastDay(month), amountMinor: -(7_000_000 + index * 50_000) });
  }
}

interface Request {
  readonly kind?: string;
  readonly parameters?: JsonValue;
}

/** Requests a job the way the relay does: the row, its way to the queue and the notice, in one transaction. */
export async function requestJob(pool: pg.Pool, workspaceId: string, jobId: string, request: Request = {}): Promise<void> {
  const { kind = "generate_forecast", parameters = { horizonMonths: 6 } } = request;
  await pool.query(
    `with requested as (
       insert into "job" ("id", "workspace_id", "kind", "parameters", "status", "attempt", "progress_permille", "requested_at")
       values ($1, $2, $3, $4, 'requested', 1, 0, '2026-04-15T09:00:00.000Z') returning "id"
     ), outbox as (
       insert into relay.job_outbox (job_id, attempt, workspace_id, kind) values ($1, 1, $2, $3)
     )
     select pg_notify('saldo_job', '')`,
    [jobId, workspaceId, kind, toBound("json", parameters, "postgres")],
  );
}

/** A job's row as devices see it. */
export interface JobState {
  readonly status: string;
  readonly errorCode: string | null;
  readonly progressPermille: number;
}

/** Reads a job's row. */
export async function jobState(pool: pg.Pool, jobId: string): Promise<JobState | undefined> {
  const { rows } = await pool.query<{ status: string; error_code: string | null; progress: string }>(
    `select "status", "error_code", "progress_permille" as "progress" from "job" where "id" = $1`,
    [jobId],
  );
  return rows[0] && { status: rows[0].status, errorCode: rows[0].error_code, progressPermille: Number(rows[0].progress) };
}

/** Ids of the jobs that have results, one for each result. */
export async function resultJobIds(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ job_id: string }>(`select "job_id" from "report_result" order by "job_id"`);
  return rows.map((row) => row.job_id);
}
