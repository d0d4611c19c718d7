import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { atMost, quantile, shown, type Bench, type BenchContext, type BenchOptions, type Figure } from "../../../deploy/bench/bench.ts";
import { startPostgres } from "../../../deploy/postgres/index.ts";
import { startModelWire, type WireAnswer, type WireRequest } from "../ai/testing/model-wire.ts";
import { addWorkspace, migrate, requestJob } from "../testing/books.ts";

/** Longest wait of nineteen in twenty analyses, from the request to its rows. */
const waitSecondsMax = 30;
const providerAnswerMs = 5_000;
const doneMsMax = 140_000;
const pollMs = 100;

/** Options of `npm run bench -- analyze`. */
export const options: BenchOptions = {
  rows: { type: "string", help: "rows of each company's books (500000)" },
  jobs: { type: "string", help: "companies that ask at the same moment (10)" },
  workers: { type: "string", help: "worker processes (4)" },
};

const asked = z.object({ rows: z.coerce.number().int().min(100).default(500_000), jobs: z.coerce.number().int().min(1).max(50).default(10), workers: z.coerce.number().int().min(1).max(16).default(4) });

/** `analyze_report` on large books, many at once, over real worker processes, with AI providers that take their time. */
const bench: Bench = async (context) => {
  const { rows, jobs, workers } = asked.parse(context.options);
  const dataDir = path.join(context.folder, "postgres");
  mkdirSync(dataDir);
  const postgres = await startPostgres({ dataDir, settings: { max_connections: "200", shared_buffers: "512MB", max_wal_size: "4GB" } });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  const providers = await startProviders();
  try {
    await migrate(pool);
    context.note(`writing ${jobs} × ${rows.toLocaleString("en")} rows`);
    await writeBooks(pool, jobs, rows);
    return await analyses(context, { pool, databaseUrl: postgres.url, providerEnv: providers.env, jobs, workers });
  } finally {
    await providers.close();
    await pool.end();
    await postgres.stop();
  }
};

interface Installation {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly providerEnv: Readonly<Record<string, string>>;
  readonly jobs: number;
  readonly workers: number;
}

async function analyses(context: BenchContext, { pool, databaseUrl, providerEnv, jobs, workers }: Installation): Promise<readonly Figure[]> {
  const count = String(workers);
  const settings = { DATABASE_URL: databaseUrl, SALDO_WORKERS_MIN: count, SALDO_WORKERS_MAX: count, SALDO_WORKER_CONCURRENCY: "3", SALDO_LOG_LEVEL: "info", ...providerEnv };
  const log = createWriteStream(path.join(context.folder, "worker.log"));
  const worker = spawn(process.execPath, [...context.program("worker")], { env: { PATH: process.env["PATH"], ...settings }, stdio: ["ignore", "pipe", "inherit"] });
  worker.stdout.pipe(log);
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  try {
    await untilIdle(pool, workers);
    const started = await roundOf(context, pool, jobs, "started");
    // Answers kept of the first round are forgotten: every question goes to the providers again.
    await pool.query("truncate compute.ai_answer");
    const working = await roundOf(context, pool, jobs, "working");
    const { rows } = await pool.query<{ done: number }>(`select count(*)::int as done from "job" where "status" = 'done'`);
    return [
      atMost("request to its rows, p95, of workers just started", quantile(started, 0.95) / 1_000, "s", waitSecondsMax),
      shown("request to its rows, median, of workers just started", quantile(started, 0.5) / 1_000, "s"),
      atMost("request to its rows, p95, of workers at work", quantile(working, 0.95) / 1_000, "s", waitSecondsMax),
      shown("request to its rows, median, of workers at work", quantile(working, 0.5) / 1_000, "s"),
      atMost("analyses that did not end well", 2 * jobs - (rows[0]?.done ?? 0), "", 0),
    ];
  } finally {
    worker.kill("SIGTERM");
    await ended;
  }
}

/** Waits until every worker process listens. */
async function untilIdle(pool: pg.Pool, workers: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ count: number }>("select count(*)::int as count from pg_stat_activity where application_name = 'saldo-dispatcher'");
    if ((rows[0]?.count ?? 0) >= workers) return;
    await sleep(pollMs);
  }
}

/** All companies ask at the same moment: how long each job took from the request until its end was committed. */
async function roundOf({ now }: BenchContext, pool: pg.Pool, jobs: number, round: string): Promise<readonly number[]> {
  const startedAt = now();
  const jobId = (index: number) => `${round}-${index}`;
  for (let index = 0; index < jobs; index++) await requestJob(pool, `w${index}`, jobId(index), { kind: "analyze_report", parameters: { title: "Bench", period: "last_complete", horizonMonths: 6 } });
  const waits = new Map<string, number>();
  while (waits.size < jobs && now() - startedAt < doneMsMax) {
    const { rows } = await pool.query<{ id: string }>(`select "id" from "job" where "status" in ('done', 'failed') and starts_with("id", $1)`, [round]);
    for (const { id } of rows) if (!waits.has(id)) waits.set(id, now() - startedAt);
    await sleep(pollMs);
  }
  return Array.from({ length: jobs }, (_, index) => waits.get(jobId(index)) ?? doneMsMax);
}

const proposal = { action: "reduce_category", target: "c1", changePercent: -10, ground: "many_payments", reason: "[c1] is paid often." };
const answerShape = z.object({ properties: z.record(z.string(), z.unknown()) });

/** Servers of both providers that answer, after a while, with one proposal, and to all other questions that there is nothing to say. */
async function startProviders() {
  const slowly = async ({ schema }: WireRequest): Promise<WireAnswer> => {
    await sleep(providerAnswerMs);
    return { kind: "json", value: Object.fromEntries(Object.keys(answerShape.parse(schema).properties).map((name) => [name, name === "proposals" ? [proposal] : []])) };
  };
  const [openai, anthropic] = [await startModelWire("openai", slowly), await startModelWire("anthropic", slowly)];
  return {
    env: { OPENAI_API_KEY: "key-1", OPENAI_BASE_URL: openai.baseUrl, ANTHROPIC_API_KEY: "key-2", ANTHROPIC_BASE_URL: anthropic.baseUrl },
    close: async () => {
      await openai.close();
      await anthropic.close();
    },
  };
}

/**
 * Books of companies of one size over three years: 400 counterparties whose share falls off, 30 categories, a twelfth of the rows receipts, regular
 * payments among them. Each company has its own amounts.
 */
async function writeBooks(pool: pg.Pool, companies: number, rows: number): Promise<void> {
  for (let company = 0; company < companies; company++) {
    const workspaceId = `w${company}`;
    await addWorkspace(pool, workspaceId);
    await pool.query(`insert into "account" ("id", "workspace_id", "name", "currency", "archived", "created_at") values ('account', $1, 'Счёт', 'RUB', false, '2023-01-01T00:00:00.000Z')`, [workspaceId]);
    await pool.query(
      `insert into "category" ("id", "workspace_id", "name", "kind", "slot", "archived", "created_at")
       select 'c' || n, $1, 'Статья ' || n, case when n < 3 then 'income' else 'expense' end, n % 8, false, '2023-01-01T00:00:00.000Z' from generate_series(0, 29) as n`,
      [workspaceId],
    );
    await pool.query(
      `insert into "transaction" ("id", "workspace_id", "account_id", "posted_on", "amount_minor", "currency", "description", "counterparty_name", "category_id",
         "category_source", "is_split", "search_text", "created_at")
       select lpad(n::text, 9, '0'), $1, 'account', to_char(date '2023-04-01' + (n::bigint * 1096 / $2)::int, 'YYYY-MM-DD'),
         case when h % 12 = 0 then 900000 + (h % 4000000) else -(1000 + (h / 7) % 400000) end, 'RUB', 'Оплата по счёту ' || n % 9973,
         case when h % 12 = 0 then 'ООО Клиент ' || h % 60 else 'ООО Поставщик ' || floor(400 * power((h % 9973) / 9973.0, 3))::int end,
         case when h % 12 = 0 then 'c' || h % 3 else 'c' || 3 + floor(400 * power((h % 9973) / 9973.0, 3))::int % 27 end, 'file', false, '', '2026-04-01T00:00:00.000Z'
       from (select n, (hashint8(n::bigint * 31 + $3)::bigint & 2147483647) as h from generate_series(1, $2::int) as n) as numbered`,
      [workspaceId, rows, company],
    );
  }
  // As books stand that were written some time ago: else the server tidies up after millions of new rows while it is measured.
  await pool.query("vacuum (analyze)");
  await pool.query("checkpoint");
}

export default bench;
