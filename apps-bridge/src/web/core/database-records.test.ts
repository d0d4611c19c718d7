import { expect, it } from "vitest";
import type { BrowserRecords } from "./browser-records.ts";
import { asidePlaceOf, keepAside, placeRecord, removePlaces } from "./database-records.ts";

function recordsInMemory(): BrowserRecords {
  const kept = new Map<string, unknown>();
  return { read: async (name) => kept.get(name), write: async (name, value) => void kept.set(name, value), remove: async (name) => void kept.delete(name) };
}

it("two damaged databases of the same books are kept, each found by its place; a third takes that of the oldest, and all go with the books", async () => {
  const records = recordsInMemory();
  await records.write(placeRecord("books"), "open");
  // As one was noted before several were kept.
  await records.write("damaged books", "first");
  await keepAside(records, "books", "second");
  expect(await asidePlaceOf(records, "books", "first")).toBe("first");
  expect(await asidePlaceOf(records, "books", undefined)).toBe("second");
  await keepAside(records, "books", "third");
  expect([await asidePlaceOf(records, "books", "first"), await asidePlaceOf(records, "books", "second")]).toEqual([undefined, "second"]);
  expect(await records.read("databases to remove")).toEqual(["first"]);
  const removed: string[] = [];
  await removePlaces(records, "books", async (place) => removed.push(place) > 0);
  expect(removed).toEqual(["open", "second", "third"]);
});
