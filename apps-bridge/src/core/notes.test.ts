import { openNote, type NoteDocument } from "@saldo/client-core/notes/editing";
import { readRows } from "@saldo/client-core/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BridgeClient } from "../bridge/client.ts";
import type { SaldoMethods } from "../bridge/contract/index.ts";
import type { Core } from "./core.ts";
import { resumedCore, screenOf, testWorkspace } from "./testing.ts";

let core: Core;
const screens: BridgeClient<SaldoMethods>[] = [];
let writers = 0;

beforeEach(async () => {
  core = await resumedCore();
});
afterEach(async () => {
  for (const screen of screens.splice(0)) screen.close();
  await core.close();
});

function openScreen(): BridgeClient<SaldoMethods> {
  const screen = screenOf(core);
  screens.push(screen);
  return screen;
}

/** A screen with the note open. `until` resolves when its text fits. */
function openNoteOn(screen: BridgeClient<SaldoMethods>) {
  let heard = () => {};
  const storage = {
    append: async (update: Uint8Array) => void (await screen.call("note.append", { workspaceId: testWorkspace.id, update: new Uint8Array(update) })),
    watch: (next: Parameters<Parameters<typeof openNote>[0]["watch"]>[0], failed: (error: unknown) => void) => screen.watch("note.watch", { workspaceId: testWorkspace.id }, { next, failed }),
  };
  const ports = { timers: { after: () => () => undefined }, writerId: () => ++writers };
  const note: NoteDocument = openNote(storage, ports, { onText: () => heard(), onStatus: () => heard() });
  const until = (fits: (note: NoteDocument) => boolean) =>
    new Promise<void>((resolve) => {
      heard = () => fits(note) && resolve();
      heard();
    });
  return { note, until };
}

test("two screens write one note, and its report is made once", async () => {
  const [a, b] = [openNoteOn(openScreen()), openNoteOn(openScreen())];
  await Promise.all([a, b].map(({ until }) => until((note) => note.status().state === "saved")));
  a.note.change({ at: 0, remove: 0, insert: "Аренда растёт" });
  await a.note.flush();
  await b.until((note) => note.text() === "Аренда растёт");
  b.note.change({ at: 13, remove: 0, insert: " в мае" });
  await b.note.flush();
  await a.until((note) => note.text() === "Аренда растёт в мае");
  await Promise.all([a.note.close(), b.note.close()]);
  const { database } = core.opened().books;
  expect((await readRows(database, "report")).map(({ title }) => title)).toEqual(["Заметки"]);
  expect(await readRows(database, "note_update")).toHaveLength(2);
});

test("what was typed in one company's books never gets into another's", async () => {
  const screen = openScreen();
  await expect(screen.call("note.append", { workspaceId: "another", update: Uint8Array.of(0, 0) })).rejects.toMatchObject({ code: "workspace.not_found" });
  expect(await readRows(core.opened().books.database, "note_update")).toEqual([]);
});

test("bytes that are no Yjs update are refused before they are recorded", async () => {
  const screen = openScreen();
  await expect(screen.call("note.append", { workspaceId: testWorkspace.id, update: Uint8Array.of(255, 255) })).rejects.toMatchObject({ code: "mutation.invalid_arguments" });
});
