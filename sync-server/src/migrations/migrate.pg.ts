import { serverMigrations } from "@saldo/schema/server";
import type pg from "pg";
import { publishSyncedTables } from "./publication.pg.ts";

/** Any two starting relays take this lock in turn; the number is the name "saldo" in hexadecimal ASCII. */
const migrationLock = 0x73616c646f;

/**
 * Brings the database to this version's schema: each pending migration in a transaction of its own, together with the note that it ran;
 * then the publication to this version's tables.
 * Idempotent; relays that start together wait for each other. Returns the names applied now.
 */
export async function migrate(client: pg.ClientBase): Promise<readonly string[]> {
  await client.query("select pg_advisory_lock($1)", [migrationLock]);
  try {
    const applied = await applyPending(client);
    await publishSyncedTables(client);
    return applied;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]);
  }
}

async function applyPending(client: pg.ClientBase): Promise<readonly string[]> {
  await client.query("create schema if not exists migration");
  await client.query("create table if not exists migration.applied (name text primary key, applied_at timestamptz not null default now())");
  const known = await client.query<{ name: string }>("select name from migration.applied");
  const done = new Set(known.rows.map((row) => row.name));
  const pending = serverMigrations.filter((migration) => !done.has(migration.name));
  for (const migration of pending) {
    await client.query("begin");
    try {
      for (const statement of migration.statements) await client.query(statement);
      await client.query("insert into migration.applied (name) values ($1)", [migration.name]);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  }
  return pending.map((migration) => migration.name);
}
