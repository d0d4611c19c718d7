import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importFile, openBooks, systemEnvironment, type Books } from "@saldo/client-core/books";
import { openFile, sendWaiting, sha256Hex, startFileUploader, type FileUploader } from "@saldo/client-core/files";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { blobFolder } from "@saldo/client-core/store/blob-folder";
import { createSyncClient, sessionTokens, systemClock, type SyncClient } from "@saldo/client-core/sync";
import { fileChunkBytesMax, systemIds, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { openCuttingProxy, type CuttingProxy } from "./cutting-proxy.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";

let database: TestDatabase;
let folder: string;
let relay: RunningRelay;
let proxy: CuttingProxy;
let bearer: string;
let devices: Device[] = [];
let opened = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "saldo-files-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir: path.join(folder, "relay"), replicationSlot: `slot_${database.name}` });
  proxy = await openCuttingProxy(relay.url);
});
afterAll(async () => {
  await proxy.close();
  await relay.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  proxy.cutAfter(null);
  bearer = await relay.signUp();
});
afterEach(async () => {
  for (const device of devices) await device.close();
  devices = [];
});

/** A device as an app puts it together, its originals in a folder of its own. */
interface Device {
  readonly books: Books;
  readonly sync: SyncClient;
  readonly blobs: string;
  readonly uploader: FileUploader;
  close(): Promise<void>;
}

async function openDevice(who = bearer): Promise<Device> {
  const blobs = path.join(folder, `device-${opened++}`);
  const store = await openStore(openBetterSqlite3({ path: ":memory:" }));
  const books = await openBooks(store, systemEnvironment(), { currency: "EUR", locale: "en" }, blobFolder(blobs));
  const clock = systemClock();
  const parts = { database: store, clock, random: () => 0.01, log: () => undefined };
  const sync = createSyncClient({ ...parts, serverUrl: proxy.url, fetch, ids: systemIds(), tokenSource: sessionTokens(proxy.url, fetch, { kind: "bearer", token: who }) });
  const { originals } = books;
  if (originals === null) throw new Error("the device keeps no originals");
  const uploader = startFileUploader({ ...parts, originals, sync });
  const device = {
    books,
    sync,
    blobs,
    uploader,
    async close() {
      await uploader.stop();
      await sync.stop();
      await store.close();
    },
  };
  devices.push(device);
  return device;
}

/** A statement whose rows are few and whose bytes are many. */
function statement(seed: string, byteCount: number): Uint8Array {
  const lines = ["date,description,amount"];
  const filler = "x".repeat(3_000);
  for (let bytes = 0, row = 1; bytes < byteCount; row++) {
    lines.push(`2026-10-${String((row % 28) + 1).padStart(2, "0")},${seed} ${row} ${filler},-${row}.00`);
    bytes += filler.length;
  }
  return new TextEncoder().encode(lines.join("\r\n"));
}

/** The row of the file once it is as asked for. */
function fileOf({ books }: Device, status: Row<"file">["status"]): Promise<Row<"file">> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const [row] = await books.database.query(sql`select "id" from "file" where "status" = ${status}`);
      const file = row === undefined ? undefined : await books.originals?.find(String(row["id"]));
      if (file === undefined) return;
      stop();
      resolve(file);
    };
    const stop = books.database.onCommit(() => void look().catch(reject));
    void look().catch(reject);
  });
}

async function open(device: Device, file: Row<"file">): Promise<Uint8Array> {
  const { originals } = device.books;
  if (originals === null) throw new Error("the device keeps no originals");
  return openFile({ originals, relay: device.sync.relay, clock: systemClock() }, file, new AbortController().signal);
}

describe("the original of an import", () => {
  it("made offline goes up in the background, and another device gets the very same bytes, once", async () => {
    const bytes = statement("first", 2.5 * fileChunkBytesMax);
    const [a, b] = [await openDevice(), await openDevice()];
    const { importId } = await importFile(a.books, { name: "выписка.csv", bytes });
    a.sync.start();
    b.sync.start();
    await fileOf(a, "uploaded");
    const file = await fileOf(b, "uploaded");
    expect(file).toMatchObject({ name: "выписка.csv", byteCount: bytes.byteLength, sha256: await sha256Hex(bytes) });
    expect(await b.books.originals?.places([file.sha256])).toEqual(new Map([[file.sha256, "server"]]));
    expect(Buffer.compare(await open(b, file), bytes)).toBe(0);
    await b.books.record("import.undo", { importId: importId ?? "" });
    await b.sync.stop();
    await b.sync.syncOnce();
    expect(await b.books.originals?.find(file.sha256)).toMatchObject({ status: "uploaded" });
    proxy.cutAfter(0);
    expect(Buffer.compare(await open(b, file), bytes)).toBe(0);
  });

  it("goes on where the server stands when it is cut every few bytes, and when the server is away meanwhile", async () => {
    const bytes = statement("cut", 2.2 * fileChunkBytesMax);
    const a = await openDevice();
    await importFile(a.books, { name: "cut.csv", bytes });
    await a.sync.syncOnce();
    const signal = new AbortController().signal;
    const { originals } = a.books;
    if (originals === null) throw new Error("the device keeps no originals");
    const parts = { originals, relay: a.sync.relay, clock: systemClock() };
    const before = proxy.cuts();
    for (let attempt = 0; ; attempt++) {
      proxy.cutAfter(150_000 + attempt * 7_919);
      if (attempt === 5) {
        await relay.stop();
        await relay.start();
      }
      const failures = await sendWaiting(parts, signal).catch((error: unknown) => error);
      if (failures instanceof Map && failures.size === 0) break;
      expect(attempt).toBeLessThan(60);
    }
    expect(proxy.cuts() - before).toBeGreaterThan(5);
    proxy.cutAfter(null);
    const b = await openDevice();
    b.sync.start();
    expect(Buffer.compare(await open(b, await fileOf(b, "uploaded")), bytes)).toBe(0);
  });

  it("that a disk has damaged is not sent for whole, and is fetched anew from where it is", async () => {
    const bytes = statement("damaged", 100_000);
    const [a, b] = [await openDevice(), await openDevice()];
    await importFile(a.books, { name: "damaged.csv", bytes });
    a.sync.start();
    const file = await fileOf(a, "uploaded");
    const place = path.join(a.blobs, file.sha256);
    const flipped = await readFile(place);
    flipped[5_000] = (flipped[5_000] ?? 0) ^ 1;
    await writeFile(place, flipped);
    expect(Buffer.compare(await open(a, file), bytes)).toBe(0);
    expect(Buffer.compare(await readFile(place), bytes)).toBe(0);
    b.sync.start();
    await open(b, await fileOf(b, "uploaded"));
  });

  it("not sent yet is told to be on another device; of a cancelled import there is none", async () => {
    const [a, b] = [await openDevice(), await openDevice()];
    await a.uploader.stop();
    await importFile(a.books, { name: "late.csv", bytes: statement("late", 10_000) });
    await a.sync.syncOnce();
    b.sync.start();
    await expect(open(b, await fileOf(b, "local"))).rejects.toMatchObject({ code: "file.not_here" });
    const stopped = AbortSignal.abort();
    const cancelled = statement("cancelled", 10_000);
    await expect(importFile(a.books, { name: "cancelled.csv", bytes: cancelled }, { signal: stopped })).rejects.toMatchObject({ code: "import.cancelled" });
    const hash = await sha256Hex(cancelled);
    await expect(readFile(path.join(a.blobs, hash))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await a.books.originals?.find(hash)).toBeUndefined();
  });

  it("is nothing to a person of another company", async () => {
    const a = await openDevice();
    const stranger = await openDevice(await relay.signUp());
    await importFile(a.books, { name: "mine.csv", bytes: statement("mine", 10_000) });
    a.sync.start();
    stranger.sync.start();
    const file = await fileOf(a, "uploaded");
    await expect(open(stranger, file)).rejects.toMatchObject({ code: "file.not_here" });
  });
});
