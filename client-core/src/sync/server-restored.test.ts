import { systemIds, tableNames } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore } from "../store/migrate.ts";
import { rowsOf } from "./testing/device.ts";
import { byId, category, clientIdOf, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";
import { SteppedDevice } from "./testing/stepped-device.ts";

const devices = modelDevices();
afterEach(devices.close);

describe("when the server begins anew", () => {
  it("drops rows a new snapshot does not have and keeps pending ones", async () => {
    const model = new RelayModel();
    const a = await devices.inMemory(model);
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
    const a = await devices.inMemory(model);
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
    const a = await devices.inMemory(model);
    await a.record("category.create", category("one"));
    await a.record("category.create", category("two"));
    await a.client.syncOnce();
    const restored = new RelayModel();
    restored.generation = "generation-2";
    const again = await devices.over(restored, a.database);
    await again.record("category.create", category("three"));
    await again.client.syncOnce();
    expect(restored.rows("category").map((row) => row["id"]).toSorted()).toEqual(["one", "three", "two"]);
    expect((await rowsOf(a.database, "category")).map((row) => Object(row).id)).toEqual(["one", "three", "two"]);
  });
});

describe("what a restored server is sent again", () => {
  it("stays on every screen until the server has it again, also when the device is started anew meanwhile", async () => {
    const model = new RelayModel();
    const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
    const begun = async () => {
      const device = new SteppedDevice({ model, database, ids: systemIds() });
      await device.begin();
      return device;
    };
    const first = await begun();
    await first.settle(4);
    const backup = model.backup();
    await first.record("category.create", category("one"));
    await first.settle(4);
    model.restore(backup, "generation-2");
    for (let start = 0; start < 3; start++) {
      const device = await begun();
      for (let round = 0; round < 3; round++) {
        await device.listen();
        for (const shape of tableNames) await device.pull(shape, "none");
        await device.apply();
        expect([...(await device.rows("category")).keys()]).toEqual(["one"]);
      }
      if (start === 1) await device.upload("none", 10);
    }
    expect(await (await begun()).settle(4)).toBe(true);
    expect(model.rows("category").map((row) => row["id"])).toEqual(["one"]);
    expect(await rowsOf(database, "category")).toHaveLength(1);
    await database.close();
  });
});

describe("a server that loses what it had confirmed while a device is connected", () => {
  const allConfirmed = sql`select 1 as "one" where not exists (select 1 from "sync_outbox" where "status" = 'pending')`;

  it("gets it again", async () => {
    const model = new RelayModel();
    const a = await devices.inMemory(model);
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
    const a = await devices.inMemory(model);
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
