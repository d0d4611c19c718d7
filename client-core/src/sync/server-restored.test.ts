import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { rowsOf } from "./testing/device.ts";
import { byId, category, clientIdOf, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";

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
