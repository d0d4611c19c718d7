import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { tableNames } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/record.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { createCheckpointer, type Checkpointer } from "./checkpointer.ts";
import type { CheckpointResult } from "./checkpoint.ts";
import { messagesInMemoryMax } from "./shape-log.ts";

const createdAt = "2026-01-01T00:00:00.000Z";
const open: LocalDatabase[] = [];

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

const kinds: Readonly<Record<string, () => Promise<LocalDatabase>>> = {
  "better-sqlite3": async () => openBetterSqlite3({ path: ":memory:" }),
  PGlite: async () => openPglite(await emptyPglite()),
};

const upToDate = (lsn: bigint) => ({ headers: { control: "up-to-date", global_last_seen_lsn: String(lsn) } });
const category = (id: string, name: string) => ({ id, workspace_id: "w", name, kind: "expense", parent_id: null, slot: "1", archived: "f", created_at: createdAt, merged_into_id: null, activity: "operating" });
const change = (operation: string, value: object, lsn?: bigint, position = 0) => ({ key: "k", value, headers: { operation, ...(lsn === undefined ? {} : { lsn: String(lsn), op_position: position }) } });

/** More inserts of one commit than are held in memory. */
const manyCategories = (lsn: bigint) =>
  Array.from({ length: messagesInMemoryMax + 10 }, (_, index) => change("insert", category(`c${String(index).padStart(5, "0")}`, "new"), lsn, index));

interface Part {
  readonly checkpointer: Checkpointer;
  readonly reached: CheckpointResult[];
  readonly restarted: string[];
}

async function checkpointerOf(database: LocalDatabase): Promise<Part> {
  const reached: CheckpointResult[] = [];
  const restarted: string[] = [];
  const checkpointer = await createCheckpointer({
    database,
    clientId: "me",
    now: () => createdAt,
    askForCheck: () => undefined,
    restart: (shape) => restarted.push(shape),
    reached: (result) => reached.push(result),
  });
  return { checkpointer, reached, restarted };
}

/** A store whose shapes have all arrived at L = 100, with these categories. */
async function synced(database: LocalDatabase, categories: readonly object[]): Promise<Part> {
  const part = await checkpointerOf(database);
  for (const name of tableNames) {
    const rows = name === "category" ? categories.map((value) => change("insert", value)) : [];
    await part.checkpointer.batch(name, [...rows, upToDate(100n)], { handle: `h-${name}`, offset: "0_inf" });
  }
  part.checkpointer.arrivals.check(100n);
  await part.checkpointer.advance();
  return part;
}

/** An announcement of L that finds every other shape unchanged. */
async function others(checkpointer: Checkpointer, lsn: bigint): Promise<void> {
  checkpointer.arrivals.check(lsn);
  for (const name of tableNames) if (name !== "category") await checkpointer.batch(name, [upToDate(lsn)], { handle: `h-${name}`, offset: "0_inf" });
}

const names = async (database: LocalDatabase) => (await database.query(sql`select "name" from "category" order by "id"`)).map((row) => row["name"]);
const offsetOf = async (database: LocalDatabase) => (await database.query(sql`select "offset" from "sync_shape" where "name" = 'category'`))[0]?.["offset"];

describe.each(Object.entries(kinds))("a checkpoint on %s", (_kind, openKind) => {
  const store = async () => {
    const database = await openStore(await openKind());
    open.push(database);
    return database;
  };

  it("applies the messages up to L, keeps those beyond, and goes on between them", async () => {
    const database = await store();
    const { checkpointer } = await synced(database, [category("c1", "one")]);
    checkpointer.arrivals.advance(100n, 110n, ["category"]);
    await checkpointer.batch("category", [change("update", { id: "c1", name: "at 110" }, 110n, 3), change("update", { id: "c1", name: "at 120" }, 120n), upToDate(120n)], { handle: "h-category", offset: "120_0" });
    await checkpointer.advance();
    expect(await names(database)).toEqual(["at 110"]);
    expect(await offsetOf(database)).toBe("110_3");
    checkpointer.arrivals.advance(110n, 120n, ["category"]);
    await checkpointer.advance();
    expect(await names(database)).toEqual(["at 120"]);
    expect(await offsetOf(database)).toBe("120_0");
  });

  it("writes nothing that would not change", async () => {
    const database = await store();
    const { checkpointer, reached } = await synced(database, [category("c1", "one"), category("c2", "two")]);
    const changed: string[] = [];
    database.onCommit((tables) => changed.push(...tables));
    checkpointer.arrivals.advance(100n, 110n, ["category"]);
    await checkpointer.batch("category", [change("insert", category("c1", "one"), 110n), change("update", { id: "c2", name: "two" }, 110n, 1), upToDate(110n)], { handle: "h-category", offset: "110_1" });
    await checkpointer.advance();
    expect(reached.at(-1)?.rowsWritten).toBe(0);
    expect(changed).not.toContain("category");
  });

  it("changes the server's row beneath a pending edit, and takes the edit away when it was refused", async () => {
    const database = await store();
    const { checkpointer } = await synced(database, [category("c1", "one")]);
    await recordMutation(database, "category.rename", { categoryId: "c1", name: "mine" }, { workspaceId: "w", userId: "u", recordedAt: createdAt });
    checkpointer.arrivals.advance(100n, 110n, ["category"]);
    await checkpointer.batch("category", [change("update", { id: "c1", name: "theirs", slot: "7" }, 110n), upToDate(110n)], { handle: "h-category", offset: "110_0" });
    await checkpointer.advance();
    const [pending] = await database.query(sql`select "name", "slot" from "category"`);
    expect([pending?.["name"], Number(pending?.["slot"])]).toEqual(["mine", 7]);
    const me = { id: "me", workspace_id: "w", user_id: "u", last_seq: "1", created_at: createdAt };
    const rejection = { id: "r1", workspace_id: "w", user_id: "u", client_id: "me", seq: "1", mutation: "category.rename", code: "mutation.not_permitted", payload: "{}", status: "open", created_at: createdAt };
    checkpointer.arrivals.advance(110n, 120n, ["client", "rejection"]);
    await checkpointer.batch("client", [change("insert", me, 120n), upToDate(120n)], { handle: "h-client", offset: "120_0" });
    await checkpointer.advance();
    expect(await names(database)).toEqual(["mine"]);
    await checkpointer.batch("rejection", [change("insert", rejection, 120n, 1), upToDate(120n)], { handle: "h-rejection", offset: "120_1" });
    await checkpointer.advance();
    expect(await names(database)).toEqual(["theirs"]);
    expect(await database.query(sql`select "status" from "sync_outbox"`)).toEqual([{ status: "rejected" }]);
    expect(await database.query(sql`select 1 as "one" from "sync_base"`)).toEqual([]);
  });

  it("loads a snapshot out of sight, slice by slice, and puts it in place beneath what is pending", async () => {
    const database = await store();
    const { checkpointer, reached } = await synced(database, [category("c1", "one"), category("c2", "two"), category("c3", "three"), category("c4", "four")]);
    const context = { workspaceId: "w", userId: "u", recordedAt: createdAt };
    await recordMutation(database, "category.rename", { categoryId: "c2", name: "mine" }, context);
    await recordMutation(database, "category.rename", { categoryId: "c4", name: "mine too" }, context);
    await checkpointer.refetch("category");
    await checkpointer.batch("category", [change("insert", category("c1", "one")), change("insert", category("c2", "theirs"))], { handle: "h2", offset: "0_0" });
    await checkpointer.batch("category", [change("insert", category("c5", "five")), change("update", { id: "c5", name: "5" }, 105n), upToDate(105n)], { handle: "h2", offset: "105_0" });
    expect(await names(database)).toEqual(["one", "mine", "three", "mine too"]);
    await others(checkpointer, 105n);
    await checkpointer.advance();
    expect(await names(database)).toEqual(["one", "mine", "5"]);
    expect(await offsetOf(database)).toBe("105_0");
    // c3 and c4 went, c5 came.
    expect(reached.at(-1)?.rowsWritten).toBe(3);
    const bases = await database.query(sql`select "row_id", "row" from "sync_base" order by "row_id"`);
    expect(bases.map((row) => [row["row_id"], JSON.parse(String(row["row"]))?.name])).toEqual([["c2", "theirs"], ["c4", undefined]]);
    await checkpointer.refetch("category");
    await checkpointer.batch("category", [upToDate(106n)], { handle: "h3", offset: "0_inf" });
    await others(checkpointer, 106n);
    await checkpointer.advance();
    expect(await names(database)).toEqual([]);
  });

  it("asks for a snapshot again that changes a row it does not have", async () => {
    const database = await store();
    const { checkpointer, restarted } = await checkpointerOf(database);
    await checkpointer.batch("category", [change("insert", category("c1", "one")), change("update", { id: "c2", name: "?" }, 105n), upToDate(105n)], { handle: "h", offset: "105_0" });
    expect(restarted).toEqual(["category"]);
    expect(checkpointer.arrivals.inSnapshot("category")).toBe(true);
  });

  it("puts too many messages aside in the database and applies them in order", async () => {
    const database = await store();
    const { checkpointer } = await synced(database, []);
    const many = manyCategories(110n);
    await checkpointer.batch("category", many, { handle: "h-category", offset: "110_9" });
    expect(Number((await database.query(sql`select count(*) as "n" from "sync_staged"`))[0]?.["n"])).toBe(many.length);
    checkpointer.arrivals.advance(100n, 130n, ["category"]);
    await checkpointer.batch("category", [change("update", { id: "c00000", name: "later" }, 120n), change("delete", { id: "c00001" }, 130n), upToDate(130n)], { handle: "h-category", offset: "130_0" });
    await checkpointer.advance();
    expect((await names(database)).slice(0, 2)).toEqual(["later", "new"]);
    expect(Number((await database.query(sql`select count(*) as "n" from "category"`))[0]?.["n"])).toBe(many.length - 1);
    expect(await database.query(sql`select 1 as "one" from "sync_staged"`)).toEqual([]);
  });

  it("keeps all that was put aside beyond L when none of it is due", async () => {
    const database = await store();
    const { checkpointer } = await synced(database, []);
    await checkpointer.batch("category", [...manyCategories(120n), upToDate(120n)], { handle: "h-category", offset: "120_9" });
    checkpointer.arrivals.advance(100n, 110n, ["account"]);
    await checkpointer.batch("account", [upToDate(110n)], { handle: "h-account", offset: "0_inf" });
    await checkpointer.advance();
    expect(await names(database)).toEqual([]);
    expect(await offsetOf(database)).toBe("0_inf");
    checkpointer.arrivals.advance(110n, 120n, ["category"]);
    await checkpointer.advance();
    expect(await names(database)).toHaveLength(messagesInMemoryMax + 10);
    expect(await offsetOf(database)).toBe("120_9");
  });

  it("keeps what is put aside while a checkpoint is being applied", async () => {
    const database = await store();
    const { checkpointer } = await synced(database, []);
    checkpointer.arrivals.advance(100n, 120n, ["category"]);
    await checkpointer.batch("category", [...manyCategories(120n), upToDate(120n)], { handle: "h-category", offset: "120_9" });
    const applying = checkpointer.advance();
    await checkpointer.batch("category", [change("update", { id: "c00000", name: "later" }, 130n), upToDate(130n)], { handle: "h-category", offset: "130_0" });
    await applying;
    checkpointer.arrivals.advance(120n, 130n, ["category"]);
    await checkpointer.advance();
    expect((await names(database)).slice(0, 2)).toEqual(["later", "new"]);
    expect(await offsetOf(database)).toBe("130_0");
    expect(await database.query(sql`select 1 as "one" from "sync_staged"`)).toEqual([]);
  });
});

describe("a process killed between steps", () => {
  it("goes on in the middle of a snapshot, but not at its beginning, where it may be another one", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-snapshot-"));
    const file = path.join(folder, "store.db");
    try {
      const first = await openStore(openBetterSqlite3({ path: file }));
      const { checkpointer } = await checkpointerOf(first);
      await checkpointer.batch("category", [change("insert", category("c1", "one"))], { handle: "h-category", offset: "0_0" });
      await checkpointer.batch("account", [change("insert", { id: "a", workspace_id: "w", name: "Bank", currency: "EUR", archived: "f", created_at: createdAt, merged_into_id: null, activity: "operating" })], { handle: "h-account", offset: "-1" });
      await first.close();

      const second = await openStore(openBetterSqlite3({ path: file }));
      open.push(second);
      const again = await checkpointerOf(second);
      expect([...again.checkpointer.loading]).toEqual([["category", { handle: "h-category", offset: "0_0" }]]);
      for (const name of tableNames) {
        const rows = name === "category" ? [change("insert", category("c1", "one")), change("insert", category("c2", "two"))] : [];
        await again.checkpointer.batch(name, [...rows, upToDate(100n)], { handle: `h-${name}`, offset: "0_inf" });
      }
      expect(await names(second)).toEqual([]);
      again.checkpointer.arrivals.check(100n);
      await again.checkpointer.advance();
      expect(await names(second)).toEqual(["one", "two"]);
      expect(await second.query(sql`select "id" from "account"`)).toEqual([]);
      const indexes = await second.query(sql`select "tbl_name" from "sqlite_master" where "type" in ('index', 'table') and "name" like 'sync_load_%'`);
      expect(indexes).toEqual([]);
    } finally {
      for (const database of open.splice(0)) await database.close();
      await rm(folder, { recursive: true, force: true });
    }
  });


  it("goes on from its last checkpoint; what had arrived beyond comes again", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-checkpoint-"));
    const file = path.join(folder, "store.db");
    try {
      const first = await openStore(openBetterSqlite3({ path: file }));
      const { checkpointer } = await synced(first, [category("c1", "one")]);
      checkpointer.arrivals.advance(100n, 110n, ["category", "account"]);
      await checkpointer.batch("category", [change("update", { id: "c1", name: "two" }, 110n), upToDate(110n)], { handle: "h-category", offset: "110_0" });
      await checkpointer.advance();
      expect(await names(first)).toEqual(["one"]);
      await first.close();

      const second = await openStore(openBetterSqlite3({ path: file }));
      open.push(second);
      const again = await checkpointerOf(second);
      expect(again.checkpointer.cursors.get("category")).toEqual({ handle: "h-category", offset: "0_inf" });
      expect(again.checkpointer.arrivals.announced()).toBe(100n);
      again.checkpointer.arrivals.advance(100n, 110n, ["category", "account"]);
      await again.checkpointer.batch("category", [change("update", { id: "c1", name: "two" }, 110n), upToDate(110n)], { handle: "h-category", offset: "110_0" });
      await again.checkpointer.batch("account", [upToDate(110n)], { handle: "h-account", offset: "0_inf" });
      await again.checkpointer.advance();
      expect(await names(second)).toEqual(["two"]);
    } finally {
      for (const database of open.splice(0)) await database.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
