import { tableCodec, tables, toBound } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore } from "../store/migrate.ts";
import { beginCounting, countSlice } from "./recount.ts";

const rows = 100_000;
/** Flips of one run; the deep run tries more. */
const flips = process.env["SALDO_TEST_DEEP"] === "1" ? 100 : 3;
const timeoutMs = 900_000;
const id = (index: number) => `p${String(index).padStart(6, "0")}`;

it(`one bit changed in one of ${rows} stored rows is found by the next count, ${flips} times of ${flips}`, async () => {
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  const { columns } = tableCodec(tables.counterparty);
  const valueOf = (key: string, index: number) => (key === "id" ? id(index) : key === "workspaceId" ? "w" : key === "name" ? `ООО Ромашка ${index}` : key === "createdAt" ? "2026-01-01T00:00:00.000Z" : null);
  const here = () => database.transaction((tx) => tx.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], [["counterparty", "h", "0_0", "1", "live"]], "replace"));
  const count = async () => {
    await database.transaction((tx) => beginCounting(tx, true));
    for (;;) {
      const outcome = await countSlice(database, "counterparty", "2026-01-01T00:00:00.000Z");
      if (outcome !== "more") return outcome;
    }
  };
  for (let from = 0; from < rows; from += 2_000) {
    const some = Array.from({ length: 2_000 }, (_, at) => columns.map(({ key, declaration }) => toBound(declaration.type, valueOf(key, from + at), "sqlite")));
    await database.transaction((tx) => tx.insertRows("counterparty", columns.map((column) => column.sql), some, "fail"));
  }
  await here();
  expect(await count()).toBe("counted");
  for (let flip = 0; flip < flips; flip++) {
    const index = (flip * 7_919 + 13) % rows;
    const name = Buffer.from(`ООО Ромашка ${index}`);
    name[flip % name.length] = (name[flip % name.length] ?? 0) ^ 1;
    // Also bytes that are no text any more: what a disk gives back.
    await database.transaction((tx) => tx.execute(sql`update "counterparty" set "name" = cast(${name} as text) where "id" = ${id(index)}`, ["counterparty"]));
    expect(await count(), `flip ${flip}`).toBe("damaged");
    await database.transaction((tx) => tx.execute(sql`update "counterparty" set "name" = ${`ООО Ромашка ${index}`} where "id" = ${id(index)}`, ["counterparty"]));
    await here();
    expect(await count()).toBe("counted");
  }
  await database.close();
}, timeoutMs);
