import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import * as Y from "yjs";
import { frozen, frozenText, newId, registerDevice, signUpPerson, someInstant, upload, type Device } from "../testing/person.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import { compactNotes, looseRowsMax, settledBytesMin } from "./compact-notes.pg.ts";

let relay: TestRelay;
let pool: pg.Pool;
let device: Device;
let workspaceId: string;

beforeAll(async () => {
  relay = await startTestRelay();
  pool = new pg.Pool({ connectionString: relay.databaseUrl, max: 6 });
  device = await registerDevice(relay.url, await signUpPerson(relay.url));
  ({ workspaceId } = device.person);
});
afterAll(async () => {
  await pool.end();
  await relay.dispose();
});
beforeEach(() => relay.sql("truncate note_update, report"));

const compact = () => compactNotes({ pool, random: () => 0 });
const insert = (id: string, update: Uint8Array, reportId = "r1") =>
  relay.sql(`insert into note_update (id, workspace_id, report_id, "update", created_by, created_at) values ($1, $2, $3, $4, null, $5)`, [
    id,
    workspaceId,
    reportId,
    Buffer.from(update),
    someInstant,
  ]);
const rows = async (reportId = "r1") =>
  (await relay.sql(`select id, "update" from note_update where report_id = $1 order by id`, [reportId])).map((row) => ({ id: String(row["id"]), update: bytes(row["update"]) }));

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("not bytes");
  return value;
}

/** What a note says: rows that are no update are passed over. */
async function textOf(reportId = "r1"): Promise<string> {
  const document = new Y.Doc();
  for (const { update } of await rows(reportId)) if (update[0] !== 255) Y.applyUpdate(document, update);
  return document.getText("text").toJSON();
}

/** Updates of a person typing words one after another. */
function typed(words: number, wordChars = 3): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on("update", (update: Uint8Array) => updates.push(update));
  for (let word = 0; word < words; word++) document.getText("text").insert(0, String(word).padStart(wordChars, "ж"));
  return updates;
}

const idOf = (index: number) => `n${String(index).padStart(5, "0")}`;
async function write(updates: readonly Uint8Array[], reportId = "r1", first = 0): Promise<void> {
  for (const [index, update] of updates.entries()) await insert(idOf(first + index), update, reportId);
}

it("makes one row of many, which says the same, and does nothing the second time", async () => {
  await write(typed(looseRowsMax + 1));
  const before = await textOf();
  expect(await compact()).toEqual({ notes: 1, rowsMerged: looseRowsMax, rowsUnreadable: 0 });
  expect((await rows()).map(({ id }) => id)).toEqual([idOf(0)]);
  expect(await textOf()).toBe(before);
  expect(await compact()).toEqual({ notes: 0, rowsMerged: 0, rowsUnreadable: 0 });
});

it("leaves short notes alone, and notes of others", async () => {
  await write(typed(looseRowsMax));
  await write(typed(3), "r2", 1_000);
  expect(await compact()).toMatchObject({ notes: 0 });
  expect(await rows()).toHaveLength(looseRowsMax);
});

it("keeps an update whose ground has not arrived yet", async () => {
  const updates = typed(looseRowsMax + 3);
  const late = updates.splice(5, 1);
  await write(updates);
  await compact();
  expect(await rows()).toHaveLength(1);
  expect(await textOf()).toHaveLength(5 * 3);
  await write(late, "r1", 5_000);
  expect(await textOf()).toHaveLength((looseRowsMax + 3) * 3);
});

it("leaves what is no Yjs update where it is and loses nothing of the rest", async () => {
  await write(typed(looseRowsMax + 2));
  const before = await textOf();
  await insert("n00003x", Uint8Array.of(255, 255, 1));
  await insert("a", Uint8Array.of(255));
  expect(await compact()).toEqual({ notes: 1, rowsMerged: looseRowsMax + 1, rowsUnreadable: 2 });
  expect((await rows()).map(({ id }) => id)).toEqual(["a", idOf(0), "n00003x"]);
  expect(await textOf()).toBe(before);
});

it("does not merge a large row again", async () => {
  await write(typed(3, settledBytesMin / 4));
  expect(await compact()).toMatchObject({ rowsMerged: 2 });
  const [large] = await rows();
  expect(large?.update.byteLength).toBeGreaterThan(settledBytesMin);
  await write(typed(looseRowsMax + 1), "r1", 10);
  expect(await compact()).toMatchObject({ rowsMerged: looseRowsMax });
  expect(await rows()).toHaveLength(2);
});

it("may run several times at once while others write and remove", async () => {
  const updates = typed(400);
  await write(updates.slice(0, 200));
  await write(typed(looseRowsMax + 1), "r2", 1_000);
  const writing = (async () => {
    for (const [index, update] of updates.slice(200).entries()) await insert(idOf(200 + index), update);
  })();
  await Promise.all([compact(), compact(), compact(), relay.sql("delete from note_update where report_id = 'r2'"), compact(), writing, compact()]);
  const expected = new Y.Doc();
  for (const update of updates) Y.applyUpdate(expected, update);
  expect(await textOf()).toBe(expected.getText("text").toJSON());
  expect(await rows("r2")).toEqual([]);
});

it("meets no update that the relay let in unread", async () => {
  const reportId = newId();
  const base64 = (update: Uint8Array) => Buffer.from(update).toString("base64");
  const append = (seq: number, update: string) => frozen(seq, "note.append", { id: newId(), reportId, update, createdAt: someInstant });
  const [good = new Uint8Array()] = typed(1);
  const answer = await upload(device, [
    frozen(1, "report.ensure", { id: reportId, title: "Notes", parameters: {}, createdAt: someInstant }),
    frozen(2, "report.ensure", { id: reportId, title: "Other", parameters: {}, createdAt: someInstant }),
    append(3, base64(good)),
    append(4, base64(good.slice(0, -3))),
    append(5, base64(Uint8Array.of(0, 255, 7))),
    append(6, base64(new Uint8Array(300 * 1024))),
    frozenText(7, "note.append", JSON.stringify({ update: 1 })),
  ]);
  const body: unknown = await answer.json();
  const refused = { outcome: "rejected", code: "mutation.invalid_arguments" };
  expect(body).toMatchObject({ verdicts: [{ outcome: "applied" }, { outcome: "applied" }, { outcome: "applied" }, refused, refused, refused, refused] });
  expect(await rows(reportId)).toHaveLength(1);
  expect(await relay.sql("select title from report")).toEqual([{ title: "Notes" }]);
});
