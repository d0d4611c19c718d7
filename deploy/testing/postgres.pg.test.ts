import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase, postgresUrl } from "./postgres.ts";

it("gives every caller an empty database, and drops it although a slot and sessions are open", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  expect(one.name).not.toBe(two.name);
  const client = new pg.Client({ connectionString: one.url });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [`slot_${one.name}`]);
  await Promise.all([one.drop(), two.drop()]);
  const admin = new pg.Client({ connectionString: await postgresUrl() });
  await admin.connect();
  const left = await admin.query("select datname from pg_database where datname in ($1, $2)", [one.name, two.name]);
  await admin.end();
  expect(left.rows).toEqual([]);
});
