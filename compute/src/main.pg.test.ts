import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../deploy/testing/postgres.ts";
import { addBooks, addWorkspace, jobState, migrate, requestJob, resultJobIds } from "./testing/books.ts";
import { buildPrograms, type BuiltPrograms } from "./testing/program.ts";

const waitMs = { timeout: 60_000, interval: 50 };
let programs: BuiltPrograms<"main" | "job-thread">;
beforeAll(async () => {
  programs = await buildPrograms({ main: "src/main.ts", "job-thread": "src/threads/job-thread.main.ts" }, "main");
});
afterAll(() => programs.remove());

it("waits for the relay's tables, answers a request with rows, and leaves when asked to", async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  const worker = programs.start("main", { DATABASE_URL: database.url, SALDO_WORKERS_MIN: "2", SALDO_WORKERS_MAX: "2" });
  try {
    await vi.waitFor(() => expect(worker.said()).toContain("waiting for the database"), waitMs);
    await migrate(pool);
    await addWorkspace(pool, "w1");
    await addBooks(pool, "w1");
    await requestJob(pool, "w1", "j1");
    await vi.waitFor(async () => expect(await jobState(pool, "j1")).toMatchObject({ status: "done", progressPermille: 1000 }), waitMs);
    await requestJob(pool, "w1", "j2");
    await vi.waitFor(async () => expect(await resultJobIds(pool)).toEqual(["j1", "j2"]), waitMs);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(worker.said()).toContain("stopped");
  } finally {
    worker.child.kill("SIGKILL");
    await worker.ended;
    await pool.end();
    await database.drop();
  }
});

it("does not start with settings it cannot use, and names them", async () => {
  const worker = programs.start("main", { REDIS_URL: "memcached://secret" });
  expect(await worker.ended).toBe(1);
  expect(worker.said()).toContain("DATABASE_URL, REDIS_URL");
  expect(worker.said()).not.toContain("secret");
});
