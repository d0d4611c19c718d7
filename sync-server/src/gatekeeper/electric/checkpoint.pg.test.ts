import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { type CheckpointParts, findCheckpoint } from "./checkpoint.pg.ts";

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on("error", () => undefined);
  await pool.query("create table client (id text primary key, user_id text); insert into client values ('c', 'u')");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Two readers of the log: ours is always there, the other at what it is asked to answer, in turn. */
function readers(answers: readonly (bigint | undefined)[], overrides: Partial<CheckpointParts> = {}) {
  let asked = 0;
  let flushedLsn = 0n;
  let nowMs = 0;
  const parts: CheckpointParts = {
    pool,
    nowMs: () => (nowMs += 1_000),
    seenLsn: () => 500n,
    told: async (lsn) => {
      flushedLsn = lsn;
      return true;
    },
    completeLsn: async () => answers[Math.min(asked++, answers.length - 1)],
    ...overrides,
  };
  return { parts, asked: () => asked, flushedLsn: () => flushedLsn };
}
const versionOf = async () => (await pool.query<{ version: string }>("select xmin::text as version from client")).rows[0]?.version;

it("is a commit of our own making that both readers have passed", async () => {
  const before = await versionOf();
  const { parts, asked, flushedLsn } = readers([100n, undefined, 499n, 500n]);
  expect(await findCheckpoint(parts)).toBe(500n);
  expect(asked()).toBe(4);
  expect(flushedLsn()).toBeGreaterThan(0n);
  expect(await versionOf()).not.toBe(before);
  expect((await pool.query("select * from client")).rows).toEqual([{ id: "c", user_id: "u" }]);
});

it("is not to be had while the service behind does not answer or keep up, or our reader is away", async () => {
  const away = expect.objectContaining({ code: "relay.unavailable" });
  const unanswered = readers([undefined]);
  const before = await versionOf();
  await expect(findCheckpoint(unanswered.parts)).rejects.toEqual(away);
  expect(await versionOf()).toBe(before);
  await expect(findCheckpoint(readers([499n]).parts)).rejects.toEqual(away);
  await expect(findCheckpoint(readers([500n], { told: () => Promise.resolve(false) }).parts)).rejects.toEqual(away);
});

it("waits for a row that somebody holds only when there is no other", async () => {
  const holder = await pool.connect();
  await holder.query("begin; select from client for update");
  const waiting = findCheckpoint(readers([500n]).parts);
  await holder.query("insert into client values ('d', 'v')");
  await holder.query("commit");
  holder.release();
  expect(await waiting).toBe(500n);
});

it("is where our reader is when there is no device at all", async () => {
  await pool.query("delete from client");
  expect(await findCheckpoint(readers([0n]).parts)).toBe(500n);
  expect(await findCheckpoint(readers([0n], { seenLsn: () => 0n }).parts)).toBeGreaterThan(0n);
});
