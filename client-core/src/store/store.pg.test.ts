import pg from "pg";
import { afterAll } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { describeLocalDatabase } from "./contract.ts";
import { openPostgres } from "./drivers/postgres.ts";

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

describeLocalDatabase("Postgres", async () => {
  const testDatabase = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: testDatabase.url });
  closers.push(async () => {
    await pool.end();
    await testDatabase.drop();
  });
  return openPostgres(pool);
});
