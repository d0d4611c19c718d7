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
let behind: ShapesProcess | undefined;
let relay: RunningRelay;
const devices: Device[] = [];

afterEach(async () => {
  for (const each of devices.splice(0)) await each.close();
});

async function device(bearer: string): Promise<Device> {
  const made = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer });
  devices.push(made);
  return made;
}

const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt: someInstant });
const named = (name: string) => sql`select "id" from "category" where "name" = ${name}`;

describe.each(["its own shapes", "a shape service behind"])("two devices over a real relay with %s", (backend) => {
  beforeAll(async () => {
    database = await createTestDatabase();
    storageDir = await mkdtemp(path.join(tmpdir(), "saldo-system-"));
    behind = backend === "its own shapes" ? undefined : await startShapes(database, path.join(storageDir, "behind"));
    const source = behind === undefined ? {} : { electricUrl: behind.url, electricSecret: behind.secret };
    relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}`, ...source });
  });

  afterAll(async () => {
    await relay.close();
    await behind?.stop();
    await database.drop();
    await rm(storageDir, { recursive: true, force: true });
  });

  it("converge while both are online", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    a.client.start();
    b.client.start();
    await Promise.all([a.until(({ state }) => state === "saved"), b.until(({ state }) => state === "saved")]);
    await a.record("category.create", category("food", "Еда"));
    await b.untilRow(named("Еда"));
    await b.record("category.rename", { categoryId: "food", name: "Продукты" });
    await a.untilRow(named("Продукты"));
    await Promise.all([a, b].map((one) => one.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0)));
    expect(await a.rows("category")).toEqual(await b.rows("category"));
  });

  it("keep what was edited offline on both, and say what was refused", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    await a.record("category.create", category("c1", "One"));
    await a.record("category.create", category("c2", "Two"));
    await a.client.syncOnce();
    await b.client.syncOnce();
    expect(await b.rows("category")).toHaveLength(2);
    await relay.sql("delete from category where id = 'c2'");
    await a.record("category.rename", { categoryId: "c1", name: "One of A" });
    await b.record("category.rename", { categoryId: "c2", name: "Two of B" });
    await a.client.syncOnce();
    const status = await b.client.syncOnce();
    expect(status).toMatchObject({ state: "needs_attention", pendingChanges: 0, problems: [{ code: "mutation.row_missing", mutation: "category.rename" }] });
    expect((await b.rows("category")).map((row) => Object(row).name)).toEqual(["One of A"]);
    await a.client.syncOnce();
    expect(await a.rows("category")).toEqual(await b.rows("category"));
    expect(await a.rows("rejection")).toEqual(await b.rows("rejection"));
  });

  it("go on after the relay was restarted", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    a.client.start();
    b.client.start();
    await Promise.all([a, b].map((one) => one.until(({ state }) => state === "saved")));
    await relay.stop();
    await a.record("category.create", category("r1", "While it was away"));
    await a.until(({ state }) => state === "offline");
    await relay.start();
    await b.untilRow(named("While it was away"));
    await a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    expect(await a.rows("category")).toEqual(await b.rows("category"));
    expect(await relay.sql("select count(*)::int as n from category where id = 'r1'")).toEqual([{ n: 1 }]);
  });

  it("lose nothing and apply nothing twice when the relay goes away in the middle of an upload", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    await a.record("category.create", category("m1"));
    await a.client.syncOnce();
    const edits = 1_200;
    for (let edit = 1; edit <= edits; edit++) await a.record("category.rename", { categoryId: "m1", name: `edit ${edit}` });
    a.client.start();
    await a.until(({ pendingChanges }) => pendingChanges < edits);
    await relay.stop();
    await a.until(({ state }) => state === "offline");
    await relay.start();
    await a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    await b.client.syncOnce();
    expect((await b.rows("category")).map((row) => Object(row).name)).toEqual([`edit ${edits}`]);
    expect(await a.rows("category")).toEqual(await b.rows("category"));
    const [client] = await relay.sql("select max(last_seq)::int as seq from client c join category k on k.workspace_id = c.workspace_id where k.id = 'm1'");
    expect(client).toEqual({ seq: edits + 1 });
    expect(await b.rows("rejection")).toEqual([]);
  });

  it("bring a whole import to the other device in one piece", async () => {
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    const rows = Array.from({ length: 3_000 }, (_, index) => [`t${String(index).padStart(5, "0")}`, index, "2026-01-02", -100 - index, 0, -1, `Оплата ${index}`, null]);
    await a.record("import.begin", {
      importId: "i1",
      fileName: "bank.csv",
      fileSha256: "0".repeat(64),
      fileBytes: 10,
      format: "csv",
      understanding: {},
      accounts: [{ id: "account-1", name: "Bank", currency: "EUR", number: null }],
      categories: [],
      createdAt: someInstant,
    });
    await a.record("import.addRows", { importId: "i1", currencies: ["EUR"], accounts: ["account-1"], categories: [], rowCurrencies: [], rows, createdAt: someInstant });
    await a.record("import.complete", { importId: "i1", rowsAdded: rows.length, rowsRefused: 0, largestCategories: [], completedAt: someInstant });
    await a.client.syncOnce();
    await b.client.syncOnce();
    expect(await b.rows("transaction")).toHaveLength(rows.length);
    expect(await b.rows("transaction")).toEqual(await a.rows("transaction"));
    expect(await b.rows("import")).toEqual(await a.rows("import"));
  });
});
