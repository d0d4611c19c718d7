import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "./ports.ts";
import { rowsOf, someInstant } from "./testing/device.ts";
import { byId, category, importRows, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";

const devices = modelDevices();
afterEach(devices.close);

describe("two devices of one person", () => {
  it("see each other's changes", async () => {
    const model = new RelayModel();
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
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
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
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
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
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
    const a = await devices.inMemory(model);
    const refused = { userId: model.userId, clientId: "elsewhere", seq: 1, mutation: "category.rename", code: "mutation.row_missing", payload: {}, status: "open", createdAt: someInstant };
    await model.commit((data) => data.write("rejection", "theirs", { id: "theirs", workspaceId: "workspace-2", ...refused }));
    expect(await a.client.syncOnce()).toMatchObject({ state: "saved", problems: [] });
    expect(await a.rows("rejection")).toEqual([]);
    await model.commit((data) => data.write("rejection", "ours", { id: "ours", workspaceId: model.workspaceId, ...refused }));
    expect(await a.client.syncOnce()).toMatchObject({ state: "needs_attention", problems: [{ rejectionId: "ours" }] });
  });

  it("is rolled back and kept as a problem", async () => {
    const model = new RelayModel();
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
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
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
    await importRows(a, "same", 5);
    await a.client.syncOnce();
    await importRows(b, "same", 8);
    const status = await b.client.syncOnce();
    expect(status.problems.map((problem) => problem.mutation)).toEqual(["import.begin", "import.addRows", "import.complete"]);
    expect(await rowsOf(b.database, "transaction")).toEqual(await rowsOf(a.database, "transaction"));
    expect(await rowsOf(b.database, "import")).toEqual(await rowsOf(a.database, "import"));
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
    const made = await devices.inMemory(model, { fetch: fetchClient });
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
    const other = await devices.inMemory(model);
    await other.client.syncOnce();
    expect(await rowsOf(other.database, "category")).toEqual(await rowsOf(made.database, "category"));
  });
});

describe("stored rows", () => {
  it("are compared with the server's; what differs is fetched again and counted", async () => {
    const model = new RelayModel();
    const a = await devices.inMemory(model);
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
    const a = await devices.inMemory(model, { clock });
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

describe("a disk that is full", () => {
  it("ends a first sync with nothing half applied, and the sync goes on when there is space", async () => {
    const model = new RelayModel();
    const a = await devices.inMemory(model);
    await importRows(a, "i1", 3_000);
    await a.client.syncOnce();
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-full-"));
    const b = await devices.onFile(model, path.join(folder, "store.db"));
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
      await devices.closeOne(b);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
