import type { ClientConfig, Pool, PoolClient } from "pg";

/** Session settings under which Postgres renders values; snapshots and replication must agree on them. */
const renderSettings: readonly (readonly [name: string, value: string])[] = [
  ["DateStyle", "ISO,DMY"],
  ["TimeZone", "UTC"],
  ["IntervalStyle", "iso_8601"],
  ["bytea_output", "hex"],
  ["extra_float_digits", "1"],
  ["statement_timeout", "0"],
  ["idle_in_transaction_session_timeout", "0"],
];

/** A table that someone keeps locked must hold nobody else up for long. */
export const lockTimeoutSql = "SET LOCAL lock_timeout = 2000";

/** Commands that give a transaction the canonical rendering; a pooler keeps no session settings, so that each transaction needs its own. */
export const renderingSql = [...renderSettings.map(([name, value]) => `SET LOCAL ${name} = '${value}'`), lockTimeoutSql].join("; ");

const connectTimeoutMs = 10_000;
/** How long a connection may be silent before the kernel asks whether the other side is there. */
export const keepAliveDelayMsDefault = 10_000;
/** After this time of silence a server that was asked is taken for gone. */
export const silenceMsDefault = 15_000;

/** Connection configuration with the canonical rendering. */
export function canonicalConnection(databaseUrl: string, applicationName: string, keepAliveDelayMs = keepAliveDelayMsDefault): ClientConfig {
  return { ...pooledConnection(databaseUrl, applicationName, keepAliveDelayMs), options: renderSettings.map(([name, value]) => `-c ${name}=${value}`).join(" ") };
}

/** Connection configuration that poolers accept: without session settings. */
export function pooledConnection(databaseUrl: string, applicationName: string, keepAliveDelayMs = keepAliveDelayMsDefault): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: applicationName,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    connectionTimeoutMillis: connectTimeoutMs,
  };
}

/** Runs queries in one read-only transaction with the canonical rendering, each of which may take so long. The answer does not wait for its end. */
export async function withRendering<Answer>(pool: Pool, statementMsMax: number, run: (client: PoolClient) => Promise<Answer>): Promise<Answer> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN READ ONLY; ${renderingSql}; SET LOCAL statement_timeout = ${statementMsMax}`);
    return await run(client);
  } finally {
    client.query("ROLLBACK").then(
      () => client.release(),
      (error: unknown) => client.release(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
