import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { writingMark } from "./writing-mark.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function memoryNote(wasThere = false) {
  const note = { wasThere, isThere: wasThere, written: 0, write: async () => void (note.isThere = ++note.written > 0), remove: async () => void (note.isThere = false) };
  return note;
}

it("notes a write before it begins, and takes the note away once it has been quiet", async () => {
  const note = memoryNote();
  const mark = writingMark(note);
  await mark.begin();
  expect(note.isThere).toBe(true);
  mark.end();
  expect(note.isThere).toBe(true);
  await vi.runAllTimersAsync();
  expect(note.isThere).toBe(false);
  await mark.begin();
  expect(note.isThere).toBe(true);
});

it("writes the note once for writes that follow each other closely, and keeps it while one goes on", async () => {
  const note = memoryNote();
  const mark = writingMark(note);
  await mark.begin();
  mark.end();
  await mark.begin();
  await vi.runAllTimersAsync();
  expect(note).toMatchObject({ isThere: true, written: 1 });
  mark.end();
  await mark.close();
  expect(note.isThere).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

it("leaves the note where damage was seen", async () => {
  const note = memoryNote(true);
  const mark = writingMark(note);
  await mark.begin();
  mark.keep();
  mark.end();
  await mark.close();
  expect(note.isThere).toBe(true);
});

it("lets a write go on whose note cannot be written", async () => {
  const mark = writingMark({ wasThere: false, write: () => Promise.reject(new Error("no room")), remove: () => Promise.resolve() });
  await mark.begin();
  mark.end();
  await mark.close();
});
