import pg from "pg";
import { afterEach } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { describeLocalDatabase } from "./contract.ts";
import { openPostgres } from "./drivers/postgres.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
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
