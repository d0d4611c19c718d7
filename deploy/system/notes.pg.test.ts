import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBooks, type Books } from "@saldo/client-core/books";
import { bookNote, overviewNote } from "@saldo/client-core/notes";
import { openNote, type NoteDocument } from "@saldo/client-core/notes/editing";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { testDevice, type Device } from "@saldo/client-core/sync/testing";
import { systemIds } from "@saldo/schema";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";

const runsOfProperty = process.env["SALDO_TEST_DEEP"] === "1" ? 60 : 2;
let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;
let writers = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-notes-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});
afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

interface Writer {
  readonly device: Device;
  readonly books: Books;
  open(): NoteDocument;
}

async function writerOf(bearer: string): Promise<Writer> {
  const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer });
  const environment = { nowMs: () => Math.floor(performance.timeOrigin + performance.now()), ids: systemIds(), pause: () => Promise.resolve() };
  const books = await openBooks(device.database, environment, { currency: "EUR", locale: "en" });
  // No timer ever runs: what is typed is kept when the test says so.
  const ports = { timers: { after: () => () => undefined }, writerId: () => ++writers };
  return { device, books, open: () => openNote(bookNote(books, overviewNote("en")), ports, { onText: () => undefined, onStatus: () => undefined }) };
}

/** Opens the note, does something with it, keeps it. */
async function write(writer: Writer, work: (note: NoteDocument) => void): Promise<string> {
  const note = writer.open();
  while (note.status().state === "loading") await new Promise((resolve) => setImmediate(resolve));
  work(note);
  const text = note.text();
  await note.close();
  return text;
}

const read = (writer: Writer) => write(writer, () => undefined);
const typeAt = (at: number, insert: string) => ({ at, remove: 0, insert });
const rowsOnServer = async () => Number((await relay.sql("select count(*)::int as n from note_update"))[0]?.["n"]);

async function closeAll(all: readonly Writer[]): Promise<void> {
  for (const { device } of all) await device.close();
}

it("two devices that wrote into one paragraph offline have the same text, with both edits, and nobody is asked anything", async () => {
  const bearer = await relay.signUp();
  const [a, b] = [await writerOf(bearer), await writerOf(bearer)];
  // Both make the note's report before they ever met.
  await write(a, (note) => note.change(typeAt(0, "Rent rises in May. ")));
  await write(b, (note) => note.change(typeAt(0, "Ask the landlord. ")));
  await a.device.client.syncOnce();
  await b.device.client.syncOnce();
  await a.device.client.syncOnce();
  const both = await read(a);
  expect(await read(b)).toBe(both);
  await write(a, (note) => note.change(typeAt(both.indexOf("May"), "early ")));
  await write(b, (note) => note.change({ at: both.indexOf("rises"), remove: 5, insert: "falls" }));
  for (const { device } of [a, b, a]) expect(await device.client.syncOnce()).toMatchObject({ state: "saved", pendingChanges: 0, problems: [] });
  expect(await read(a)).toContain("Rent falls in early May. ");
  expect(await read(b)).toBe(await read(a));
  expect(await a.device.rows("rejection")).toEqual([]);
  await closeAll([a, b]);
});

it("a device with words of its own not sent yet has everything when the rows were compacted meanwhile", async () => {
  const bearer = await relay.signUp();
  const [a, b] = [await writerOf(bearer), await writerOf(bearer)];
  for (let word = 0; word < 60; word++) await write(a, (note) => note.change(typeAt(0, `a${word} `)));
  await a.device.client.syncOnce();
  await b.device.client.syncOnce();
  await write(b, (note) => note.change(typeAt(note.text().length, "from b")));
  await write(a, (note) => note.change(typeAt(0, "from a ")));
  const before = await rowsOnServer();
  // A relay compacts when it begins.
  await relay.stop();
  await relay.start();
  while ((await rowsOnServer()) > before - 50) await new Promise((resolve) => setImmediate(resolve));
  for (const { device } of [a, b, a]) expect(await device.client.syncOnce()).toMatchObject({ state: "saved", problems: [] });
  const text = await read(a);
  expect(text).toMatch(/^from a a59 .* a0 from b$/);
  expect(await read(b)).toBe(text);
  expect(await b.device.rows("note_update")).toHaveLength(3);
  expect(await b.device.rows("note_update")).toEqual(await a.device.rows("note_update"));
  await closeAll([a, b]);
});

it("any edits of several devices, sent in any order, end as one text on all of them", { timeout: 600_000 }, async () => {
  const step = fc.record({ writer: fc.nat(2), at: fc.nat(40), remove: fc.nat(3), insert: fc.constantFrom("a", "bc", "ёж", "😀", "\n", ""), sync: fc.boolean() });
  const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
    const bearer = await relay.signUp();
    const all = [await writerOf(bearer), await writerOf(bearer), await writerOf(bearer)];
    try {
      for (const { writer: index, at, remove, insert, sync } of steps) {
        const writer = all[index];
        if (writer === undefined) continue;
        await write(writer, (note) => {
          const from = Math.min(at, note.text().length);
          note.change({ at: from, remove, insert });
        });
        if (sync) await writer.device.client.syncOnce();
      }
      for (const { device } of [...all, ...all]) expect(await device.client.syncOnce()).toMatchObject({ state: "saved", pendingChanges: 0, problems: [] });
      const texts = [];
      for (const writer of all) texts.push(await read(writer));
      expect(new Set(texts).size).toBe(1);
    } finally {
      await closeAll(all);
    }
  });
  await fc.assert(property, { numRuns: runsOfProperty });
});
