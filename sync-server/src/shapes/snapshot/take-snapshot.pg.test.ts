import { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { type SnapshotTask, takeSnapshot } from "./take-snapshot.ts";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  pool.on("connect", (client) => client.on("error", () => undefined));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function snapshotOf(query: string, task: Partial<SnapshotTask>): Promise<unknown> {
  const client = await pool.connect();
  try {
    return await takeSnapshot(client, { query, settings: [], accept: () => true, onRow: () => undefined, signal: new AbortController().signal, ...task });
  } finally {
    client.release();
  }
}

async function running(query: string): Promise<number | null> {
  return (await pool.query("SELECT FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid() AND state = 'active'", [`COPY (${query}%`])).rowCount;
}

it("ends with a row that cannot be taken, without the rest of the rows", async () => {
  const endless = "SELECT generate_series(1, 1000000000000)::text";
  let rows = 0;
  const onRow = (): void => {
    rows += 1;
    throw new Error("the disk is full");
  };
  await expect(snapshotOf(endless, { onRow })).rejects.toThrow("the disk is full");
  expect(rows).toBe(1);
  while ((await running(endless)) !== 0);
});

it("is given up at once, also while Postgres sends nothing", async () => {
  const holder = await pool.connect();
  await holder.query("SELECT pg_advisory_lock(1)");
  const leaving = new AbortController();
  const reading = snapshotOf("SELECT concat(pg_advisory_lock_shared(1))", { signal: leaving.signal });
  while ((await holder.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).rowCount === 0);
  leaving.abort(new Error("nobody waits"));
  await expect(reading).rejects.toThrow("nobody waits");
  await holder.query("SELECT pg_advisory_unlock(1)");
  holder.release();
});

it("does not begin for who has left", async () => {
  await expect(snapshotOf("SELECT 'never'", { signal: AbortSignal.abort(new Error("left")) })).rejects.toThrow("left");
});
