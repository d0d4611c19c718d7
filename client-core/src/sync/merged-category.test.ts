import { afterEach, describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { rowsOf, someInstant, testDevice, type Device } from "./testing/device.ts";
import { RelayModel } from "./testing/relay-model.ts";

const open: Device[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.client.stop();
    await each.database.close();
  }
});

const about = { fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
const tables = ["category", "transaction", "rule", "planned_item", "scenario"] as const;

/** An import of rows in one category, whole. */
async function addRows(device: Device, importId: string, categoryId: string, count: number): Promise<void> {
  await device.record("import.begin", { importId, fileName: `${importId}.csv`, ...about, accounts: importId === "first" ? [{ id: "bank", name: "Bank", currency: "EUR", number: null }] : [], categories: [], createdAt: someInstant });
  const rows = Array.from({ length: count }, (_, index) => [`${importId}-${index}`, index, "2026-01-02", -100 - index, 0, 0, `coffee ${index}`, null]);
  await device.record("import.addRows", { importId, currencies: ["EUR"], accounts: ["bank"], categories: [categoryId], rowCurrencies: [], rows, createdAt: someInstant });
  await device.record("import.complete", { importId, rowsAdded: count, rowsRefused: 0, largestCategories: [], completedAt: someInstant });
}

/** Two devices of one company with some rows, of the same checkpoint. */
async function twoDevices(): Promise<readonly [Device, Device]> {
  const model = new RelayModel();
  const device = async () => {
    const made = await testDevice(openBetterSqlite3({ path: ":memory:" }), "http://model.test", { fetch: model.fetch });
    open.push(made);
    await made.client.syncOnce();
    return made;
  };
  const [a, b] = [await device(), await device()];
  for (const id of ["ads", "marketing", "rent"]) await a.record("category.create", { id, name: id, kind: "expense", createdAt: someInstant });
  await addRows(a, "first", "rent", 4);
  await a.client.syncOnce();
  await b.client.syncOnce();
  return [a, b];
}

/** Both send and receive until nothing is left; then both show the same. */
async function settle(devices: readonly [Device, Device]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const { client } of devices) await client.syncOnce();
  const [a, b] = devices;
  for (const table of tables) expect(await rowsOf(a.database, table)).toEqual(await rowsOf(b.database, table));
}

const problemsOf = async ({ client }: Device) => (await client.syncOnce()).problems.map(({ mutation, code }) => [mutation, code]);
const countIn = async ({ database }: Device, categoryId: string) => Number((await database.query(sql`select count(*) as "n" from "transaction" where "category_id" = ${categoryId}`))[0]?.["n"]);

describe("a category that was merged while another device was offline", () => {
  it("takes that device's edits to the one it was merged into: rows, a rule, a file, a category below it", async () => {
    const [a, b] = await twoDevices();
    await a.record("category.merge", { categoryId: "ads", intoId: "marketing" });
    await a.client.syncOnce();

    await b.record("transaction.recategorise", { ids: ["first-0", "first-1"], categoryId: "ads" });
    await b.record("rule.create", { id: "rule", conditions: [{ field: "direction", direction: "out" }], categoryId: "ads", createdAt: someInstant });
    await addRows(b, "second", "ads", 3);
    await b.record("category.create", { id: "search", name: "search", kind: "expense", parentId: "ads", createdAt: someInstant });
    expect(await countIn(b, "ads")).toBe(5);
    await settle([a, b]);

    expect(await problemsOf(b)).toEqual([]);
    for (const device of [a, b]) {
      expect(await countIn(device, "ads")).toBe(0);
      expect(await countIn(device, "marketing")).toBe(5);
      expect(await device.database.query(sql`select "category_id" as "id" from "rule"`)).toEqual([{ id: "marketing" }]);
      expect(await device.database.query(sql`select "parent_id" as "id" from "category" where "id" = 'search'`)).toEqual([{ id: "marketing" }]);
    }
  });

  it("keeps what that device wrote into it under its own name, too", async () => {
    const [a, b] = await twoDevices();
    await a.record("category.merge", { categoryId: "ads", intoId: "marketing" });
    await a.client.syncOnce();
    await b.record("category.rename", { categoryId: "ads", name: "Advertising" });
    await b.record("category.archive", { categoryId: "ads", archived: false });
    await b.record("transaction.recategorise", { ids: ["first-0"], categoryId: "ads" });
    await settle([a, b]);
    expect(await problemsOf(b)).toEqual([]);
    // Taken out again it stands for itself.
    expect(await a.database.query(sql`select "name", "merged_into_id" as "into" from "category" where "id" = 'ads'`)).toEqual([{ name: "Advertising", into: null }]);
    expect(await countIn(a, "ads")).toBe(1);
  });

  it("is the only merge where both devices merged it, each the other way round: the later is told to its person", async () => {
    const [a, b] = await twoDevices();
    await a.record("category.merge", { categoryId: "ads", intoId: "marketing" });
    await b.record("transaction.recategorise", { ids: ["first-2"], categoryId: "marketing" });
    await b.record("category.merge", { categoryId: "marketing", intoId: "ads" });
    expect(await countIn(b, "ads")).toBe(1);
    await settle([a, b]);
    expect(await problemsOf(b)).toEqual([["category.merge", "mutation.category_tree"]]);
    expect(await countIn(a, "marketing")).toBe(1);
    expect(await a.database.query(sql`select "id" from "category" where "merged_into_id" is not null`)).toEqual([{ id: "ads" }]);
  });
});
