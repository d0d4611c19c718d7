import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { collectLog } from "../testing/shape-server.ts";
import { type ChangedRow, CommitFollower, type FollowedCommit } from "./commit-follower.ts";

let database: TestDatabase;
let client: Client;
let follower: CommitFollower;
const commits: FollowedCommit[] = [];
const attachments: bigint[] = [];

/** Names a row by table and value of `k`, before and after. */
function touches({ table, columns, old, row }: ChangedRow): string[] {
  const index = columns.indexOf("k");
  return [old?.[index], row?.[index]].filter((value) => typeof value === "string").map((value) => `${table} ${value}`);
}

const slots = async () => (await client.query("SELECT FROM pg_replication_slots WHERE database = current_database()")).rowCount;

/** Runs statements and gives what was told of them. */
async function told(...statements: string[]): Promise<FollowedCommit["touched"][]> {
  const before = commits.length;
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ lsn: string }>("SELECT (pg_current_wal_flush_lsn() - '0/0')::text AS lsn");
  while (!(await follower.told(BigInt(rows[0]?.lsn ?? 0), 1_000)));
  return commits.slice(before).map((commit) => commit.touched);
}

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("CREATE TABLE whole (id int PRIMARY KEY, k text, big text); ALTER TABLE whole REPLICA IDENTITY FULL; ALTER TABLE whole ALTER big SET STORAGE EXTERNAL");
  await client.query("CREATE TABLE plain (id int PRIMARY KEY, k text); CREATE TABLE unpublished (id int PRIMARY KEY, k text); CREATE PUBLICATION followed FOR TABLE whole, plain");
  follower = new CommitFollower({
    databaseUrl: database.url,
    publicationName: "followed",
    slotName: `follow_${database.name}`,
    log: collectLog(),
    nowMs: () => Math.floor(performance.now()),
    random: Math.random,
    touches,
    attached: (lsn) => void attachments.push(lsn),
    committed: (commit) => void commits.push(commit),
    detached: () => undefined,
  });
  follower.start();
  await told("SELECT 1");
});
afterAll(async () => {
  await follower.close();
  await client.end();
  await database.drop();
});

it("names what each transaction touched, before and after, in order", async () => {
  expect(await told("INSERT INTO whole VALUES (1, 'a', repeat('x', 20000)), (2, 'b', '')", "UPDATE whole SET k = 'c' WHERE id = 1", "DELETE FROM whole WHERE id = 2")).toEqual([
    new Set(["whole a", "whole b"]),
    new Set(["whole a", "whole c"]),
    new Set(["whole b"]),
  ]);
  const lsns = commits.map(({ lsn }) => lsn);
  expect(lsns).toEqual(lsns.toSorted((a, b) => (a < b ? -1 : 1)));
});

it("tells a commit that changed nothing, and none that is of no concern", async () => {
  expect(await told("UPDATE whole SET k = k", "INSERT INTO unpublished VALUES (1, 'a')", "BEGIN; INSERT INTO whole VALUES (9, 'z', ''); ROLLBACK")).toEqual([new Set()]);
});

it("says all when it cannot tell", async () => {
  expect(await told("INSERT INTO plain VALUES (1, 'p')", "UPDATE plain SET k = 'q'", "DELETE FROM plain", "TRUNCATE whole")).toEqual([new Set(["plain p"]), "all", "all", "all"]);
  expect(await told("INSERT INTO whole SELECT g, g::text, '' FROM generate_series(1, 10001) g")).toEqual(["all"]);
});

it("comes back after its connection is cut, says so, and leaves one slot", async () => {
  const before = attachments.length;
  const { rows } = await client.query<{ pid: number }>("SELECT active_pid AS pid FROM pg_replication_slots WHERE database = current_database()");
  await client.query("SELECT pg_terminate_backend($1, 5000)", [rows[0]?.pid]);
  while (attachments.length === before) await told("SELECT 1");
  expect(await told("INSERT INTO plain VALUES (7, 'again')")).toEqual([new Set(["plain again"])]);
  expect(await slots()).toBe(1);
});

it("takes its slot with it", async () => {
  await follower.close();
  expect(await slots()).toBe(0);
});
