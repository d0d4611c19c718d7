import { Socket } from "node:net";
import { SaldoError } from "@saldo/schema";
import pg from "pg";
import { errorCode } from "./http/errors.ts";

/** Most connections the relay's own work holds at once (replication has its own). */
const connectionsMax = 20;
const connectTimeoutMs = 10_000;
const keepAliveDelayMs = 10_000;
const statementTimeoutMs = 60_000;
const idleInTransactionTimeoutMs = 60_000;
/** Longest wait for an answer of Postgres, which gives up on any statement before that: beyond it the connection is gone, though nobody has said so. */
const answerMsMaxDefault = statementTimeoutMs + 5_000;
const attemptsMax = 5;
const retryDelayMsMax = 200;

/** SQLSTATEs after which the same transaction may succeed: serialization failure, deadlock, unique race. */
const retryableStates = new Set(["40001", "40P01", "23505"]);

// Named, so that they are gathered with what is asked beside them.
const beginStatement = { name: "begin", text: "begin" };
const commitStatement = { name: "commit", text: "commit" };

/** Sends what was asked in one turn of the event loop together: each write of its own is a call of the operating system, which costs more than a small statement. */
class GatheringSocket extends Socket {
  override uncork(): void {
    process.nextTick(() => super.uncork());
  }
}

/**
 * A pool of connections of the relay. `onIdleError` hears of connections lost while idle. Statements go out as they are asked, without waiting for the
 * answers before them, and are answered in that order. A connection on which an answer takes longer than `answerMsMax` is cut, and all that waits on it fails.
 */
export function openPool(databaseUrl: string, onIdleError: (error: Error) => void, answerMsMax = answerMsMaxDefault): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    query_timeout: answerMsMax,
    application_name: "saldo-relay",
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  // A connection lost between two queries of its user fails the next one; without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", onIdleError);
  return pool;
}

/** Runs work on a connection of its own that has no limits of time: what alters the tables of many companies, or waits for another relay to do so, takes what it takes. */
export async function withoutLimits<Result>(databaseUrl: string, work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelayMs, application_name: "saldo-relay" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    // Also where the operator has set a limit for the database or the role.
    await client.query("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
    // A relay that is gone without a word does not keep the others from migrating.
    await client.query("set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3");
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Work of one transaction. `commit` may be sent with its last statements, all of them awaited together: Postgres commits nothing when one of them failed.
 * What does not send it is committed when it is done.
 */
export type TransactionWork<Result> = (client: pg.PoolClient, commit: () => Promise<void>) => Promise<Result>;

/**
 * Runs work in one transaction; whatever it throws rolls all of it back. A transaction that lost a race is run again, whole, a few times
 * after a random pause; `random` gives numbers in [0, 1).
 */
export async function inTransaction<Result>(pool: pg.Pool, random: () => number, work: TransactionWork<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (error instanceof SaldoError || attempt === attemptsMax || !retryableStates.has(errorCode(error) ?? "")) throw error;
      await new Promise((resolve) => setTimeout(resolve, random() * retryDelayMsMax));
    }
  }
}

async function once<Result>(pool: pg.Pool, work: TransactionWork<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  // A connection that dies between two statements says so here; the statement in flight rejects by itself.
  const onLost = () => {
    broken = true;
  };
  client.on("error", onLost);
  let committing: Promise<unknown> | undefined;
  const commit = async () => {
    await (committing ??= client.query(commitStatement));
  };
  try {
    const [, result] = await Promise.all([client.query(beginStatement), work(client, commit)]);
    await commit();
    return result;
  } catch (error) {
    await client.query("rollback").catch(onLost);
    throw error;
  } finally {
    client.off("error", onLost);
    client.release(broken);
  }
}
