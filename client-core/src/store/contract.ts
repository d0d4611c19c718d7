import { compareBytewise, minor, minorFromDatabase, searchTextOf } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { contractWorkspaceId, plannedRow, ruleRow, transactionRow } from "./contract-rows.ts";
import { insertTableRows, openStore, readRows, type LocalDatabase } from "./index.ts";

const count = sql`select cast(count(*) as bigint) as "n" from "transaction"`;

const written = ["transaction", "planned_item", "rule", "note_update", "account"];

/** What every driver promises. `open` gives an empty database, a new one each time; most tests share one and empty it. */
export function describeLocalDatabase(driver: string, open: () => Promise<LocalDatabase>): void {
  describe(`local database on ${driver}`, () => {
    let database: LocalDatabase;
    beforeAll(async () => {
      database = await openStore(await open());
    });
    beforeEach(() =>
      database.transaction(async (tx) => {
        for (const table of written) await tx.execute(sql`delete from ${sql.identifier(table)}`, [table]);
      }),
    );
    afterAll(() => database.close());
    const counted = async () => minorFromDatabase((await database.query(count))[0]?.["n"]);

    describe("values", () => describeValues(() => database));
    describe("transactions", () => describeTransactions(() => database, counted));
    describe("notifications", () => describeNotifications(() => database));
    it("is migrated once: opening again changes nothing", async () => {
      await database.transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t1")], "fail"));
      await openStore(database);
      expect(await counted()).toBe(1);
    });
    describe("lifecycle", () => describeLifecycle(open));
  });
}

function describeLifecycle(open: () => Promise<LocalDatabase>): void {
  it("refuses a database that newer code has changed", async () => {
    const database = await openStore(await open());
    const newer = sql`insert into "store_migration" ("position", "name") values (${9_000}, ${"9000_from_tomorrow"})`;
    await database.transaction((tx) => tx.execute(newer, []));
    await expect(openStore(database)).rejects.toMatchObject({ code: "store.newer_schema" });
    await database.close();
  });

  it("waits for the running transaction before closing, closes twice, and then answers with a code", async () => {
    const database = await openStore(await open());
    const order: string[] = [];
    const running = database.transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      order.push("written");
    });
    await database.close().then(() => order.push("closed"));
    await running;
    expect(order).toEqual(["written", "closed"]);
    await database.close();
    await expect(database.query(count)).rejects.toMatchObject({ code: "store.closed" });
    await expect(database.transaction(async () => 1)).rejects.toMatchObject({ code: "store.closed" });
  });
}

function describeValues(database: () => LocalDatabase): void {
  it("gives back every logical type as it was written", async () => {
    const update = { id: "n1", workspaceId: contractWorkspaceId, reportId: "r1", update: Uint8Array.of(0, 1, 127, 128, 255), createdBy: null, createdAt: "2026-03-01T10:00:00.000Z" };
    const planned = [plannedRow("p1"), plannedRow("p2", { amountMinor: minor(9_007_199_254_740_991), likelihood: 1e-300, name: "Зарплата 🧾 e\u0301" })];
    const rules = [ruleRow("r1"), ruleRow("r2", { enabled: false, conditions: "просто текст" }), ruleRow("r3", { conditions: 5 })];
    await database().transaction(async (tx) => {
      await insertTableRows(tx, "note_update", [update], "fail");
      await insertTableRows(tx, "planned_item", planned, "fail");
      await insertTableRows(tx, "rule", rules, "fail");
      await insertTableRows(tx, "transaction", [transactionRow("t1", { isSplit: true }), transactionRow("t2", { counterpartyName: null })], "fail");
    });
    const byId = sql`order by "id"`;
    const [read] = await readRows(database(), "note_update", byId);
    expect(Array.from(read?.update ?? [])).toEqual([0, 1, 127, 128, 255]);
    expect(await readRows(database(), "planned_item", byId)).toEqual(planned);
    expect(await readRows(database(), "rule", byId)).toEqual(rules);
    expect(await readRows(database(), "transaction", byId)).toEqual([transactionRow("t1", { isSplit: true }), transactionRow("t2", { counterpartyName: null })]);
  });

  it("orders text by its bytes", async () => {
    const names = ["б", "Б", "ё", "е", "я", "a", "Z", "_", "№", "\u{10000}", "\uffee", "10", "9", "", "Ёлка", "а б", "аб"];
    const rows = names.map((name, index) => plannedRow(`p${index}`, { name }));
    await database().transaction((tx) => insertTableRows(tx, "planned_item", rows, "fail"));
    const sorted = await readRows(database(), "planned_item", sql`order by "name"`);
    expect(sorted.map((row) => row.name)).toEqual(names.toSorted(compareBytewise));
    const above = await readRows(database(), "planned_item", sql`where "name" > ${"я"} order by "name"`);
    expect(above.map((row) => row.name)).toEqual(names.filter((name) => compareBytewise(name, "я") > 0).toSorted(compareBytewise));
  });

  it("finds Russian words by the search text in any case", async () => {
    const rows = [transactionRow("t1", { description: "Оплата за МЁД\u00a0и воск" }), transactionRow("t2", { description: "Аренда 100% офиса" }), transactionRow("t3", { description: "Аренда 100 метров" })];
    await database().transaction((tx) => insertTableRows(tx, "transaction", rows, "fail"));
    const found = async (term: string) => {
      const pattern = `%${searchTextOf(term, null).replace(/[\\%_]/g, "\\$&")}%`;
      const hits = await readRows(database(), "transaction", sql`where "search_text" like ${pattern} escape '\\' order by "id"`);
      return hits.map((row) => row.id);
    };
    expect(await found("Мед и")).toEqual(["t1"]);
    expect(await found("АРЕНДА")).toEqual(["t2", "t3"]);
    expect(await found("100%")).toEqual(["t2"]);
    expect(await found("ромашка")).toEqual(["t1", "t2", "t3"]);
  });

  it("sums money exactly and refuses what leaves the safe range", async () => {
    const sum = async () => {
      const [row] = await database().query(sql`select cast(sum("amount_minor") as bigint) as "total" from "transaction"`);
      return minorFromDatabase(row?.["total"]);
    };
    const large = minor(9_007_199_254_740_990);
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t1", { amountMinor: large }), transactionRow("t2", { amountMinor: minor(1) })], "fail"));
    expect(await sum()).toBe(9_007_199_254_740_991);
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t3", { amountMinor: minor(1) })], "fail"));
    await expect(sum()).rejects.toThrow(RangeError);
  });

  it("binds a value of each kind where a query compares it", async () => {
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t1", { isSplit: true }), transactionRow("t2")], "fail"));
    const ids = async (where: ReturnType<typeof sql>) => (await readRows(database(), "transaction", sql`where ${where}`)).map((row) => row.id);
    expect(await ids(sql`"is_split" = ${true}`)).toEqual(["t1"]);
    expect(await ids(sql`not "is_split" and "amount_minor" < ${0} and "posted_on" <= ${"2026-02-28"}`)).toEqual(["t2"]);
    expect(await ids(sql`"category_id" = ${null}`)).toEqual([]);
  });

  it("keeps, overwrites or refuses a row whose key is there", async () => {
    const write = (description: string, onConflict: "fail" | "replace" | "ignore", ids = ["t1"]) =>
      database().transaction((tx) => insertTableRows(tx, "transaction", ids.map((id) => transactionRow(id, { description })), onConflict));
    const description = async () => (await readRows(database(), "transaction", sql`where "id" = ${"t1"}`))[0]?.description;
    expect(await write("первая", "fail")).toBe(1);
    await expect(write("вторая", "fail")).rejects.toMatchObject({ code: "store.key_exists" });
    expect(await write("третья", "ignore", ["t1", "t2"])).toBe(1);
    expect(await description()).toBe("первая");
    expect(await write("четвёртая", "replace", ["t1", "t3"])).toBe(2);
    expect(await description()).toBe("четвёртая");
  });

  it("takes the last of two rows with one key when it overwrites", async () => {
    const rows = [transactionRow("t1", { description: "раньше" }), transactionRow("t1", { description: "позже" })];
    await database().transaction((tx) => insertTableRows(tx, "transaction", rows, "replace"));
    expect((await readRows(database(), "transaction")).map((row) => row.description)).toEqual(["позже"]);
  });

  it("inserts more rows than one statement carries", async () => {
    const rows = Array.from({ length: 5_001 }, (_, index) => transactionRow(`t${index}`));
    expect(await database().transaction((tx) => insertTableRows(tx, "transaction", rows, "fail"))).toBe(5_001);
  });

  it("keeps every sign of texts and every byte in bulk, and leaves alone what is there", async () => {
    const signs = ["\t", "\n", "\r\n", "\\", "\\N", "\\.", '"', "'", "", "№ 17 «Ромашка» 💶", "{a,b}"];
    const rows = Array.from({ length: 440 }, (_, index) => transactionRow(`t${String(index).padStart(3, "0")}`, { description: `${signs[index % signs.length]}`, note: index % 2 === 0 ? null : "\\N", isSplit: index % 3 === 0 }));
    await database().transaction((tx) => insertTableRows(tx, "transaction", rows, "fail"));
    expect(await readRows(database(), "transaction", sql`order by "id"`)).toEqual(rows);
    const again = rows.map((row) => ({ ...row, description: "другая" }));
    const more = transactionRow("t999");
    expect(await database().transaction((tx) => insertTableRows(tx, "transaction", [...again, more], "ignore"))).toBe(1);
    await expect(database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t998"), ...again], "fail"))).rejects.toMatchObject({ code: "store.key_exists" });
    expect(await readRows(database(), "transaction", sql`order by "id"`)).toEqual([...rows, more]);
    const updates = Array.from({ length: 256 }, (_, byte) => ({ id: `n${byte}`, workspaceId: contractWorkspaceId, reportId: "r1", update: new Uint8Array([byte, 0, 255 - byte]), createdBy: null, createdAt: "2026-03-01T10:00:00.000Z" }));
    await database().transaction((tx) => insertTableRows(tx, "note_update", updates, "fail"));
    const read = await readRows(database(), "note_update");
    expect(new Map(read.map(({ id, update }) => [id, [...update]]))).toEqual(new Map(updates.map(({ id, update }) => [id, [...update]])));
    const planned = Array.from({ length: 200 }, (_, index) => plannedRow(`p${String(index).padStart(3, "0")}`, { amountMinor: minor([0, -1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER][index % 6] ?? 0), likelihood: index / 199 }));
    await database().transaction((tx) => insertTableRows(tx, "planned_item", planned, "fail"));
    expect(await readRows(database(), "planned_item", sql`order by "id"`)).toEqual(planned);
  });

  it("tells how many rows a statement changed", async () => {
    await database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", ["t1", "t2", "t3"].map((id) => transactionRow(id)), "fail");
      expect(await tx.execute(sql`update "transaction" set "note" = ${"да"} where "id" <> ${"t1"}`, ["transaction"])).toBe(2);
      expect(await tx.execute(sql`delete from "transaction" where "id" = ${"нет"}`, ["transaction"])).toBe(0);
    });
  });
}

function describeTransactions(database: () => LocalDatabase, counted: () => Promise<number>): void {
  it("runs transactions one after another, in the order asked for", async () => {
    const order: string[] = [];
    const transaction = (name: string, ticks: number) =>
      database().transaction(async (tx) => {
        order.push(`${name} begins`);
        for (let tick = 0; tick < ticks; tick++) await tx.query(count);
        order.push(`${name} ends`);
      });
    await Promise.all([transaction("first", 5), transaction("second", 0), transaction("third", 2)]);
    expect(order).toEqual(["first begins", "first ends", "second begins", "second ends", "third begins", "third ends"]);
  });

  it("hides what is not committed from reads outside", async () => {
    let seen: Promise<number> | undefined;
    const failing = database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      seen = counted();
      await tx.query(count);
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await seen).toBe(0);
    expect(await counted()).toBe(0);
  });

  it("goes on after a failed transaction", async () => {
    await expect(database().transaction((tx) => tx.execute(sql`update "no such table" set "a" = 1`, []))).rejects.toThrow();
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t1")], "fail"));
    expect(await counted()).toBe(1);
  });

  it("commits nothing when a statement failed, even if its error was caught", async () => {
    const doomed = database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      await tx.query(sql`select "nothing" from "transaction"`).catch(() => undefined);
    });
    await expect(doomed).rejects.toThrow();
    expect(await counted()).toBe(0);
  });

  it("rolls a savepoint back alone and keeps the rest", async () => {
    await database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      const failing = tx.savepoint(async () => {
        await insertTableRows(tx, "transaction", [transactionRow("t2")], "fail");
        await tx.savepoint(() => insertTableRows(tx, "transaction", [transactionRow("t3")], "fail"));
        await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      });
      await expect(failing).rejects.toMatchObject({ code: "store.key_exists" });
      await tx.savepoint(() => insertTableRows(tx, "transaction", [transactionRow("t4")], "fail"));
    });
    expect((await readRows(database(), "transaction", sql`order by "id"`)).map((row) => row.id)).toEqual(["t1", "t4"]);
  });

  it("is dead once its function has settled", async () => {
    const kept = await database().transaction(async (tx) => tx);
    await expect(kept.query(count)).rejects.toThrow("has ended");
  });

  it("shows one state to all reads of a snapshot", async () => {
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t1")], "fail"));
    let writing: Promise<unknown> | undefined;
    const seen = await database().snapshot(async (reader) => {
      const before = (await reader.query(count))[0]?.["n"];
      writing = database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t2")], "fail"));
      for (let tick = 0; tick < 20; tick++) await reader.query(count);
      return [before, (await reader.query(count))[0]?.["n"]];
    });
    await writing;
    expect(seen).toEqual([1, 1]);
    expect(await counted()).toBe(2);
  });
}

function describeNotifications(database: () => LocalDatabase): void {
  it("names the tables of a commit, after it, and nothing of what was rolled back", async () => {
    const heard: string[][] = [];
    const stop = database().onCommit((changed) => heard.push([...changed].toSorted()));
    await database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t1")], "fail");
      await tx.execute(sql`delete from "account" where "id" = ${"a1"}`, ["account"]);
      await tx.savepoint(async () => {
        await insertTableRows(tx, "rule", [ruleRow("r1")], "fail");
        throw new Error("not this one");
      }).catch(() => undefined);
      expect(heard).toEqual([]);
    });
    await database().transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t2")], "fail");
      throw new Error("no");
    }).catch(() => undefined);
    await database().transaction((tx) => tx.query(count));
    expect(heard).toEqual([["account", "transaction"]]);
    stop();
    await database().transaction((tx) => insertTableRows(tx, "transaction", [transactionRow("t3")], "fail"));
    expect(heard).toHaveLength(1);
  });
}
