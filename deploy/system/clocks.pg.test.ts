import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { systemClock } from "@saldo/client-core/sync";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";

const twoDaysMs = 48 * 3_600_000;
const changesOfPush = 40;

let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;
const devices: ClockedDevice[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-clocks-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});
afterEach(async () => {
  for (const { device } of devices.splice(0)) await device.close();
  relay.setClock(0);
});
afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

/** A device whose clock somebody sets. */
interface ClockedDevice {
  readonly device: Device;
  setClock(laterMs: number): void;
}

async function clocked(bearer: string, laterMs: number): Promise<ClockedDevice> {
  const { nowMs, sleep } = systemClock();
  let offsetMs = laterMs;
  const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer, clock: { nowMs: () => nowMs() + offsetMs, sleep } });
  device.client.start();
  const made = { device, setClock: (ms: number) => void (offsetMs = ms) };
  devices.push(made);
  return made;
}

const category = (id: string) => ({ id, name: id, kind: "expense", createdAt: someInstant });
const rename = (name: string) => ({ categoryId: "c", name });
const saved = ({ device }: ClockedDevice) => device.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
const sees = ({ device }: ClockedDevice, name: string) => device.untilRow(sql`select "id" from "category" where "name" = ${name}`);

async function expectSameRows(all: readonly ClockedDevice[]): Promise<void> {
  await Promise.all(all.map(saved));
  const [workspace] = (await all[0]?.device.rows("workspace")) ?? [];
  const server = await serverRows(relay, String(Object(workspace).id));
  for (const { device } of all) await expect.poll(() => deviceRows(device)).toEqual(server);
}

describe("devices whose clocks are two days apart, each way", () => {
  it("sync, and of two edits of one row that one stays which reached the server last, whatever their clocks say", async () => {
    const bearer = await relay.signUp();
    const [slow, right, fast] = [await clocked(bearer, -twoDaysMs), await clocked(bearer, 0), await clocked(bearer, twoDaysMs)];
    const all = [slow, right, fast];
    await right.device.record("category.create", category("c"));
    for (const each of all) await sees(each, "c");
    for (const [who, name] of [[fast, "by the fast one"], [right, "by the right one"], [slow, "by the slow one"], [fast, "by the fast one again"], [slow, "by the slow one again"]] as const) {
      await who.device.record("category.rename", rename(name));
      for (const each of all) await sees(each, name);
    }
    await expectSameRows(all);
  });

  it("apply each change once when a clock jumps between any two of them", async () => {
    const bearer = await relay.signUp();
    const [writer, reader] = [await clocked(bearer, 0), await clocked(bearer, 0)];
    for (let index = 0; index < changesOfPush; index++) {
      writer.setClock(((index % 3) - 1) * twoDaysMs);
      reader.setClock((((index + 1) % 3) - 1) * twoDaysMs);
      await writer.device.record("category.create", category(`jump ${index}`));
    }
    await sees(reader, `jump ${changesOfPush - 1}`);
    await expectSameRows([writer, reader]);
    expect(await reader.device.rows("category")).toHaveLength(changesOfPush);
    const [workspace] = await reader.device.rows("workspace");
    const applied = await relay.sql("select count(*)::int as n from relay.applied_mutation a join client c on c.id = a.client_id where c.workspace_id = $1 and a.rejection_code is null", [Object(workspace).id]);
    // The workspace itself comes with the sign-up.
    expect(applied).toEqual([{ n: changesOfPush }]);
  });
});

describe("a server whose clock is set to another time while devices sync", () => {
  it.each([twoDaysMs, -twoDaysMs, 50_000])("asks for new tokens where it must, and keeps nobody out (by %i ms)", async (laterMs) => {
    const bearer = await relay.signUp();
    const all = [await clocked(bearer, 0), await clocked(bearer, -laterMs)];
    const [a, b] = all;
    await a?.device.record("category.create", category("c"));
    for (const each of all) await sees(each, "c");
    relay.setClock(laterMs);
    for (const [index, who] of [a, b, a].entries()) {
      await who?.device.record("category.rename", rename(`after ${index}`));
      for (const each of all) await sees(each, `after ${index}`);
    }
    relay.setClock(0);
    await b?.device.record("category.rename", rename("set back"));
    for (const each of all) await sees(each, "set back");
    await expectSameRows(all);
  });
});
