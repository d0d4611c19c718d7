import { systemIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { findDoubles, importFile, openBooks, type Books } from "../books/index.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { rowsOf, testDevice, type Device } from "./testing/device.ts";
import { RelayModel } from "./testing/relay-model.ts";

const open: Device[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.client.stop();
    await each.database.close();
  }
});

async function deviceWithBooks(model: RelayModel): Promise<{ readonly device: Device; readonly books: Books }> {
  const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), "http://model.test", { fetch: model.fetch });
  open.push(device);
  const books = await openBooks(device.database, { nowMs: () => Date.now(), ids: systemIds(), pause: () => Promise.resolve() }, { currency: "EUR", locale: "en" });
  await device.client.syncOnce();
  return { device, books };
}

/** A statement of some days, each with two equal coffees and a payment of its own. */
function statement(from: number, to: number): { readonly name: string; readonly bytes: Uint8Array } {
  const days = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const lines = days.flatMap((day) => {
    const date = `2026-10-${String(day).padStart(2, "0")}`;
    return [`${date};coffee;-3.50`, `${date};coffee;-3.50`, `${date};invoice ${day};-${day}0.00`];
  });
  return { name: `${from}-${to}.csv`, bytes: new TextEncoder().encode(["date;description;amount", ...lines].join("\n")) };
}

async function settle(devices: readonly Device[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const { client } of devices) await client.syncOnce();
}

const counted = sql`select count(*) as "rows" from "transaction" t join "import" i on i."id" = t."import_id" where i."status" = 'complete'`;

describe("two devices that import offline", () => {
  it("the very same statement have its rows once, and both agree", async () => {
    const model = new RelayModel();
    const [a, b] = [await deviceWithBooks(model), await deviceWithBooks(model)];
    await importFile(a.books, statement(1, 20));
    await importFile(b.books, statement(1, 20));
    await settle([a.device, b.device]);
    for (const { device, books } of [a, b]) {
      expect(await device.database.query(counted)).toEqual([{ rows: 60 }]);
      expect(await rowsOf(device.database, "transaction")).toHaveLength(60);
      const { workspaceId } = await books.recordContext();
      expect(await findDoubles(device.database, workspaceId)).toEqual([]);
    }
    for (const table of ["transaction", "import", "account"]) expect(await rowsOf(a.device.database, table)).toEqual(await rowsOf(b.device.database, table));
    // The statement may come again, on either: nothing of it is new.
    expect(await importFile(b.books, statement(1, 20))).toMatchObject({ importId: null, rowsAdded: 0, rowsThere: 60 });
  });

  it("overlapping statements see the rows of both days twice, told row by row, and settle each once for all devices", async () => {
    const model = new RelayModel();
    const [a, b] = [await deviceWithBooks(model), await deviceWithBooks(model)];
    await importFile(a.books, statement(1, 15));
    await importFile(b.books, statement(11, 25));
    await settle([a.device, b.device]);
    const { workspaceId } = await b.books.recordContext();
    const doubles = await findDoubles(b.device.database, workspaceId);
    expect(doubles).toHaveLength(15);
    expect(await findDoubles(a.device.database, workspaceId)).toEqual(doubles);
    const [kept, ...removed] = doubles.map(({ id }) => id);
    await b.books.history.record([{ name: "transaction.removeDoubles", args: { ids: removed } }]);
    await b.books.history.record([{ name: "transaction.keepDistinct", args: { ids: [kept] } }]);
    await settle([b.device, a.device]);
    for (const { device } of [a, b]) {
      expect(await findDoubles(device.database, workspaceId)).toEqual([]);
      expect(await device.database.query(counted)).toEqual([{ rows: 25 * 3 + 1 }]);
    }
  });

  it("a statement that overlaps one already heard of add only what is new, and there is nothing to look at", async () => {
    const model = new RelayModel();
    const [a, b] = [await deviceWithBooks(model), await deviceWithBooks(model)];
    await importFile(a.books, statement(1, 15));
    await settle([a.device, b.device]);
    expect(await importFile(b.books, statement(11, 25))).toMatchObject({ rowsAdded: 30, rowsThere: 15, rowsLeftOut: 0 });
    await settle([b.device, a.device]);
    const { workspaceId } = await a.books.recordContext();
    expect(await findDoubles(a.device.database, workspaceId)).toEqual([]);
    expect(await a.device.database.query(counted)).toEqual([{ rows: 75 }]);
  });

  it("a cancelled import whose rows had begun to leave is gone everywhere", async () => {
    const model = new RelayModel();
    const [a, b] = [await deviceWithBooks(model), await deviceWithBooks(model)];
    const lines = Array.from({ length: 12_000 }, (_, index) => `2026-10-${String((index % 28) + 1).padStart(2, "0")};row ${index};-1.00`);
    const abort = new AbortController();
    const file = { name: "large.csv", bytes: new TextEncoder().encode(["date;description;amount", ...lines].join("\n")) };
    await expect(importFile(a.books, file, { signal: abort.signal, onProgress: () => abort.abort() })).rejects.toMatchObject({ code: "import.cancelled" });
    expect(await rowsOf(a.device.database, "transaction")).toEqual([]);
    expect(await a.device.database.query(sql`select * from "sync_effect" where "table_name" = 'transaction'`)).toEqual([]);
    await settle([a.device, b.device]);
    for (const { device } of [a, b]) expect(await rowsOf(device.database, "transaction")).toEqual([]);
    expect(await rowsOf(a.device.database, "import")).toEqual(await rowsOf(b.device.database, "import"));
    expect([...a.device.warnings, ...b.device.warnings]).toEqual([]);
  });
});
