import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { systemClock } from "./ports.ts";
import { rowsOf, testDevice, type Device } from "./testing/device.ts";
import { RelayModel } from "./testing/relay-model.ts";

const url = "http://model.test";
const createdAt = "2026-01-01T00:00:00.000Z";
const open: Device[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.client.stop();
    await each.database.close();
  }
});

async function device(model: RelayModel): Promise<Device> {
  const made = await testDevice(await openStore(openBetterSqlite3({ path: ":memory:" })), url, model.fetch, {});
  open.push(made);
  return made;
}

const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt });
const byId = (table: string, id: string) => sql`select * from ${sql.identifier(table)} where "id" = ${id}`;

async function importRows(on: Device, importId: string, count: number): Promise<void> {
  await on.record("import.begin", {
    importId,
    fileName: "bank.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 10,
    format: "csv",
    understanding: {},
    accounts: [{ id: "account-1", name: "Bank", currency: "EUR", number: null }],
    categories: [],
    createdAt,
  });
  const rows = Array.from({ length: count }, (_, index) => [`${importId}-${String(index).padStart(5, "0")}`, index, "2026-01-02", -100 - index, 0, -1, `Кофе ${index}`, null]);
  await on.record("import.addRows", { importId, currencies: ["EUR"], accounts: ["account-1"], categories: [], rowCurrencies: [], rows, createdAt });
  await on.record("import.complete", { importId, rowsAdded: count, rowsRefused: 0, largestCategories: [], completedAt: createdAt });
}

describe("two devices of one person", () => {
  it("see each other's changes", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    a.client.start();
    b.client.start();
    await a.until(({ state }) => state === "saved");
    await b.until(({ state }) => state === "saved");
    await a.record("category.create", category("food"));
    await b.untilRow(byId("category", "food"));
    await b.record("category.rename", { categoryId: "food", name: "Еда" });
    await a.untilRow(sql`select 1 from "category" where "name" = 'Еда'`);
    await b.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    expect(await rowsOf(a.database, "category")).toEqual(await rowsOf(b.database, "category"));
    expect(await a.database.query(sql`select * from "sync_effect"`)).toEqual([]);
    expect([...a.warnings, ...b.warnings]).toEqual([]);
  });

  it("bring an import made before the first sign-in, and its echo writes nothing", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    await importRows(a, "import-1", 30);
    const before = await rowsOf(a.database, "transaction");
    await a.client.syncOnce();
    await b.client.syncOnce();
    expect(await rowsOf(b.database, "transaction")).toEqual(await rowsOf(a.database, "transaction"));
    expect(before.map((row) => ({ ...Object(row), workspace_id: model.workspaceId }))).toEqual(await rowsOf(a.database, "transaction"));
    expect(await rowsOf(b.database, "import")).toHaveLength(1);
    expect(await rowsOf(a.database, "workspace")).toEqual(await rowsOf(b.database, "workspace"));
    let transactionCommits = 0;
    a.database.onCommit((changed) => {
      if (changed.has("transaction")) transactionCommits++;
    });
    await importRows(a, "import-2", 20);
    transactionCommits = 0;
    await a.client.syncOnce();
    expect(transactionCommits).toBe(0);
  });

  it("keep edits of different columns, and add what both added", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    await importRows(a, "import-1", 3);
    await a.client.syncOnce();
    await b.client.syncOnce();
    await a.record("transaction.setNote", { id: "import-1-00001", note: "из командировки" });
    await b.record("category.create", category("travel"));
    await b.record("transaction.recategorise", { ids: ["import-1-00001"], categoryId: "travel" });
    await a.client.syncOnce();
    await b.client.syncOnce();
    await a.client.syncOnce();
    const [row] = await a.database.query(byId("transaction", "import-1-00001"));
    expect(row).toMatchObject({ note: "из командировки", category_id: "travel" });
    expect(await rowsOf(a.database, "transaction")).toEqual(await rowsOf(b.database, "transaction"));
  });
});

describe("what the server refuses", () => {
  it("of the same person in another company is no problem of this one", async () => {
    const model = new RelayModel();
    const a = await device(model);
    const refused = { userId: model.userId, clientId: "elsewhere", seq: 1, mutation: "category.rename", code: "mutation.row_missing", payload: {}, status: "open", createdAt };
    await model.commit((data) => data.write("rejection", "theirs", { id: "theirs", workspaceId: "workspace-2", ...refused }));
    expect(await a.client.syncOnce()).toMatchObject({ state: "saved", problems: [] });
    await model.commit((data) => data.write("rejection", "ours", { id: "ours", workspaceId: model.workspaceId, ...refused }));
    expect(await a.client.syncOnce()).toMatchObject({ state: "needs_attention", problems: [{ rejectionId: "ours" }] });
  });

  it("is rolled back and kept as a problem", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    await a.record("category.create", category("food"));
    await a.client.syncOnce();
    await b.client.syncOnce();
    await model.commit((data) => data.write("category", "food", undefined));
    await b.record("category.rename", { categoryId: "food", name: "Gone" });
    const status = await b.client.syncOnce();
    expect(status).toMatchObject({ state: "needs_attention", pendingChanges: 0, problems: [{ code: "mutation.row_missing", mutation: "category.rename" }] });
    expect(await rowsOf(b.database, "category")).toEqual([]);
    expect(await b.database.query(sql`select * from "sync_base"`)).toEqual([]);
    expect(await b.database.query(sql`select "status" from "sync_outbox"`)).toEqual([{ status: "rejected" }]);
  });

  it("takes rows of a refused import away", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    await importRows(a, "same", 5);
    await a.client.syncOnce();
    await importRows(b, "same", 8);
    const status = await b.client.syncOnce();
    expect(status.problems.map((problem) => problem.mutation)).toEqual(["import.begin", "import.addRows", "import.complete"]);
    expect(await rowsOf(b.database, "transaction")).toEqual(await rowsOf(a.database, "transaction"));
    expect(await rowsOf(b.database, "import")).toEqual(await rowsOf(a.database, "import"));
  });
});

describe("when the server begins anew", () => {
  it("drops rows a new snapshot does not have and keeps pending ones", async () => {
    const model = new RelayModel();
    const a = await device(model);
    await a.record("category.create", category("food"));
    await a.record("category.create", category("rent"));
    await a.client.syncOnce();
    await model.commit((data) => data.write("category", "rent", undefined));
    model.rotate("category");
    await a.record("category.create", category("pending"));
    await a.record("category.rename", { categoryId: "food", name: "Food!" });
    await a.client.syncOnce();
    expect((await rowsOf(a.database, "category")).map((row) => Object(row).name)).toEqual(["Food!", "pending"]);
    expect(await rowsOf(a.database, "category")).toHaveLength(model.rows("category").length);
  });

  it("follows a rotation told while it is connected", async () => {
    const model = new RelayModel();
    const a = await device(model);
    a.client.start();
    await a.until(({ state }) => state === "saved");
    await model.commit((data) => data.write("category", "x", { ...category("x"), workspaceId: model.workspaceId, parentId: null, slot: 1, archived: false, mergedIntoId: null, activity: "operating" }));
    await a.untilRow(byId("category", "x"));
    model.rotate("category");
    await model.commit((data) => data.write("category", "y", { ...category("y"), workspaceId: model.workspaceId, parentId: null, slot: 2, archived: false, mergedIntoId: null, activity: "operating" }));
    await a.untilRow(byId("category", "y"));
    expect(await rowsOf(a.database, "category")).toHaveLength(2);
  });

  it("sends again what a restored server lost, under a new client id", async () => {
    const model = new RelayModel();
    const a = await device(model);
    await a.record("category.create", category("one"));
    await a.record("category.create", category("two"));
    await a.client.syncOnce();
    const restored = new RelayModel();
    restored.generation = "generation-2";
    const again = await testDevice(a.database, url, restored.fetch, {});
    open.push(again);
    await again.record("category.create", category("three"));
    await again.client.syncOnce();
    expect(restored.rows("category").map((row) => row["id"]).toSorted()).toEqual(["one", "three", "two"]);
    expect((await rowsOf(a.database, "category")).map((row) => Object(row).id)).toEqual(["one", "three", "two"]);
  });
});

describe("a server that loses what it had confirmed while a device is connected", () => {
  const allConfirmed = sql`select 1 as "one" where not exists (select 1 from "sync_outbox" where "status" = 'pending')`;

  it("gets it again", async () => {
    const model = new RelayModel();
    const a = await device(model);
    a.client.start();
    await a.record("category.create", category("one"));
    await a.record("category.create", category("two"));
    await a.untilRow(allConfirmed);
    const [client] = model.rows("client");
    await model.lose(String(client?.["id"]), 1, (data) => data.write("category", "two", undefined));
    await a.record("category.create", category("three"));
    await a.untilRow(allConfirmed);
    expect(model.rows("category").map((row) => row["id"]).toSorted()).toEqual(["one", "three", "two"]);
  });
});

describe("a server restored while a device is connected", () => {
  it("is noticed when the stream begins anew, though the client id and its numbers look the same", async () => {
    const model = new RelayModel();
    const a = await device(model);
    a.client.start();
    await a.record("category.create", category("one"));
    await a.untilRow(sql`select 1 from "sync_outbox" where "status" = 'confirmed'`);
    const before = await clientIdOf(a);
    await model.commit((data) => data.write("category", "one", undefined));
    model.generation = "generation-2";
    model.endStreams();
    await a.untilRow(sql`select 1 from "device_setting" where "name" = 'sync.client' and "value" like '%generation-2%'`);
    expect(await clientIdOf(a)).not.toBe(before);
    await a.untilRow(sql`select 1 from "device_setting" where "name" = 'sync.checkpoint' and not exists (select 1 from "category")`);
  });
});

const clientIdOf = async (on: Device) => JSON.parse(String((await on.database.query(sql`select "value" from "device_setting" where "name" = 'sync.client'`))[0]?.["value"])).clientId;

describe("two live copies of one store", () => {
  const inFolder = async (work: (file: string, copy: string) => Promise<void>) => {
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-copies-"));
    try {
      await work(path.join(folder, "store.db"), path.join(folder, "copy.db"));
    } finally {
      for (const each of open.splice(0)) {
        await each.client.stop();
        await each.database.close();
      }
      await rm(folder, { recursive: true, force: true });
    }
  };
  const opened = async (model: RelayModel, file: string) => {
    const made = await testDevice(await openStore(openBetterSqlite3({ path: file })), url, model.fetch, {});
    open.push(made);
    return made;
  };
  const closed = async (each: Device) => {
    open.splice(open.indexOf(each), 1);
    await each.client.stop();
    await each.database.close();
  };

  it("lose nothing: a number the other one sent confirms nothing here", () =>
    inFolder(async (file, copy) => {
      const model = new RelayModel();
      const first = await opened(model, file);
      await first.record("category.create", category("before"));
      await first.client.syncOnce();
      await closed(first);
      await copyFile(file, copy);
      const [a, b] = [await opened(model, file), await opened(model, copy)];
      a.client.start();
      b.client.start();
      for (const each of [a, b]) await each.until(({ state }) => state === "saved");
      // Both record under the same number before either hears of the other.
      await Promise.all([a.record("category.create", category("of a")), b.record("category.create", category("of b"))]);
      for (const each of [a, b]) for (const id of ["of a", "of b"]) await each.untilRow(byId("category", id));
      for (const each of [a, b]) await each.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
      expect(model.rows("category").map((row) => row["id"]).toSorted()).toEqual(["before", "of a", "of b"]);
      expect(await rowsOf(a.database, "category")).toEqual(await rowsOf(b.database, "category"));
      expect(await clientIdOf(a)).not.toBe(await clientIdOf(b));
      for (const each of [a, b]) expect(await each.database.query(sql`select * from "sync_effect"`)).toEqual([]);
    }));

  it("send once what both had pending when they parted", () =>
    inFolder(async (file, copy) => {
      const model = new RelayModel();
      const first = await opened(model, file);
      await importRows(first, "i1", 1);
      await first.client.syncOnce();
      await first.record("category.create", category("pending"));
      await closed(first);
      await copyFile(file, copy);
      const a = await opened(model, file);
      await a.record("category.rename", { categoryId: "pending", name: "by a" });
      await a.client.syncOnce();
      const b = await opened(model, copy);
      await b.record("category.create", category("of b"));
      const status = await b.client.syncOnce();
      expect(status.problems).toEqual([]);
      expect(model.rows("rejection")).toEqual([]);
      await a.client.syncOnce();
      expect(await rowsOf(a.database, "category")).toEqual(await rowsOf(b.database, "category"));
      expect(model.rows("category").map((row) => row["name"]).toSorted()).toEqual(["by a", "of b"]);
      expect(await b.database.query(sql`select * from "sync_effect"`)).toEqual([]);
    }));
});

describe("a disk that is full", () => {
  it("ends a first sync with nothing half applied, and the sync goes on when there is space", async () => {
    const model = new RelayModel();
    const a = await device(model);
    await importRows(a, "i1", 3_000);
    await a.client.syncOnce();
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-full-"));
    const b = await testDevice(await openStore(openBetterSqlite3({ path: path.join(folder, "store.db") })), url, model.fetch, {});
    const limitPages = (pages: number) => b.database.transaction((tx) => tx.query(sql.raw(`pragma max_page_count = ${pages}`)));
    try {
      await limitPages(110);
      await expect(b.client.syncOnce()).rejects.toMatchObject({ code: "store.disk_full", retryable: true });
      expect(await rowsOf(b.database, "transaction")).toEqual([]);
      expect(await b.database.query(sql`select "name" from "sync_shape" where "status" = 'live'`)).toEqual([]);
      await limitPages(1_000_000);
      await b.client.syncOnce();
      expect(await rowsOf(b.database, "transaction")).toEqual(await rowsOf(a.database, "transaction"));
    } finally {
      await b.client.stop();
      await b.database.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("stored rows", () => {
  it("are compared with the server's; what differs is fetched again and counted", async () => {
    const model = new RelayModel();
    const a = await device(model);
    await importRows(a, "i1", 30);
    a.client.start();
    await a.untilRow(sql`select 1 where not exists (select 1 from "sync_outbox" where "status" = 'pending')`);
    await a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    await a.record("transaction.setNote", { id: "i1-00003", note: "on its way or hidden" });
    expect(await a.client.verify()).toMatchObject({ different: [], unknown: [] });
    // One letter of one row, changed by nobody.
    await a.database.transaction((tx) => tx.execute(sql`update "transaction" set "description" = replace("description", '7', '8') where "id" = 'i1-00017'`, []));
    expect(await a.client.verify()).toMatchObject({ different: ["transaction"] });
    await a.untilRow(sql`select 1 from "transaction" where "id" = 'i1-00017' and "description" = 'Кофе 17'`);
    await a.until(({ state }) => state === "saved");
    expect(await a.client.verify()).toMatchObject({ different: [] });
    expect(a.warnings).toEqual([expect.stringContaining('sync.rows_damaged {"shape":"transaction"}')]);
    const [counted] = await a.database.query(sql`select "value" from "device_setting" where "name" = 'sync.verified'`);
    expect(JSON.parse(String(counted?.["value"]))).toMatchObject({ differences: 1 });
  });
});

describe("what was sent", () => {
  it("is kept a week from its confirmation, not from its recording, and goes also in a long session", async () => {
    const model = new RelayModel();
    const dayMs = 86_400_000;
    let nowMs = Date.parse("2026-01-01T00:00:00.000Z");
    const clock = { ...systemClock(), nowMs: () => nowMs };
    const a = await testDevice(await openStore(openBetterSqlite3({ path: ":memory:" })), url, model.fetch, { clock });
    open.push(a);
    await a.record("category.create", category("old"));
    await a.record("category.create", category("older"));
    // Recorded long before: what counts is when the server had it.
    await a.database.transaction((tx) => tx.execute(sql`update "sync_outbox" set "recorded_at" = '2020-01-01T00:00:00.000Z'`, ["sync_outbox"]));
    a.client.start();
    const saved = () => a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    await saved();
    const kept = async () => (await a.database.query(sql`select "seq" from "sync_outbox" order by "seq"`)).map((row) => Number(row["seq"]));
    nowMs += 6 * dayMs;
    await a.record("category.create", category("new"));
    await a.untilRow(sql`select 1 from "sync_outbox" where "seq" = 3 and "status" = 'confirmed'`);
    expect(await kept()).toEqual([1, 2, 3]);
    nowMs += 2 * dayMs;
    await a.record("category.create", category("newest"));
    await a.untilRow(sql`select 1 where not exists (select 1 from "sync_outbox" where "seq" = 2)`);
    await saved();
    expect(await kept()).toEqual([3, 4]);
  });
});

describe("a store that was copied", () => {
  it("takes a client id of its own, and loses nothing recorded in either copy", async () => {
    const model = new RelayModel();
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-copy-"));
    const [file, copy] = [path.join(folder, "store.db"), path.join(folder, "copy.db")];
    const on = async (at: string, id: string) => {
      const each = await testDevice(await openStore(openBetterSqlite3({ path: at })), url, model.fetch, {});
      await each.record("category.create", category(id));
      await each.client.syncOnce();
      await each.database.close();
    };
    try {
      await on(file, "before");
      await copyFile(file, copy);
      await on(file, "original");
      await on(copy, "copied");
      expect(model.rows("category").map((row) => row["id"]).toSorted()).toEqual(["before", "copied", "original"]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("ends of a session", () => {
  it("says who has to sign in, and keeps the outbox", async () => {
    const model = new RelayModel();
    model.isSignedIn = false;
    const a = await device(model);
    await a.record("category.create", category("food"));
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "auth.required" });
    a.client.start();
    expect(await a.until(({ state }) => state === "signed_out")).toMatchObject({ pendingChanges: 1 });
    model.isSignedIn = true;
    a.client.start();
    await a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
  });

  it("says when membership is lost, and keeps the outbox", async () => {
    const model = new RelayModel();
    const a = await device(model);
    await a.client.syncOnce();
    model.isMember = false;
    await a.record("category.create", category("food"));
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "workspace.not_found" });
    expect(await a.database.query(sql`select "status" from "sync_outbox"`)).toEqual([{ status: "pending" }]);
  });

  it("fails at once when the server cannot be reached", async () => {
    const a = await testDevice(await openStore(openBetterSqlite3({ path: ":memory:" })), url, () => Promise.reject(new TypeError("no network")), {});
    open.push(a);
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "sync.unreachable" });
  });

  it("ends only when no checkpoint is being applied any more", async () => {
    const model = new RelayModel();
    // Reads of a store on disk do not wait for its writer.
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-sync-"));
    const inner = await openStore(openBetterSqlite3({ path: path.join(folder, "store.db") }));
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let applying: () => void = () => undefined;
    const isApplying = new Promise<void>((resolve) => (applying = resolve));
    let applied = false;
    const database: LocalDatabase = {
      dialect: inner.dialect,
      keepsRollups: inner.keepsRollups,
      endedUnclean: inner.endedUnclean,
      query: (statement) => inner.query(statement),
      snapshot: (work) => inner.snapshot(work),
      onCommit: (listener) => inner.onCommit(listener),
      close: () => inner.close(),
      async transaction(work) {
        let isCheckpoint = false;
        const result = await inner.transaction((transaction) =>
          work({
            dialect: transaction.dialect,
            keepsRollups: transaction.keepsRollups,
            query: (statement) => transaction.query(statement),
            savepoint: (part) => transaction.savepoint(part),
            execute: (statement, changes) => transaction.execute(statement, changes),
            async insertRows(table, columns, rows, onConflict) {
              if (table === "sync_shape") {
                isCheckpoint = true;
                applying();
                await held;
              }
              return transaction.insertRows(table, columns, rows, onConflict);
            },
          }),
        );
        applied ||= isCheckpoint;
        return result;
      },
    };
    const a = await testDevice(database, url, model.fetch, {});
    open.push(a);
    a.client.start();
    await isApplying;
    const stopped = a.client.stop().then(() => applied);
    setImmediate(letGo);
    expect(await stopped).toBe(true);
    await rm(folder, { recursive: true, force: true });
  });

  it("goes on after the notify stream was cut", async () => {
    const model = new RelayModel();
    const [a, b] = [await device(model), await device(model)];
    a.client.start();
    b.client.start();
    await b.until(({ state }) => state === "saved");
    model.endStreams();
    await a.record("category.create", category("food"));
    await b.untilRow(byId("category", "food"));
  });
});

describe("a device of an older version", () => {
  it("is told to update, keeps what it did meanwhile, and sends it once it is served again", async () => {
    const model = new RelayModel();
    let isServed = false;
    const fetchClient: typeof fetch = async (input, init) => {
      const address = input instanceof Request ? input.url : input.toString();
      return isServed || address.endsWith("/v1/token") ? model.fetch(input, init) : Response.json({ code: "relay.update_required" }, { status: 426 });
    };
    const made = await testDevice(await openStore(openBetterSqlite3({ path: ":memory:" })), url, fetchClient, {});
    open.push(made);
    await made.record("category.create", category("food"));
    made.client.start();
    expect(await made.until(({ state }) => state === "update_required")).toMatchObject({ pendingChanges: 1, problems: [{ code: "relay.update_required" }] });
    await made.record("category.create", category("rent"));
    await expect(made.client.syncOnce()).rejects.toMatchObject({ code: "relay.update_required" });
    made.client.start();
    await made.until(({ state }) => state === "update_required");
    isServed = true;
    made.client.now();
    await made.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
    const other = await device(model);
    await other.client.syncOnce();
    expect(await rowsOf(other.database, "category")).toEqual(await rowsOf(made.database, "category"));
  });
});
