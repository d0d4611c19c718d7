import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../../../deploy/testing/browser.ts";

/** A field bound to a note, and another writer of the same note, in one page. */
const pageSource = `
  import { openNote } from "@saldo/client-core/notes/editing";
  import { mergeUpdates } from "yjs";
  import { bindNoteField } from "./note-field.ts";
  const kept = [];
  const watchers = new Set();
  const storage = {
    async append(update) {
      kept.push(update);
      const state = { update: mergeUpdates(kept), reading: "1", unreadableRows: 0 };
      for (const next of watchers) next(state);
    },
    watch: (next) => (watchers.add(next), () => watchers.delete(next)),
  };
  const ports = (writer) => ({ timers: { after: () => () => {} }, writerId: () => writer });
  const other = openNote(storage, ports(2), { onText() {}, onStatus() {} });
  const field = document.querySelector("textarea");
  let bound;
  const note = openNote(storage, ports(1), { onText: (changes, isOwn) => bound.onText(changes, isOwn), onStatus() {} });
  bound = bindNoteField(field, note);
  window.keep = () => note.flush();
  window.otherWrites = async (at, remove, insert) => {
    other.change({ at, remove, insert });
    await other.flush();
  };
  window.texts = () => ({ field: field.value, note: note.text(), other: other.text() });
  window.cursor = () => [field.selectionStart, field.selectionEnd];
`;

let browser: Browser;
let script: string;
let page: Page;

beforeAll(async () => {
  const result = await build({ stdin: { contents: pageSource, resolveDir: import.meta.dirname, loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2023" });
  script = result.outputFiles[0]?.text ?? "";
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
  await page.setContent("<textarea rows=6></textarea>");
  await page.addScriptTag({ content: script, type: "module" });
  await page.locator("textarea").focus();
});
afterEach(() => page.close());

const texts = () => page.evaluate<unknown>("window.texts()");
const keep = () => page.evaluate<unknown>("window.keep()");
const cursor = () => page.evaluate<unknown>("window.cursor()");
const otherWrites = (at: number, remove: number, insert: string) => page.evaluate<unknown>(`window.otherWrites(${at}, ${remove}, ${JSON.stringify(insert)})`);
const everywhere = (text: string) => ({ field: text, note: text, other: text });

test("what others write appears around the cursor, which stays at its letter", async () => {
  await page.keyboard.type("Rent goes up");
  await keep();
  for (let step = 0; step < 8; step++) await page.keyboard.press("ArrowLeft");
  expect(await cursor()).toEqual([4, 4]);
  await otherWrites(12, 0, " in May");
  await otherWrites(0, 0, "NB: ");
  expect(await cursor()).toEqual([8, 8]);
  await page.keyboard.type("s");
  await keep();
  expect(await texts()).toEqual(everywhere("NB: Rents goes up in May"));
});

test("undo and redo are of the person's own words, with the cursor where they are", async () => {
  await page.keyboard.type("mine");
  await keep();
  await otherWrites(4, 0, " theirs");
  await page.keyboard.press("Control+z");
  expect(await texts()).toMatchObject({ field: " theirs", note: " theirs" });
  await page.keyboard.press("Control+Shift+z");
  expect(await cursor()).toEqual([4, 4]);
  await page.keyboard.type("!");
  await keep();
  expect(await texts()).toEqual(everywhere("mine! theirs"));
});

test("a letter typed in a run of the same letter goes where it was typed", async () => {
  await page.keyboard.type("aaaa");
  await keep();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("a");
  await otherWrites(2, 0, "|");
  await keep();
  // The other one wrote between the second and the third of the first four.
  expect(await texts()).toMatchObject({ field: expect.stringMatching(/^aa(\|a|a\|)aa$/) });
});

test("a word being composed is not torn by what others write", async () => {
  await page.keyboard.type("ab");
  await keep();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
  await otherWrites(0, 0, "X");
  expect(await texts()).toEqual({ field: "abに", note: "ab", other: "Xab" });
  await session.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
  await session.send("Input.insertText", { text: "日本" });
  await keep();
  expect(await texts()).toEqual(everywhere("Xab日本"));
});
