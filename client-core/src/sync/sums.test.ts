import { systemIds, tableNames } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { applyCheckpoint, type ShapeCheckpoint } from "./checkpoint.ts";
import { shapesToCount } from "./recount.ts";
import { RelayModel } from "./testing/relay-model.ts";
import { SteppedDevice, type SteppedOptions } from "./testing/stepped-device.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const open: LocalDatabase[] = [];

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};

const counterparty = (model: RelayModel, index: number, name = `Ромашка ${index}`) => ({ id: `p${String(index).padStart(3, "0")}`, workspaceId: model.workspaceId, name, taxNumber: null, accountNumber: null, createdAt });

/** A device whose rows are all here and counted; `plant` breaks it from now on. */
async function counted(openKind: () => Promise<LocalDatabase>, plant: { current: SteppedOptions["apply"] | undefined } = { current: undefined }) {
  const model = new RelayModel();
  await model.commit((data) => {
    for (let index = 0; index < 40; index++) data.write("counterparty", `p${String(index).padStart(3, "0")}`, counterparty(model, index));
  });
  const database = await openStore(await openKind());
  open.push(database);
  const device = new SteppedDevice({ model, database, ids: systemIds(), apply: (store, checkpoint) => (plant.current ?? applyCheckpoint)(store, checkpoint) });
  await device.begin();
  await device.settle(4);
  while ((await shapesToCount(database)).length > 0) expect(await device.count(tableNames.length)).toEqual([]);
  await device.settle(2);
  return { model, database, device };
}

/** Lets checkpoints apply changed messages of the counterparties. */
const tampering =
  (change: (messages: ShapeCheckpoint["messages"]) => ShapeCheckpoint["messages"]): NonNullable<SteppedOptions["apply"]> =>
  (database, checkpoint) =>
    applyCheckpoint(database, { ...checkpoint, shapes: checkpoint.shapes.map((shape) => (shape.name === "counterparty" ? { ...shape, messages: change(shape.messages) } : shape)) });

const errors: Readonly<Record<string, (messages: ShapeCheckpoint["messages"]) => ShapeCheckpoint["messages"]>> = {
  "a lost update": (messages) => messages.filter(({ operation }) => operation !== "update"),
  "a lost insert": (messages) => messages.filter(({ operation }) => operation !== "insert"),
  "a lost delete": (messages) => messages.filter(({ operation }) => operation !== "delete"),
  "a doubled insert": (messages) => messages.flatMap((message) => (message.operation === "insert" ? [message, { ...message, rowId: `${message.rowId}-2`, value: { ...message.value, id: `${message.rowId}-2` } }] : [message])),
  "an old value written": (messages) => messages.map((message) => (message.operation === "update" ? { ...message, value: { ...message.value, name: "Ромашка 3" } } : message)),
};

describe.each(Object.entries(kinds))("sums on %s", (kind, openKind) => {
  // What a checkpoint does is the same on both: one error shows that the other is compared too.
  it.each(Object.entries(errors).slice(0, kind === "PGlite" ? 1 : undefined))("find %s at the next checkpoint, and the shape is mended", async (_error, error) => {
    const plant: { current: SteppedOptions["apply"] | undefined } = { current: undefined };
    const { model, device } = await counted(openKind, plant);
    expect(device.compared).toMatchObject({ different: [] });
    plant.current = tampering(error);
    await model.commit((data) => {
      data.write("counterparty", "p007", counterparty(model, 7, "Лютик"));
      data.write("counterparty", "p100", counterparty(model, 100));
      data.write("counterparty", "p009", undefined);
    });
    await device.listen();
    for (const shape of tableNames) await device.pull(shape, "none");
    await device.apply();
    expect(device.compared.different).toEqual(["counterparty"]);
    plant.current = undefined;
    await device.settle(4);
    expect([...(await device.rows("counterparty")).keys()].toSorted()).toEqual(model.rows("counterparty").map(({ id }) => String(id)).toSorted());
    expect((await device.rows("counterparty")).get("p007")?.["name"]).toBe("Лютик");
    await device.count(tableNames.length);
    await device.settle(2);
    expect(device.compared.different).toEqual(["counterparty"]);
  });

  it("find one letter that changed in a stored row when rows are counted anew, with no server", async () => {
    const { database, device } = await counted(openKind);
    expect(await device.count(tableNames.length, true)).toEqual([]);
    await database.transaction((tx) => tx.execute(sql`update "counterparty" set "name" = 'Ромашка 81' where "id" = 'p018'`, []));
    expect(await device.count(tableNames.length, true)).toEqual(["counterparty"]);
    await device.settle(4);
    expect((await device.rows("counterparty")).get("p018")?.["name"]).toBe("Ромашка 18");
  });

  it("do not count a pending edit, nor rows of an import before the server has them", async () => {
    const { device, database } = await counted(openKind);
    await device.record("counterparty.update", { counterpartyId: "p005", name: "Мой", taxNumber: null, accountNumber: null });
    await device.record("category.create", { id: "own", name: "Own", kind: "expense", createdAt });
    expect(await device.count(tableNames.length, true)).toEqual([]);
    await device.settle(4);
    expect(await device.count(tableNames.length, true)).toEqual([]);
    await device.settle(2);
    expect(device.compared.different).toEqual([]);
    const sums = await database.query(sql`select "rows" from "sync_sum" where "name" = 'category'`);
    expect(sums).toEqual([{ rows: 1 }]);
  });

  it("do not fetch for ever what fetching does not mend", async () => {
    const { model, device, database } = await counted(openKind);
    const sums = { counterparty: { rows: 1, sum: "0".repeat(16) } };
    const announcement = model.announcement.bind(model);
    model.announcement = (...asked) => {
      const told = announcement(...asked);
      return told.event === "check" ? { ...told, data: { ...told.data, sums } } : { ...told, data: { ...told.data, sums } };
    };
    for (let round = 0; round < 8; round++) {
      await device.count(tableNames.length);
      await device.settle(4);
    }
    expect(device.compared.different.length).toBeGreaterThan(3);
    // What was fetched again would have to be counted again.
    expect(await shapesToCount(database)).toEqual([]);
    expect((await device.rows("counterparty")).size).toBe(40);
  });
});
