import { chart, chartCategoryId, chartKeys, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { insertTableRows, openStore, readRows, type LocalDatabase } from "../store/index.ts";
import { contractWorkspaceId, transactionRow } from "../store/contract-rows.ts";
import { recordMutation } from "./record.ts";

const recordedAt = "2026-01-01T00:00:00.000Z";

describe.each([
  ["SQLite", async () => openBetterSqlite3({ path: ":memory:" })],
  ["PGlite", async () => openPglite(await emptyPglite())],
])("categories and splits on %s", (_name, open) => {
  let database: LocalDatabase;
  beforeAll(async () => {
    database = await openStore(await open());
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.transaction(async (transaction) => {
      for (const table of ["category", "rule", "transaction", "planned_item", "scenario", "sync_outbox", "sync_effect", "sync_base"]) await transaction.execute(sql`delete from ${sql.identifier(table)}`, [table]);
    });
  });

  const record = (name: MutationName, args: unknown) => recordMutation(database, name, args, { workspaceId: contractWorkspaceId, userId: "u", recordedAt });
  const category = (id: string, kind: string, parentId?: string) => record("category.create", { id, name: id, kind, createdAt: recordedAt, ...(parentId === undefined ? {} : { parentId }) });
  const transactions = () => readRows(database, "transaction", sql`where true order by "id"`);
  const place = (...rows: Parameters<typeof transactionRow>[]) => database.transaction((transaction) => insertTableRows(transaction, "transaction", rows.map((row) => transactionRow(...row)), "fail"));

  it("gives new books the chart in their language, once, and leaves books alone that have categories", async () => {
    await record("category.addChart", { locale: "ru", createdAt: recordedAt });
    const made = await readRows(database, "category", sql`where true order by "id"`);
    expect(made.map(({ name }) => name).toSorted()).toEqual(chartKeys.map((key) => chart[key].name.ru).toSorted());
    expect(made.find(({ name }) => name === "Аренда")).toMatchObject({ kind: "expense", parentId: chartCategoryId("premises", "ru"), activity: "operating" });
    expect(made.find(({ name }) => name === "Оборудование")).toMatchObject({ activity: "investing" });
    const byId = new Map(made.map((row) => [row.id, row]));
    for (const row of made) if (row.parentId !== null) expect(byId.get(row.parentId)?.kind).toBe(row.kind);
    await record("category.addChart", { locale: "en", createdAt: recordedAt });
    expect(await readRows(database, "category", sql`where true order by "id"`)).toEqual(made);
  });

  it("puts a new category below one of its kind only", async () => {
    await category("premises", "expense");
    await category("rent", "expense", "premises");
    expect((await readRows(database, "category", sql`where "id" = 'rent'`))[0]).toMatchObject({ parentId: "premises", activity: "operating" });
    await expect(category("fees", "income", "premises")).rejects.toMatchObject({ code: "mutation.category_tree" });
    await expect(category("fees", "income", "gone")).rejects.toMatchObject({ code: "mutation.row_missing" });
  });

  it("merges a category with all that names it, and sends there what comes for it later", async () => {
    for (const id of ["ads", "marketing"]) await category(id, "expense");
    await category("search", "expense", "ads");
    await place(["t1", { categoryId: "ads", categorySource: "file" }], ["t2", { categoryId: null }]);
    await record("rule.create", { id: "r", conditions: [{ field: "direction", direction: "out" }], categoryId: "ads", createdAt: recordedAt });
    const tried = (id: string) => record("scenario.create", { id, name: id, currency: "EUR", changes: [{ kind: "percent", componentId: "category:ads", percent: -5 }], createdAt: recordedAt });
    await tried("before");
    await record("category.merge", { categoryId: "ads", intoId: "marketing" });
    await tried("later");
    for (const { changes } of await readRows(database, "scenario", sql``)) expect(changes).toEqual([{ kind: "percent", componentId: "category:marketing", percent: -5 }]);
    expect((await transactions()).map(({ id, categoryId, categorySource }) => [id, categoryId, categorySource])).toEqual([["t1", "marketing", "file"], ["t2", null, "none"]]);
    expect((await readRows(database, "rule", sql``))[0]?.categoryId).toBe("marketing");
    const after = await readRows(database, "category", sql`where true order by "id"`);
    expect(after.map(({ id, parentId, archived, mergedIntoId }) => [id, parentId, archived, mergedIntoId])).toEqual([["ads", null, true, "marketing"], ["marketing", null, false, null], ["search", "marketing", false, null]]);
    await record("transaction.recategorise", { ids: ["t2"], categoryId: "ads" });
    expect((await transactions())[1]).toMatchObject({ categoryId: "marketing", categorySource: "person" });
    await record("category.archive", { categoryId: "ads", archived: false });
    await record("transaction.recategorise", { ids: ["t2"], categoryId: "ads" });
    expect((await transactions())[1]?.categoryId).toBe("ads");
  });

  it("keeps the tree a tree when a category is merged into one below it, and refuses another kind and itself", async () => {
    await category("a", "expense");
    await category("b", "expense", "a");
    await category("c", "expense", "b");
    await category("income", "income");
    await expect(record("category.merge", { categoryId: "a", intoId: "income" })).rejects.toMatchObject({ code: "mutation.category_tree" });
    await expect(record("category.merge", { categoryId: "a", intoId: "a" })).rejects.toMatchObject({ code: "mutation.category_tree" });
    await record("category.merge", { categoryId: "a", intoId: "c" });
    expect((await readRows(database, "category", sql`where "kind" = 'expense' order by "id"`)).map(({ id, parentId }) => [id, parentId])).toEqual([["a", null], ["b", "c"], ["c", null]]);
    // Merged in a circle, each leads to the last.
    await record("category.merge", { categoryId: "c", intoId: "b" });
    await expect(record("category.merge", { categoryId: "b", intoId: "a" })).rejects.toMatchObject({ code: "mutation.category_tree" });
  });

  it("splits a transaction into parts that count in its place, splits it anew and puts it together", async () => {
    await category("c", "expense");
    await place(["t", { importId: "i", importLine: 4, bankId: "b1", categoryId: "c", categorySource: "file" }]);
    const split = (parts: readonly [string, number, string | null][]) => record("transaction.split", { id: "t", parts: parts.map(([id, amountMinor, categoryId]) => ({ id, amountMinor, categoryId, note: null })), createdAt: recordedAt });
    await expect(split([["p1", -125_050, null], ["p2", -1, null]])).rejects.toMatchObject({ code: "mutation.parts_differ" });
    await split([["p1", -100_000, "c"], ["p2", -25_050, null]]);
    const [p1, p2, whole] = await transactions();
    expect(whole).toMatchObject({ id: "t", isSplit: true, amountMinor: -125_050, categoryId: "c" });
    expect(p1).toMatchObject({ parentId: "t", importId: "i", importLine: 4, bankId: null, amountMinor: -100_000, categoryId: "c", categorySource: "person", isSplit: false });
    expect(p2).toMatchObject({ parentId: "t", amountMinor: -25_050, categoryId: null, categorySource: "none" });
    await expect(record("transaction.split", { id: "p1", parts: [{ id: "q", amountMinor: -50_000, categoryId: null, note: null }, { id: "r", amountMinor: -50_000, categoryId: null, note: null }], createdAt: recordedAt })).rejects.toMatchObject({ code: "mutation.cannot_split" });
    await split([["p3", -25_000, null], ["p4", -50, "c"], ["p5", -100_000, null]]);
    expect((await transactions()).map(({ id }) => id)).toEqual(["p3", "p4", "p5", "t"]);
    // A part is no row by itself; its whole takes its parts along.
    await record("transaction.removeDoubles", { ids: ["p3"] });
    expect(await transactions()).toHaveLength(4);
    await record("transaction.unsplit", { id: "t" });
    expect((await transactions()).map(({ id, isSplit }) => [id, isSplit])).toEqual([["t", false]]);
    await split([["p6", -125_049, null], ["p7", -1, null]]);
    await record("transaction.removeDoubles", { ids: ["t"] });
    expect(await transactions()).toEqual([]);
  });

  it("never takes a category from a person, and lets the categoriser take only its own", async () => {
    for (const id of ["old", "new"]) await category(id, "expense");
    await place(...(["none", "file", "rule", "model", "person"] as const).map((categorySource): Parameters<typeof transactionRow> => [categorySource, { categoryId: categorySource === "none" ? null : "old", categorySource }]));
    const rows = ["none", "file", "rule", "model", "person", "gone"].map((id) => [id, 0]);
    await record("transaction.categorise", { by: "model", categories: ["new"], rows });
    expect((await transactions()).filter(({ categoryId }) => categoryId === "new").map(({ id }) => id)).toEqual(["model", "none"]);
    await record("transaction.categorise", { by: "rule", categories: ["new"], rows });
    expect((await transactions()).filter(({ categoryId }) => categoryId === "old").map(({ id }) => id)).toEqual(["person"]);
    await expect(record("transaction.categorise", { by: "rule", categories: ["new"], rows: [["file", 1]] })).rejects.toMatchObject({ code: "mutation.invalid_arguments" });
  });
});
