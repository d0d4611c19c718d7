import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { DatabasePool } from "./database-pool.ts";
import { resolveOptions } from "./options.ts";
import { collectLog, testOptions } from "./testing/shape-server.ts";
import { startTcpProxy, type TcpProxy } from "./testing/tcp-proxy.ts";

const workSeconds = 4;
const silenceMs = 300;
const waitMs = { timeout: 60_000, interval: 10 };

let database: TestDatabase;
let proxy: TcpProxy;
let connections: DatabasePool;
const log = collectLog();
beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  connections = new DatabasePool(resolveOptions({ ...testOptions({ ...database, url: url.href }, "unused", log), silenceMs }));
});
afterAll(async () => {
  await connections.close();
  await proxy.close();
  await database.drop();
});

it("cuts a connection whose question was lost on the way, and leaves one alone that the server works for", async () => {
  const [working, lost] = [await connections.pool.connect(), await connections.pool.connect()];
  const worked = working.query(`SELECT pg_sleep(${workSeconds})`);
  await lost.query("BEGIN");
  proxy.set("lost", "open");
  const asked = lost.query("SELECT 1").then(
    () => "answered",
    (error: unknown) => String(error),
  );
  // By the time the connections are asked after, the question is long gone.
  const before = proxy.accepted;
  await vi.waitFor(() => expect(proxy.accepted).toBeGreaterThan(before), waitMs);
  proxy.set("open", "open");
  expect(await asked).toMatch(/server is silent|Connection terminated/);
  lost.release(true);
  expect((await worked).rowCount).toBe(1);
  working.release();
  expect(log.lines.filter(({ message }) => message.includes("the server does nothing for it"))).toHaveLength(1);
});
