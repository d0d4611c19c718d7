import { seededIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { thawBody } from "../mutations/index.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { openBooks, type Books } from "./books.ts";
import { undoImport } from "./import/changes-since.ts";
import { serveReading, threadGone, type ReadingThread } from "./import/reading-thread.ts";
import { importFile, undoUnfinishedImport } from "./import-file.ts";

const rows = 6_000;
const nowMs = Date.UTC(2026, 10, 23, 12);
const file = { name: "ledger.csv", bytes: new TextEncoder().encode(`Дата;Сумма;Назначение;Категория;Контрагент;Счёт\n${Array.from({ length: rows }, (_, index) => line(index)).join("\n")}`) };

function line(index: number): string {
  const day = String(1 + (index % 28)).padStart(2, "0");
  const purpose = index % 7 === 0 ? `Перевод собственных средств ${index}` : `Оплата по счёту № ${index}, "склад\\${index % 3}" в т.ч. НДС 20% 10,00 ${"по договору поставки ".repeat(4)}`;
  return `${day}.0${1 + (index % 9)}.2026;${index % 5 === 0 ? "" : "-"}${100 + index},50;"${purpose.replaceAll('"', '""')}";Статья ${index % 11};ООО Ромашка ${index % 50};4070281000000000${1000 + (index % 3)}`;
}

/** The same file as one that lies somewhere else. */
const elsewhere = { name: file.name, bytes: { blob: new Blob([file.bytes]), byteLength: file.bytes.byteLength, subarray: (from: number, to: number) => file.bytes.subarray(from, to) } };

const ids = seededIds(1, () => nowMs);
let threads = 0;
/** What the thread was handed, opened there. */
const opened = (handed: Blob): Uint8Array => {
  expect(handed.size).toBe(file.bytes.byteLength);
  return file.bytes;
};
let ended = 0;

/** The thread's side behind a channel: what crosses it is cloned and handed over as between threads. */
function channelThread(tamper?: (post: (message: unknown) => void) => void): () => Promise<ReadingThread> {
  return async () => {
    threads++;
    const { port1, port2 } = new MessageChannel();
    const hear = serveReading(opened, (message, transfer) => port2.postMessage(message, [...transfer]));
    port2.addEventListener("message", ({ data }) => hear(data));
    port2.start();
    return {
      post: (message) => port1.postMessage(message),
      listen(listener) {
        port1.addEventListener("message", ({ data }) => listener(data));
        port1.start();
        tamper?.(listener);
      },
      end() {
        ended++;
        port1.close();
      },
    };
  };
}

const openedWith = async (database: LocalDatabase, startReading?: () => Promise<ReadingThread>): Promise<Books> =>
  openBooks(database, { nowMs: () => nowMs, ids, pause: () => Promise.resolve(), ...(startReading === undefined ? {} : { startReading }) }, { currency: "RUB", locale: "ru" });

/** All rows but for what differs by chance. */
async function transactions(database: LocalDatabase) {
  const found = await database.query(sql`select * from "transaction" order by "import_line"`);
  return found.map(({ id: _id, import_id: _import, workspace_id: _workspace, transfer_id: transfer, ...row }) => ({ ...row, isTransfer: transfer !== null }));
}

/** What would be sent, but for ids. */
async function bodies(database: LocalDatabase) {
  const found = await database.query(sql`select "mutation", "encoding", "body" from "sync_outbox" where "mutation" in ('import.addRows', 'import.addNames') order by "seq"`);
  return Promise.all(
    found.map(async ({ mutation, encoding, body }) => {
      if (!(body instanceof Uint8Array)) throw new TypeError("a body is bytes");
      const args = JSON.stringify(await thawBody(encoding === "deflate" ? "deflate" : "json", new Uint8Array(body)));
      return { mutation, args: args.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "id") };
    }),
  );
}

describe("a file read on a thread of its own", () => {
  let database: LocalDatabase;
  beforeAll(async () => {
    database = await openStore(openPglite(await emptyPglite()));
  });
  afterAll(() => database.close());

  const left = async () => {
    const [row] = await database.query(sql`select (select count(*) from "transaction") as "rows", (select count(*) from "import" where "status" = 'loading') as "open"`);
    return [Number(row?.["rows"]), Number(row?.["open"]), ended - threads];
  };

  it("leaves nothing when it is stopped on the way", async () => {
    const stop = new AbortController();
    const books = await openedWith(database, channelThread());
    await expect(importFile(books, file, { signal: stop.signal, onProgress: ({ rowsAdded }) => rowsAdded > 0 && stop.abort() })).rejects.toMatchObject({ code: "import.cancelled" });
    expect(await left()).toEqual([0, 0, 0]);
  });

  it("leaves nothing when the thread ends by itself", async () => {
    const books = await openedWith(database, channelThread((hear) => hear(threadGone)));
    await expect(importFile(books, file)).rejects.toMatchObject({ code: "bridge.internal" });
    expect(await left()).toEqual([0, 0, 0]);
  });

  it("is taken back whole, an edited row with it", async () => {
    const books = await openedWith(database, channelThread());
    const { importId } = await importFile(books, elsewhere);
    if (importId === null) throw new Error("nothing was imported");
    const [row] = await database.query(sql`select "id" from "transaction" limit 1`);
    await books.record("transaction.setNote", { id: String(row?.["id"]), note: "seen" });
    await undoImport(books, importId);
    for (const table of ["account", "category", "counterparty", "transaction"]) expect(await database.query(sql`select 1 from ${sql.identifier(table)}`)).toEqual([]);
    expect(await left()).toEqual([0, 0, 0]);
  });

  it("gives the same rows, the same bodies and the same summary as one read beside the books", async () => {
    const before = threads;
    const told = await importFile(await openedWith(database, channelThread()), elsewhere, { decisions: { rows: new Map([[3, "skip"]]) } });
    expect([threads - before, ended - threads]).toEqual([1, 0]);
    const other = await openStore(openPglite(await emptyPglite()));
    const here = await importFile(await openedWith(other), file, { decisions: { rows: new Map([[3, "skip"]]) } });
    expect({ ...told, importId: null }).toEqual({ ...here, importId: null });
    expect(told).toMatchObject({ rowsAdded: rows - 1, rowsLeftOut: 1 });
    expect(await transactions(database)).toEqual(await transactions(other));
    const sent = await bodies(database);
    expect(sent.slice(-(await bodies(other)).length)).toEqual(await bodies(other));
    const stale = (one: LocalDatabase) => one.query(sql`select "what" from "rollup_stale" where "what" like '2026-%' order by 1`);
    expect(await stale(database)).toEqual(await stale(other));
    await other.close();
  });

  it("is not used where the books hold rows already", async () => {
    const before = threads;
    const books = await openedWith(database, channelThread());
    await undoUnfinishedImport(books);
    expect(await importFile(books, file)).toMatchObject({ rowsAdded: 1, rowsThere: rows - 1 });
    expect(threads).toBe(before);
  });
});
