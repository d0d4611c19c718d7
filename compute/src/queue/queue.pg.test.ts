import pg from "pg";
import { pino } from "pino";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { openQueue } from "./open-queue.ts";
import { queueContract } from "./queue.contract.ts";

queueContract(async () => {
  const database = await createTestDatabase();
  return { databaseUrl: database.url, redisUrl: null, dispose: () => database.drop() };
});

it("keeps its tables in a schema of their own", async () => {
  const database = await createTestDatabase();
  const queue = await openQueue({
    databaseUrl: database.url,
    redisUrl: null,
    log: pino({ level: "silent" }),
    random: Math.random,
    timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 },
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await queue.waitingCount();
    const { rows } = await client.query("select distinct schemaname from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
    expect(rows).toEqual([{ schemaname: "bullmq" }]);
  } finally {
    await client.end();
    await queue.close(5_000);
    await database.drop();
  }
});
