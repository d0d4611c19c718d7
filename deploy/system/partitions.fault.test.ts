import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";
import { makeWeather, type Passage, type Weather } from "./weather.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";
/** Devices, each parted again and again at moments of its own. */
const devicesOfRun = isDeep ? 25 : 5;
const roundsOfRun = isDeep ? 4 : 2;
const partedMsMax = isDeep ? 10_000 : 400;
/** What a partition does to bytes on their way up and down. */
const passing: readonly (readonly [up: Passage, down: Passage])[] = [["held", "open"], ["open", "held"], ["held", "held"]];
/** What is gone for good is noticed by silence, which takes up to a minute. */
const lasting: readonly (readonly [up: Passage, down: Passage])[] = [["lost", "open"], ["open", "lost"], ["lost", "lost"]];
const partitions = isDeep ? [...passing, ...lasting] : passing;
/** A bound on liveness: a request whose answer is gone for good is given up after a minute. */
const restMs = 150_000;

let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-partitions-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});
afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

interface Parted {
  readonly device: Device;
  readonly weather: Weather;
  readonly name: string;
}

async function untilSent({ device }: Parted): Promise<void> {
  await expect.poll(() => device.client.status(), { timeout: restMs, interval: 100 }).toMatchObject({ state: "saved", pendingChanges: 0 });
}

it(`after each of ${devicesOfRun * roundsOfRun} partitions nothing is left to send and every device has the same rows`, { timeout: 1_500_000 }, async () => {
  const bearer = await relay.signUp();
  const parted: Parted[] = [];
  try {
    for (let index = 0; index < devicesOfRun; index++) {
      const weather = makeWeather(() => 0);
      const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer, fetch: weather.fetch });
      device.client.start();
      parted.push({ device, weather, name: `device ${index}` });
    }
    await Promise.all(parted.map(untilSent));
    const delaysMs = fc.sample(fc.integer({ min: 0, max: partedMsMax }), { seed: 1, numRuns: devicesOfRun * roundsOfRun });
    await Promise.all(
      parted.map(async (each, index) => {
        for (let round = 0; round < roundsOfRun; round++) {
          await part(each, round, index, delaysMs[round * devicesOfRun + index] ?? 0);
          await untilSent(each);
        }
      }),
    );
    const [workspace] = await relay.sql("select workspace_id as id from category limit 1");
    const server = await serverRows(relay, String(workspace?.["id"]));
    expect(server["category"]).toHaveLength(devicesOfRun * roundsOfRun * 2);
    for (const { device } of parted) await expect.poll(() => deviceRows(device), { timeout: restMs }).toEqual(server);
    expect(await relay.sql("select count(*)::int as n from rejection")).toEqual([{ n: 0 }]);
    for (const { device } of parted) expect(await device.database.query(sql`select count(*) as "left" from "sync_base"`)).toEqual([{ left: 0 }]);
  } finally {
    for (const { device } of parted) await device.close();
  }
});

/** Writes while the network is there, parts it at some moment, writes again, and heals it: as an operating system does, without a word to anybody. */
async function part({ device, weather, name }: Parted, round: number, index: number, delayMs: number): Promise<void> {
  const write = (moment: string) => device.record("category.create", { id: `${name} ${round} ${moment}`, name: `${name} ${round} ${moment}`, kind: "expense", createdAt: someInstant });
  await write("before");
  const [up, down] = partitions[(round + index) % partitions.length] ?? ["held", "held"];
  if ((round + index) % 5 === 4) weather.reset();
  else Object.assign(weather, { up, down });
  await write("during");
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  weather.heal();
}
