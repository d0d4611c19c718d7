import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../deploy/testing/postgres.ts";
import { inTransaction, openPool, withoutLimits } from "./database.pg.ts";
import { startTcpProxy, type TcpProxy } from "./shapes/testing/tcp-proxy.ts";

const answerMsMax = 1_000;
/** A machine that does much else may take longer than that for an answer, too. */
const restMs = 120_000;
/** As many as the pool holds. */
const connections = 20;

let database: TestDatabase;
let proxy: TcpProxy;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  pool = openPool(url.href, () => undefined, answerMsMax);
});
afterAll(async () => {
  await pool.end();
  await proxy.close();
  await database.drop();
});

const work = () => inTransaction(pool, () => 0, async (client) => (await client.query<{ one: number }>("select 1 as one")).rows);
const many = async () => new Set((await Promise.allSettled(Array.from({ length: connections }, work))).map(({ status }) => status));
const allDone = () => expect.poll(many, { timeout: restMs }).toEqual(new Set(["fulfilled"]));

it("work whose connections are lost without a word fails after a while, and the next has connections that live", async () => {
  await allDone();
  proxy.set("lost", "lost");
  expect(await many()).toEqual(new Set(["rejected"]));
  proxy.set("open", "open");
  await allDone();
});

it("a lost connection nobody was using costs whoever gets it that wait, and is gone", async () => {
  await allDone();
  proxy.set("lost", "lost");
  await expect(work()).rejects.toThrow();
  proxy.set("open", "open");
  await allDone();
});

it("what may take long does so whatever limit the database has, as a migration of large tables", async () => {
  await withoutLimits(database.url, (client) => client.query(`alter database ${database.name} set statement_timeout = '20ms'`));
  await expect(withoutLimits(database.url, (client) => client.query("select pg_sleep(0.1)"))).resolves.toMatchObject({ rowCount: 1 });
});
