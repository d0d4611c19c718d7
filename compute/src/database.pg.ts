import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "pino";

const poolConnectionsMax = 10;
const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;
const idleInTransactionTimeoutMs = 60_000;
/** Longest wait for an answer of Postgres, which gives up on any statement before that: beyond it the connection is gone, though nobody has said so. */
const answerMsMaxDefault = statementTimeoutMs + 5_000;
const readyDelayMs = 250;
const readyDelayMsMax = 5_000;

/** A pool of connections of the worker. `onIdleError` hears of connections lost while idle; a connection on which an answer takes longer than `answerMsMax` is given up. */
export function openPool(databaseUrl: string, onIdleError: (error: Error) => void, connectionsMax = poolConnectionsMax, answerMsMax = answerMsMaxDefault): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    query_timeout: answerMsMax,
    application_name: "saldo-worker",
  });
  // A connection lost between two queries of its user fails the next one; without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", onIdleError);
  return pool;
}

/** Runs work in one transaction, which is rolled back when it throws. */
export async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error("the transaction failed");
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Waits until the database answers and has the tables the relay makes, asking again after growing random pauses.
 * Rejects with the signal's reason when aborted. `random` gives numbers in [0, 1).
 */
export async function untilReady(pool: pg.Pool, parts: { readonly log: Logger; readonly random: () => number; readonly signal: AbortSignal }): Promise<void> {
  for (let asked = 0; ; asked++) {
    parts.signal.throwIfAborted();
    if (await hasTables(pool)) return;
    if (asked === 0) parts.log.info("waiting for the database and the tables the relay makes");
    const pauseMs = Math.min(readyDelayMsMax, readyDelayMs * 2 ** Math.min(asked, 10));
    await sleep(pauseMs * (0.5 + parts.random() / 2), undefined, { signal: parts.signal });
  }
}

async function hasTables(pool: pg.Pool): Promise<boolean> {
  const tables = "select to_regclass('relay.job_outbox') is not null and to_regclass('public.report_result') is not null as ready";
  return pool.query<{ ready: boolean }>(tables).then(
    ({ rows }) => rows[0]?.ready === true,
    () => false,
  );
}

/** What may be kept of an error: its name, its SQLSTATE or system code and where it was thrown; never its text, which may carry values. */
export interface FaultDescription {
  readonly name: string;
  readonly code?: string;
  readonly at?: string;
}

/** See {@link FaultDescription}. */
export function describeFault(error: unknown): FaultDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const at = error.stack?.split("\n").find((line) => /^\s+at /.test(line))?.trim();
  return { name: error.name, ...(code === undefined ? {} : { code }), ...(at === undefined ? {} : { at }) };
}
