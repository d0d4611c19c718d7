import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../deploy/testing/postgres.ts";
import { inTransaction, openPool } from "./database.pg.ts";

const answerMsMax = 1_000;
/** A machine that does much else may take longer than that for an answer, too. */
const restMs = 120_000;

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, () => undefined, 1, answerMsMax);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ask = async (connection: Pick<pg.Pool, "query">): Promise<number> => (await connection.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid ?? 0;

it.each([
  ["a question", () => ask(pool)],
  ["a transaction", () => inTransaction(pool, ask)],
])("%s on the only connection, which nobody answers any more, fails after a while, and the next gets a new one", async (_what, work) => {
  const silent = await ask(pool);
  process.kill(silent, "SIGSTOP");
  try {
    await expect(work()).rejects.toThrow();
    await expect.poll(() => work().catch(() => silent), { timeout: restMs }).not.toBe(silent);
  } finally {
    process.kill(silent, "SIGCONT");
  }
});
