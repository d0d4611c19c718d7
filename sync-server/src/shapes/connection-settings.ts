import type { ClientConfig } from "pg";

/** Session settings under which Postgres renders values; snapshots and replication must agree on them. */
const renderSettings = ["DateStyle=ISO,DMY", "TimeZone=UTC", "IntervalStyle=iso_8601", "bytea_output=hex", "extra_float_digits=1", "statement_timeout=0", "idle_in_transaction_session_timeout=0"];

const connectTimeoutMs = 10_000;
const keepAliveDelayMs = 10_000;

/** For sessions that serve requests: a table someone keeps locked must not hold them for long. */
export const lockTimeoutSetting = "lock_timeout=2000";

/** Connection configuration with the canonical rendering. */
export function canonicalConnection(databaseUrl: string, applicationName: string, moreSettings: readonly string[] = []): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: applicationName,
    options: [...renderSettings, ...moreSettings].map((setting) => `-c ${setting}`).join(" "),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    connectionTimeoutMillis: connectTimeoutMs,
  };
}
