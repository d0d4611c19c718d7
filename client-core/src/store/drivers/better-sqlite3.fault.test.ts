import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { transactionRow } from "../contract-rows.ts";
import { insertTableRows, openStore, readRows, type LocalDatabase } from "../index.ts";
import { openBetterSqlite3 } from "./better-sqlite3.ts";

const directory = mkdtempSync(join(tmpdir(), "saldo-fault-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
let path = "";
beforeEach(() => {
  path = join(directory, `${++files}.db`);
});

const rowsOf = async (database: LocalDatabase) => (await readRows(database, "transaction", sql`order by "id"`)).map((row) => row.id);
const write = (database: LocalDatabase, ids: readonly string[]) =>
  database.transaction((tx) => insertTableRows(tx, "transaction", ids.map((id) => transactionRow(id)), "fail"));
const manyIds = Array.from({ length: 3_000 }, (_, index) => `t${String(index).padStart(6, "0")}`);

/** The files as a process that was killed now would leave them. */
function crashImage(from: string): string {
  const image = join(directory, `${++files}.db`);
  for (const suffix of ["", "-wal", "-open"]) if (existsSync(from + suffix)) copyFileSync(from + suffix, image + suffix);
  return image;
}

describe("a store on a file", () => {
  it("is for one at a time, and free again after closing", async () => {
    const first = openBetterSqlite3({ path });
    expect(() => openBetterSqlite3({ path })).toThrow(expect.objectContaining({ code: "store.in_use" }));
    await first.close();
    await openBetterSqlite3({ path }).close();
  });

  it("is free again after its process was killed", async () => {
    const library = createRequire(import.meta.url).resolve("better-sqlite3");
    const script = `const D = require(${JSON.stringify(library)}); const held = new D(process.argv[1] + "-lock"); held.exec("begin exclusive"); console.log("held"); setInterval(() => held, 1000);`;
    const other = spawn(process.execPath, ["-e", script, path], { stdio: ["ignore", "pipe", "inherit"] });
    await once(other.stdout, "data");
    expect(() => openBetterSqlite3({ path })).toThrow(expect.objectContaining({ code: "store.in_use" }));
    other.kill("SIGKILL");
    await once(other, "exit");
    await openBetterSqlite3({ path }).close();
  });

  it("keeps what was committed and nothing else when it is cut off in a transaction", async () => {
    const database = await openStore(openBetterSqlite3({ path }));
    await write(database, ["t1"]);
    const image = await database.transaction(async (tx) => {
      await insertTableRows(tx, "transaction", [transactionRow("t2")], "fail");
      return crashImage(path);
    });
    await database.close();
    const found = await openStore(openBetterSqlite3({ path: image }));
    expect(await rowsOf(found)).toEqual(["t1"]);
    await found.close();
    expect([existsSync(`${image}-wal`), existsSync(`${image}-open`)]).toEqual([false, false]);
  });

  it("keeps what a power cut may take when only its process is killed, whole or not at all", async () => {
    const database = await openStore(openBetterSqlite3({ path }));
    const lightly = (id: string, error?: Error) =>
      database.transaction(
        async (tx) => {
          await insertTableRows(tx, "transaction", [transactionRow(id)], "fail");
          if (error) throw error;
        },
        { mayBeLost: true },
      );
    await lightly("t1");
    await expect(lightly("t2", new Error("no"))).rejects.toThrow("no");
    await write(database, ["t3"]);
    await lightly("t4");
    const image = crashImage(path);
    await database.close();
    const found = await openStore(openBetterSqlite3({ path: image }));
    expect(await rowsOf(found)).toEqual(["t1", "t3", "t4"]);
    await found.close();
  });

  it.each([
    ["its last 100 bytes cut", (file: string) => truncateSync(file, readFileSync(file).length - 100)],
    ["half of it cut", (file: string) => truncateSync(file, readFileSync(file).length / 2)],
    ["its header zeroed", (file: string) => writeFileSync(file, readFileSync(file).fill(0, 0, 100))],
    ["a page overwritten", (file: string) => writeFileSync(file, readFileSync(file).fill(0xff, 40_960, 45_056))],
  ])("is refused as damaged after an unclean end with %s, each time", async (_, damage) => {
    const database = await openStore(openBetterSqlite3({ path }));
    await write(database, manyIds);
    await database.close();
    writeFileSync(`${path}-open`, "");
    damage(path);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => openBetterSqlite3({ path })).toThrow(expect.objectContaining({ code: "store.damaged" }));
    }
  });

  it("saves nothing by halves when the disk is full, and goes on when there is space", async () => {
    const database = await openStore(openBetterSqlite3({ path }));
    await write(database, ["t1"]);
    const limitPages = (pages: number) => database.transaction((tx) => tx.query(sql.raw(`pragma max_page_count = ${pages}`)));
    await limitPages(80);
    await expect(write(database, manyIds)).rejects.toMatchObject({ code: "store.disk_full", retryable: true });
    expect(await rowsOf(database)).toEqual(["t1"]);
    await limitPages(1_000_000);
    await write(database, manyIds);
    expect(await rowsOf(database)).toHaveLength(manyIds.length + 1);
    await database.close();
  });

  it("tells that its folder is not there", () => {
    const missing = join(directory, "no such folder", "a.db");
    expect(() => openBetterSqlite3({ path: missing })).toThrow(expect.objectContaining({ code: "store.cannot_open" }));
  });
});
