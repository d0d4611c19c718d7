import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { schemaVersion, schemaVersionHeader } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";

const monthMs = 30 * 86_400_000;

let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;
const devices: Device[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-changed-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});

afterEach(async () => {
  for (const each of devices.splice(0)) await each.close();
});

afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

async function device(bearer: string, fetchClient: typeof fetch = fetch): Promise<Device> {
  const made = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer, fetch: fetchClient });
  devices.push(made);
  return made;
}

const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt: someInstant });
const named = (name: string) => sql`select "id" from "category" where "name" = ${name}`;
const saved = (one: Device) => one.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);

async function expectSameRows(...all: readonly Device[]): Promise<void> {
  const [workspace] = await all[0]?.rows("workspace") ?? [];
  const server = await serverRows(relay, String(Object(workspace).id));
  for (const each of all) await expect.poll(() => deviceRows(each)).toEqual(server);
}

describe("tables altered under devices that sync them", () => {
  it("keep no edit back and show every device the same rows", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    for (const each of [a, b]) each.client.start();
    await Promise.all([a, b].map(saved));
    const changes = [
      "alter table category add column extra text not null default 'x'",
      "alter table category rename column extra to further",
      "alter table category alter column name type varchar(400)",
      "alter table category drop column further",
    ];
    for (const [index, change] of changes.entries()) {
      const [writer, reader] = index % 2 === 0 ? [a, b] : [b, a];
      await writer.record("category.create", category(`before-${index}`));
      await Promise.all([relay.sql(change), reader.record("category.create", category(`meanwhile-${index}`))]);
      await writer.record("category.create", category(`after-${index}`));
      for (const each of [a, b]) for (const id of ["before", "meanwhile", "after"]) await each.untilRow(named(`${id}-${index}`));
    }
    await Promise.all([a, b].map(saved));
    await expectSameRows(a, b);
    expect(await a.rows("category")).toHaveLength(3 * changes.length);
  });
});

describe("a device of a version the server does not serve any more", () => {
  it("is told to update, keeps what it did, and a month later all of it arrives once", async () => {
    const bearer = await relay.signUp();
    let version = String(schemaVersion);
    let losesAnswers = false;
    const made = await device(bearer, async (input, init) => {
      const request = new Request(input, init);
      request.headers.set(schemaVersionHeader, version);
      const answer = await fetch(request);
      if (!losesAnswers || !request.url.endsWith("/v1/mutations")) return answer;
      [version, losesAnswers] = ["0", false];
      throw new TypeError("the answer is lost");
    });
    await made.client.syncOnce();
    losesAnswers = true;
    for (const id of ["c1", "c2"]) await made.record("category.create", category(id, "sent in the old version"));
    made.client.start();
    expect(await made.until(({ state }) => state === "update_required")).toMatchObject({ pendingChanges: 2, problems: [{ code: "relay.update_required" }] });
    await made.record("category.rename", { categoryId: "c1", name: "renamed in the old version" });
    await relay.stop();
    await relay.start(monthMs);
    const verdicts = async () => (await relay.sql("select count(*)::int as n from relay.applied_mutation a join client c on c.id = a.client_id join category k on k.workspace_id = c.workspace_id and k.id = 'c1'"))[0];
    while (Object(await verdicts()).n > 1) await relay.sql("select 1");
    made.client.now();
    await made.until(({ state, pendingChanges }) => state === "update_required" && pendingChanges === 3);
    await relay.sql("update category set name = 'renamed by another' where id = 'c2'");

    version = String(schemaVersion);
    made.client.now();
    await saved(made);
    await made.untilRow(named("renamed by another"));
    const other = await device(bearer);
    await other.client.syncOnce();
    expect((await other.rows("category")).map((row) => Object(row).name)).toEqual(["renamed in the old version", "renamed by another"]);
    await expectSameRows(made, other);
    expect(await other.rows("rejection")).toEqual([]);
  });
});
