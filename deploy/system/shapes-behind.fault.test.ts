import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { startShapes, type ShapesProcess } from "./shapes-process.ts";

let database: TestDatabase;
let storageDir: string;
let behind: ShapesProcess;
let relay: RunningRelay;
const devices: Device[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-behind-"));
  behind = await startShapes(database, path.join(storageDir, "behind"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}`, electricUrl: behind.url, electricSecret: behind.secret });
});

afterEach(async () => {
  for (const each of devices.splice(0)) await each.close();
});

afterAll(async () => {
  await relay.close();
  await behind.stop();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

async function device(bearer: string): Promise<Device> {
  const made = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer });
  devices.push(made);
  return made;
}

const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt: someInstant });
const named = (name: string) => sql`select "id" from "category" where "name" = ${name}`;
const saved = (one: Device) => one.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);

describe("devices of a relay with a shape service behind", () => {
  it("go on after that service was killed, and miss nothing of what was written meanwhile", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    a.client.start();
    b.client.start();
    await Promise.all([saved(a), saved(b)]);
    await a.record("category.create", category("k1", "before"));
    await b.untilRow(named("before"));
    const restarting = behind.restart();
    await a.record("category.create", category("k2", "while it was away"));
    await restarting;
    await b.untilRow(named("while it was away"));
    await b.record("category.rename", { categoryId: "k2", name: "after" });
    await a.untilRow(named("after"));
    await Promise.all([saved(a), saved(b)]);
    expect(await a.rows("category")).toEqual(await b.rows("category"));
    expect(await a.rows("rejection")).toEqual([]);
  });

  it("go on after the relay's own reading of the log was cut again and again", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    a.client.start();
    b.client.start();
    await Promise.all([saved(a), saved(b)]);
    for (let round = 0; round < 5; round++) {
      await relay.sql("select pg_terminate_backend(active_pid) from pg_replication_slots where temporary and database = current_database()");
      await a.record("category.create", category(`r${round}`, `round ${round}`));
      await b.untilRow(named(`round ${round}`));
    }
    await Promise.all([saved(a), saved(b)]);
    expect(await a.rows("category")).toEqual(await b.rows("category"));
    await expect.poll(() => relay.sql("select count(*)::int as n from pg_replication_slots where temporary and database = current_database()")).toEqual([{ n: 1 }]);
  });
});
