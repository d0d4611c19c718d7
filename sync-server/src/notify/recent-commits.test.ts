import { expect, it } from "vitest";
import { createRecentCommits } from "./recent-commits.ts";

const commit = (prevLsn: bigint, lsn: bigint, ...touched: string[]) => ({ prevLsn, lsn, touched });
const names = (set: ReadonlySet<string> | null) => (set === null ? null : [...set].toSorted());

it("tells what changed after an LSN it remembers", () => {
  const recent = createRecentCommits();
  recent.add(commit(10n, 20n, "a"));
  recent.add(commit(20n, 30n, "b", "c"));
  expect(names(recent.touchedSince(15n, 30n))).toEqual(["a", "b", "c"]);
  expect(names(recent.touchedSince(20n, 30n))).toEqual(["b", "c"]);
  expect(names(recent.touchedSince(30n, 30n))).toEqual([]);
});

it("does not know what is older, newer or on the other side of a gap", () => {
  const recent = createRecentCommits();
  expect(recent.touchedSince(9n, 10n)).toBeNull();
  recent.add(commit(10n, 20n, "a"));
  expect(recent.touchedSince(9n, 20n)).toBeNull();
  expect(recent.touchedSince(21n, 20n)).toBeNull();
  recent.add(commit(25n, 30n, "b"));
  expect(recent.touchedSince(10n, 30n)).toBeNull();
  expect(names(recent.touchedSince(26n, 30n))).toEqual(["b"]);
});

it("does not know what began anew at the LSN it begins with, before it listened", () => {
  const recent = createRecentCommits();
  expect(recent.touchedSince(10n, 10n)).toBeNull();
  recent.add(commit(10n, 20n, "a"));
  expect(recent.touchedSince(10n, 20n)).toBeNull();
});

it("tells a rotation at the very LSN again", () => {
  const recent = createRecentCommits();
  recent.add(commit(10n, 20n, "a"));
  recent.add(commit(20n, 20n, "b"));
  expect(names(recent.touchedSince(20n, 20n))).toEqual(["b"]);
});

it("forgets the oldest", () => {
  const recent = createRecentCommits(4);
  for (let lsn = 1n; lsn <= 20n; lsn++) recent.add(commit(lsn, lsn + 1n, `s${lsn}`));
  expect(recent.touchedSince(1n, 21n)).toBeNull();
  expect(names(recent.touchedSince(20n, 21n))).toEqual(["s20"]);
  expect(recent.touchedSince(18n, 21n)?.size).toBe(3);
});

it("does not know what a commit that may have changed anything changed, and goes on after it", () => {
  const recent = createRecentCommits();
  recent.add(commit(10n, 20n, "a"));
  recent.add({ prevLsn: 20n, lsn: 30n, touched: "all" });
  recent.add(commit(30n, 40n, "b"));
  expect(recent.touchedSince(20n, 40n)).toBeNull();
  expect(recent.touchedSince(29n, 40n)).toBeNull();
  expect(names(recent.touchedSince(30n, 40n))).toEqual(["b"]);
  // A gap is told at the LSN the chain goes on from: who was told that LSN may have been so before.
  recent.add({ prevLsn: 50n, lsn: 50n, touched: "all" });
  recent.add(commit(50n, 60n, "c"));
  expect(recent.touchedSince(50n, 60n)).toBeNull();
  expect(names(recent.touchedSince(55n, 60n))).toEqual(["c"]);
});
