import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { writingMark } from "./writing-mark.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function memoryNote(wasThere = false) {
  const note = {
    wasThere,
    wasDamaged: false,
    isThere: wasThere,
    isDamaged: false,
    written: 0,
    write: async () => void (note.isThere = ++note.written > 0),
    writeDamaged: async () => void (note.isThere = note.isDamaged = true),
    remove: async () => void (note.isThere = note.isDamaged = false),
  };
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

it("settles once it has been quiet, while no write begins, and takes the note away after another while", async () => {
  const note = memoryNote();
  const done: string[] = [];
  let letSettle = (): void => undefined;
  const mark = writingMark(note, async () => {
    done.push("settling");
    await new Promise<void>((resolve) => (letSettle = resolve));
    done.push("settled");
  });
  await mark.begin();
  mark.end();
  await vi.advanceTimersByTimeAsync(3_000);
  const writing = mark.begin().then(() => done.push("writing"));
  letSettle();
  await writing;
  expect(done).toEqual(["settling", "settled", "writing"]);
  await vi.runAllTimersAsync();
  expect(note.isThere).toBe(true);
  mark.end();
  await vi.advanceTimersByTimeAsync(3_000);
  letSettle();
  await vi.advanceTimersByTimeAsync(2_900);
  expect(note.isThere).toBe(true);
  await vi.advanceTimersByTimeAsync(200);
  expect(note.isThere).toBe(false);
});

it("leaves the note where what it settles fails", async () => {
  const note = memoryNote();
  const mark = writingMark(note, () => Promise.reject(new Error("no room")));
  await mark.begin();
  mark.end();
  await vi.runAllTimersAsync();
  expect(note.isThere).toBe(true);
});

it("leaves the note where damage was seen", async () => {
  const note = memoryNote(true);
  const mark = writingMark(note);
  await mark.begin();
  mark.keep();
  mark.end();
  await mark.close();
  expect(note).toMatchObject({ isThere: true, isDamaged: true });
});

it("lets a write go on whose note cannot be written", async () => {
  const mark = writingMark({ wasThere: false, wasDamaged: false, writeDamaged: () => Promise.resolve(), write: () => Promise.reject(new Error("no room")), remove: () => Promise.resolve() });
  await mark.begin();
  mark.end();
  await mark.close();
});
