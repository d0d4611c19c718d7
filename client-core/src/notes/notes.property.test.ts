import { seededIds } from "@saldo/schema";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore } from "../store/migrate.ts";
import { randomOf } from "../sync/testing/random.ts";
import { RelayModel } from "../sync/testing/relay-model.ts";
import { SteppedDevice } from "../sync/testing/stepped-device.ts";
import { bookNote, overviewNote } from "./book-note.ts";
import { openNote, type NoteDocument } from "./note-document.ts";
import { manualTimers, type ManualTimers } from "./testing/manual-timers.ts";

const stepsOfRun = 80;
const devicesOfRun = 3;
/** Seeds of one run; the deep run tries more. */
const seedsOfRun = process.env["SALDO_TEST_DEEP"] === "1" ? 500 : 25;
const nowMs = Date.parse("2026-01-01T00:00:00.000Z");

interface Writer {
  readonly device: SteppedDevice;
  readonly timers: ManualTimers;
  note: NoteDocument;
  reopen(): void;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function writerOf(model: RelayModel, index: number, seed: number): Promise<Writer> {
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  const ids = seededIds(seed * 10 + index, () => nowMs + index);
  const device = new SteppedDevice({ model, database, ids });
  await device.begin();
  const timers = manualTimers();
  const { workspaceId, userId } = model;
  const recordedAt = new Date(nowMs).toISOString();
  const books = { database, ids, nowInstant: () => recordedAt, recordContext: () => Promise.resolve({ workspaceId, userId, recordedAt }) };
  const writerId = randomOf(seed * 10 + index);
  const start = () => openNote(bookNote(books, overviewNote("en")), { timers, writerId: () => 1 + writerId(0xffff_fffe) }, { onText: () => undefined, onStatus: () => undefined });
  const writer: Writer = { device, timers, note: start(), reopen: () => (writer.note = start()) };
  open.push(async () => {
    await writer.note.close();
    await database.close();
  });
  return writer;
}

/** Each letter is written once in a run, so that every one can be followed. */
function letters() {
  let next = 0x4e00;
  const written = new Set<string>();
  const deleted = new Set<string>();
  return {
    write: (count: number) => Array.from({ length: count }, () => String.fromCodePoint(next++)).map((letter) => (written.add(letter), letter)).join(""),
    remove: (text: string) => text.split("").forEach((letter) => deleted.add(letter)),
    left: () => [...written].filter((letter) => !deleted.has(letter)).toSorted(),
  };
}

/** What compaction does on the server: one row, the first, holds what many held. */
async function compact(model: RelayModel): Promise<void> {
  await model.commit((data) => {
    const rows = [...data.table("note_update").values()].toSorted((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
    const [first, ...others] = rows;
    if (first === undefined || others.length === 0) return;
    const document = new Y.Doc();
    for (const { update } of rows) if (update instanceof Uint8Array) Y.applyUpdate(document, update);
    data.write("note_update", String(first["id"]), { ...first, update: Y.encodeStateAsUpdate(document) });
    for (const { id } of others) data.write("note_update", String(id), undefined);
  });
}

/** Waits for promises and local commits that wait for nothing outside. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function run(seed: number): Promise<void> {
  const random = randomOf(seed);
  const model = new RelayModel();
  const writers: Writer[] = [];
  for (let index = 0; index < devicesOfRun; index++) writers.push(await writerOf(model, index, seed));
  const paper = letters();
  for (let step = 0; step < stepsOfRun; step++) await takeStep(random, model, writers, paper);
  for (const { note } of writers) await note.flush();
  for (let round = 0; round < 2; round++) for (const { device } of writers) expect(await device.settle(12), "comes to rest").toBe(true);
  const texts = await sameTexts(writers);
  expect(new Set(texts).size, "one text everywhere").toBe(1);
  expect((texts[0] ?? "").split("").toSorted()).toEqual(paper.left());
  expect(model.rows("rejection"), "nobody is asked anything").toEqual([]);
  expect(model.rows("report").length).toBeLessThanOrEqual(1);
}

/** The texts once all have heard of the last rows, or as they are after waiting long. */
async function sameTexts(writers: readonly Writer[]): Promise<string[]> {
  for (let round = 0; ; round++) {
    const texts = writers.map(({ note }) => note.text());
    if (new Set(texts).size === 1 || round === 200) return texts;
    await turn();
  }
}

async function takeStep(random: (below: number) => number, model: RelayModel, writers: readonly Writer[], paper: ReturnType<typeof letters>): Promise<void> {
  const writer = writers[random(writers.length)];
  if (writer === undefined) return;
  const { device, note, timers } = writer;
  const fault = (["none", "none", "request_lost", "response_lost", "sent_twice"] as const)[random(5)] ?? "none";
  const choice = random(20);
  if (choice < 8) {
    const length = note.text().length;
    const at = random(length + 1);
    const remove = random(3) === 0 ? random(Math.min(4, length - at) + 1) : 0;
    paper.remove(note.text().slice(at, at + remove));
    note.change({ at, remove, insert: paper.write(random(4)) });
  } else if (choice < 10) timers.pass(1_000);
  else if (choice < 12) await device.upload(fault, 1 + random(3));
  else if (choice < 15) await device.settle(1);
  else if (choice < 16) await device.begin();
  else if (choice < 17) {
    await note.close();
    writer.reopen();
  } else if (choice < 19) await compact(model);
  else note.hold(random(2) === 0);
  await turn();
  if (choice === 19) writer.note.hold(false);
}

describe("devices that write one note", () => {
  it.each(Array.from({ length: seedsOfRun }, (_, index) => index + 1))("end with the same letters, each that nobody deleted once, whatever was lost or compacted (seed %i)", async (seed) => {
    await run(seed);
  });
});
