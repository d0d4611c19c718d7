import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A database of its own for one test file or test. */
export interface TestDatabase {
  /** Connection URL of a superuser, who may also replicate. */
  readonly url: string;
  readonly name: string;
  /** Cuts every session, drops the database's replication slots and the database. Idempotent. */
  drop(): Promise<void>;
}

/** Admin URL of the run's shared Postgres 18 (`wal_level=logical`); starts the server when this is the first call of the run. */
export async function postgresUrl(): Promise<string> {
  const answer = await fetch(inject("postgresDoor"));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Makes an empty database on the run's shared Postgres. Call `drop()` in `afterAll` or `afterEach`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = await postgresUrl();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(adminUrl, (client) => client.query(`create database ${name} template template0`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  let dropping: Promise<void> | undefined;
  return { url: url.href, name, drop: () => (dropping ??= asAdmin(adminUrl, (client) => dropDatabase(client, name))) };
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  const slots = await client.query<{ slot: string }>("select slot_name as slot from pg_replication_slots where database = $1", [name]);
  for (const { slot } of slots.rows) await dropSlot(client, slot);
  await client.query(`drop database if exists ${name} with (force)`);
}

/** A slot stays busy for a moment after its session was cut: the server itself waits for the session to be gone. */
async function dropSlot(client: pg.Client, slot: string): Promise<void> {
  const busy = "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where slot_name = $1 and active_pid is not null";
  await client.query(busy, [slot]);
  await client.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1", [slot]);
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
