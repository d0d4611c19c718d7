import { sql } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { nextTurn } from "../next-turn.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { markConfirmed } from "./outbox.ts";

const open: LocalDatabase[] = [];
afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

/** A store whose outbox has so many batches of an import, each with an edit behind it, numbered from 1. */
async function storeWithImport(batches: number): Promise<LocalDatabase> {
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  open.push(database);
  const columns = ["seq", "mutation", "version", "encoding", "body", "sha256", "status", "import_id", "recorded_at"];
  const entry = (seq: number, importId: string | null) => [seq, "some.mutation", 1, "json", new Uint8Array(10), "0", "pending", importId, "2026-01-01T00:00:00.000Z"];
  const entries = Array.from({ length: batches * 2 }, (_, index) => entry(index + 1, index % 2 === 0 ? "import-1" : null));
  await database.transaction((transaction) => transaction.insertRows("sync_outbox", columns, entries, "fail"));
  return database;
}

it.each([0, 1, 15, 16, 17, 33, 39, 40, 50])("confirms what is pending through %i, and nothing beyond", async (through) => {
  const database = await storeWithImport(20);
  await database.transaction((transaction) => markConfirmed(transaction, through));
  const rows = await database.query(sql`select "seq" from "sync_outbox" where "status" = 'confirmed' order by "seq"`);
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: Math.min(through, 40) }, (_, index) => index + 1));
});

it("gives others their turn between some batches of an import and the next", async () => {
  const database = await storeWithImport(40);
  let turns = 0;
  let isOver = false;
  const others = async () => {
    for (; !isOver; turns++) await nextTurn();
  };
  const done = others();
  await database.transaction((transaction) => markConfirmed(transaction, 80));
  isOver = true;
  await done;
  expect(turns).toBeGreaterThanOrEqual(5);
});
