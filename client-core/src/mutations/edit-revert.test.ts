import type { MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { recordMutation } from "./record.ts";

const recordedAt = "2026-01-01T00:00:00.000Z";
let database: LocalDatabase;
beforeEach(async () => {
  database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  await record("category.create", { id: "c1", name: "Food", kind: "expense", createdAt: recordedAt });
  await record("category.create", { id: "c2", name: "Rent", kind: "expense", createdAt: recordedAt });
});
afterEach(() => database.close());

const record = (name: MutationName, args: unknown) => recordMutation(database, name, args, { workspaceId: "w", userId: "u", recordedAt });
const rows = async (table: string) => (await database.query(sql`select * from ${sql.identifier(table)} order by "id"`)).map((row) => ({ ...row }));
const renamed = { kind: "patch", table: "category", id: "c1", before: { name: "Food", slot: 1 }, after: { name: "Meals", slot: 5 } };

it("puts back only the columns nobody changed since", async () => {
  await record("category.rename", { categoryId: "c1", name: "Meals" });
  await record("category.setColour", { categoryId: "c1", slot: 7 });
  await record("edit.revert", { changes: [renamed] });
  expect((await rows("category"))[0]).toMatchObject({ name: "Food", slot: 7 });
});

it("does nothing about a row that is gone, and leaves a reference out that leads nowhere", async () => {
  await record("edit.revert", { changes: [{ ...renamed, id: "missing" }, { kind: "patch", table: "category", id: "c1", before: { parentId: "missing" }, after: { parentId: null } }] });
  expect((await rows("category")).map(({ name, parent_id: parentId }) => [name, parentId])).toEqual([["Food", null], ["Rent", null]]);
});

it("takes an added row away and brings a removed one back; a category is put away, since rows may name it", async () => {
  const rule = { position: 1, conditions: [{ field: "direction", direction: "in" }], categoryId: "c1", enabled: true, createdAt: recordedAt };
  await record("rule.create", { id: "r1", conditions: rule.conditions, categoryId: "c1", createdAt: recordedAt });
  const before = await rows("rule");
  await record("edit.revert", { changes: [{ kind: "insert", table: "rule", id: "r1", row: rule }] });
  expect(await rows("rule")).toEqual([]);
  await record("edit.revert", { changes: [{ kind: "remove", table: "rule", id: "r1", row: rule }] });
  expect(await rows("rule")).toEqual(before);
  await record("rule.update", { ruleId: "r1", enabled: false });
  await record("edit.revert", { changes: [{ kind: "insert", table: "rule", id: "r1", row: rule }] });
  expect(await rows("rule"), "changed since: stays").toHaveLength(1);
  await record("edit.revert", { changes: [{ kind: "insert", table: "category", id: "c2", row: {} }] });
  expect((await rows("category"))[1]).toMatchObject({ archived: 1 });
});

it.each([
  ["a column nobody edits", { kind: "patch", table: "category", id: "c1", before: { kind: "income" }, after: { kind: "expense" } }],
  ["whose the row is", { kind: "patch", table: "category", id: "c1", before: { workspaceId: "other" }, after: { workspaceId: "w" } }],
  ["a value of another kind", { kind: "patch", table: "category", id: "c1", before: { name: 5 }, after: { name: "Food" } }],
  ["a row the product does not give back", { kind: "remove", table: "transaction", id: "t", row: {} }],
  ["a row with a part missing", { kind: "remove", table: "rule", id: "r", row: { position: 1 } }],
  ["a table of rights", { kind: "patch", table: "member", id: "m", before: { role: "owner" }, after: { role: "viewer" } }],
])("refuses to write %s", async (_what, change) => {
  const before = await rows("category");
  await expect(record("edit.revert", { changes: [change] })).rejects.toMatchObject({ code: expect.stringMatching(/^mutation\.(not_permitted|invalid_arguments)$/) });
  expect(await rows("category")).toEqual(before);
});
