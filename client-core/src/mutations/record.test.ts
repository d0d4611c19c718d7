import { mutations, type MutationArgs } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { thawBody } from "./body.ts";
import { deviceRows } from "./device-rows.ts";
import { bulkRecorder, recordMutation } from "./record.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const context = { workspaceId: "w", userId: "u", recordedAt: createdAt };

const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};

const importArgs: MutationArgs<"import.begin"> = {
  importId: "i1",
  fileName: "f.csv",
  fileSha256: "0".repeat(64),
  fileBytes: 1,
  format: "csv",
  understanding: { columns: ["дата"] },
  accounts: [{ id: "a1", name: "Bank", currency: "EUR", number: null }],
  categories: [],
  createdAt,
};

const batch = (from: number, count: number): MutationArgs<"import.addRows"> => ({
  importId: "i1",
  currencies: ["EUR"],
  accounts: ["a1"],
  categories: [],
  rowCurrencies: [],
  rows: Array.from({ length: count }, (_, index) => [`t${from + index}`, from + index, "2026-01-02", -(from + index), 0, -1, `Кофе ${from + index}`, null]),
  createdAt,
});

describe.each(Object.entries(kinds))("recording on %s", (_kind, open) => {
  let database: LocalDatabase;
  const count = async (table: string) => Number((await database.query(sql`select count(*) as "n" from ${sql.identifier(table)}`))[0]?.["n"]);

  beforeAll(async () => {
    database = await openStore(await open());
  });
  afterAll(() => database.close());

  it("writes rows, outbox, effects and the hidden server row together", async () => {
    await recordMutation(database, "category.create", { id: "c1", name: "Еда", kind: "expense", createdAt }, context);
    await recordMutation(database, "category.rename", { categoryId: "c1", name: "Продукты" }, context);
    expect(await database.query(sql`select "name" from "category"`)).toEqual([{ name: "Продукты" }]);
    const effects = await database.query(sql`select "seq", "kind", "patch" from "sync_effect" order by "seq"`);
    expect(effects.map(({ seq, kind }) => [Number(seq), kind])).toEqual([[1, "insert"], [2, "patch"]]);
    expect(JSON.parse(String(effects[1]?.["patch"]))).toEqual({ name: "Продукты" });
    expect(await database.query(sql`select "row_id", "row" from "sync_base"`)).toEqual([{ row_id: "c1", row: null }]);
  });

  it("leaves nothing of a refused mutation", async () => {
    const before = [await count("sync_outbox"), await count("sync_effect"), await count("transaction")];
    await expect(recordMutation(database, "category.rename", { categoryId: "none", name: "x" }, context)).rejects.toMatchObject({ code: "mutation.row_missing" });
    await expect(recordMutation(database, "category.create", { id: "c1", name: "x", kind: "expense", createdAt }, context)).rejects.toMatchObject({ code: "mutation.row_exists" });
    await expect(recordMutation(database, "category.rename", { categoryId: "c1" }, context)).rejects.toMatchObject({ code: "mutation.invalid_arguments" });
    expect([await count("sync_outbox"), await count("sync_effect"), await count("transaction")]).toEqual(before);
  });

  it("records an import in order, marked by import and not by row, its bodies deflated once", async () => {
    const effectsBefore = await count("sync_effect");
    const bulk = bulkRecorder(database);
    await bulk.add(mutations["import.begin"], importArgs, context);
    for (let from = 0; from < 500; from += 100) await bulk.add(mutations["import.addRows"], batch(from, 100), context);
    await bulk.finish();
    expect(await count("transaction")).toBe(500);
    expect(await count("sync_effect")).toBe(effectsBefore + 2);
    const entries = await database.query(sql`select "mutation", "encoding", "body", "import_id" from "sync_outbox" where "seq" > 2 order by "seq"`);
    expect(entries.map(({ mutation, import_id: importId }) => [mutation, importId])).toEqual([["import.begin", null], ...Array.from({ length: 5 }, () => ["import.addRows", "i1"])]);
    const last = entries.at(-1);
    if (!(last?.["body"] instanceof Uint8Array)) throw new Error("no body");
    expect(last["encoding"]).toBe("deflate");
    expect(await thawBody("deflate", new Uint8Array(last["body"]))).toEqual(JSON.parse(JSON.stringify(batch(400, 100))));
  });

  it("stops a bulk at its first refusal", async () => {
    const bulk = bulkRecorder(database);
    await bulk.add(mutations["import.addRows"], batch(450, 100), context);
    await bulk.add(mutations["import.addRows"], batch(600, 100), context);
    await expect(bulk.finish()).rejects.toMatchObject({ code: "mutation.row_exists" });
    expect(await count("transaction")).toBe(500);
  });

  it("removes an import that is still leaving without a mark for each row, and one the server has keeping what it holds", async () => {
    const marks = async () => Number((await database.query(sql`select count(*) as "n" from "sync_base" where "table_name" = 'transaction' and "row" is not null`))[0]?.["n"]);
    const undone = new Error("undone");
    const attempt = database.transaction(async (transaction) => {
      await deviceRows(transaction, context.workspaceId, 1_000).removeMany("transaction", { importId: "i1" });
      expect(Number((await transaction.query(sql`select count(*) as "n" from "transaction"`))[0]?.["n"])).toBe(0);
      throw undone;
    });
    await expect(attempt).rejects.toBe(undone);
    expect(await marks()).toBe(0);
    await database.transaction((transaction) => transaction.execute(sql`update "sync_outbox" set "status" = 'confirmed'`, ["sync_outbox"]));
    await recordMutation(database, "import.undo", { importId: "i1" }, context);
    expect(await count("transaction")).toBe(0);
    expect(await marks()).toBe(500);
  });

  it("sees in each batch of an import what others wrote since the one before", async () => {
    const add = async (from: number) => {
      const bulk = bulkRecorder(database);
      await bulk.add(mutations["import.addRows"], { ...batch(from, 1), importId: "i2", categories: ["c2"], rows: [[`t${from}`, from, "2026-01-02", -from, 0, 0, "Чай", null]] }, context);
      await bulk.finish();
    };
    const categories = async () => (await database.query(sql`select distinct "category_id" as "id" from "transaction" order by 1`)).map(({ id }) => id);
    for (const id of ["c2", "c3"]) await recordMutation(database, "category.create", { id, name: id, kind: "expense", createdAt }, context);
    await recordMutation(database, "import.begin", { ...importArgs, importId: "i2" }, context);
    await add(700);
    expect(await categories()).toEqual(["c2"]);
    await recordMutation(database, "category.merge", { categoryId: "c2", intoId: "c3" }, context);
    await add(710);
    expect(await categories()).toEqual(["c3"]);
    await database.transaction((transaction) => transaction.execute(sql`delete from "account" where "id" = 'a1'`, ["account"]));
    await expect(add(720)).rejects.toMatchObject({ code: "mutation.row_missing" });
    await recordMutation(database, "import.undo", { importId: "i2" }, context);
    await expect(add(730)).rejects.toMatchObject({ code: "mutation.import_closed" });
  });

  it("does not see rows of another workspace", async () => {
    await expect(recordMutation(database, "category.rename", { categoryId: "c1", name: "x" }, { ...context, workspaceId: "other" })).rejects.toMatchObject({ code: "mutation.row_missing" });
  });
});
