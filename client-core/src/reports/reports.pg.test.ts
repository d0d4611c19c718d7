import pg from "pg";
import { afterAll } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { openPostgres } from "../store/drivers/postgres.ts";
import { describeReports } from "./contract.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";
const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

describeReports("Postgres", async () => {
  const testDatabase = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: testDatabase.url });
  closers.push(async () => {
    await pool.end();
    await testDatabase.drop();
  });
  return openPostgres(pool);
}, isDeep);
