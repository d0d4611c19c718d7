import { expect, it } from "vitest";
import { chooseEvictions, type EvictionCandidate } from "./eviction.ts";

const unlimited = { storageBytesMax: Infinity, unusedMsMax: Infinity };
const shape = (lastUsedMs: number, storedBytes: number, watched = false): EvictionCandidate => ({ lastUsedMs, storedBytes, watched });

it("keeps everything without limits", () => {
  expect(chooseEvictions([shape(0, 1e12), shape(5, 1e12)], unlimited, 1e15).size).toBe(0);
});

it("drops what nobody asked for in time, but not under a live reader", () => {
  const [old, read, young] = [shape(0, 10), shape(0, 10, true), shape(90, 10)];
  expect([...chooseEvictions([old, read, young], { ...unlimited, unusedMsMax: 50 }, 100)]).toEqual([[old, "evicted: unused"]]);
});

it("drops the least recently used until the rest fits", () => {
  const shapes = [shape(1, 40), shape(2, 40), shape(3, 40), shape(4, 40)];
  expect([...chooseEvictions(shapes, { ...unlimited, storageBytesMax: 100 }, 10).keys()]).toEqual(shapes.slice(0, 2));
});

it("drops a watched shape only when all others are gone, and never the last one for its size", () => {
  const [watched, idle, newest] = [shape(1, 60, true), shape(2, 60), shape(3, 500)];
  expect([...chooseEvictions([watched, idle, newest], { ...unlimited, storageBytesMax: 560 }, 10).keys()]).toEqual([idle]);
  expect([...chooseEvictions([watched, idle, newest], { ...unlimited, storageBytesMax: 100 }, 10).keys()]).toEqual([idle, watched]);
});

it("counts what is dropped for its age as gone", () => {
  const [old, young] = [shape(0, 90), shape(90, 90)];
  expect([...chooseEvictions([old, young], { storageBytesMax: 100, unusedMsMax: 50 }, 100).values()]).toEqual(["evicted: unused"]);
});
