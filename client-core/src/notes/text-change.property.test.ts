import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChange, changeBetween, positionAfter } from "./text-change.ts";

const text = fc.array(fc.constantFrom("a", "a", "b", "ж", "😀", "😁", "\n"), { maxLength: 12 }).map((parts) => parts.join(""));
const isWhole = (part: string) => part.isWellFormed();

describe("the change between two texts", () => {
  it("leads from one to the other and never cuts a character", () => {
    fc.assert(
      fc.property(text, text, fc.nat(24), (before, after, caret) => {
        const change = changeBetween(before, after, Math.min(caret, after.length));
        expect(change === null).toBe(after === before);
        if (change === null) return;
        expect(applyChange(before, change)).toBe(after);
        expect([change.insert, before.slice(0, change.at), before.slice(change.at, change.at + change.remove)].every(isWhole)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is where the cursor was, also in a run of one letter", () => {
    expect(changeBetween("aaa", "aaaa", 2)).toEqual({ at: 1, remove: 0, insert: "a" });
    expect(changeBetween("aaa", "aaaa", 4)).toEqual({ at: 3, remove: 0, insert: "a" });
    expect(changeBetween("aaaa", "aaa", 1)).toEqual({ at: 1, remove: 1, insert: "" });
  });

  it("replaces a character of two halves whole", () => {
    expect(changeBetween("x😀y", "x😁y")).toEqual({ at: 1, remove: 2, insert: "😁" });
  });
});

describe("a cursor", () => {
  it("stays at its letter when others write before it, and before what is written at it", () => {
    expect(positionAfter(5, [{ at: 2, remove: 0, insert: "abc" }])).toBe(8);
    expect(positionAfter(5, [{ at: 5, remove: 0, insert: "abc" }])).toBe(5);
    expect(positionAfter(5, [{ at: 3, remove: 4, insert: "" }])).toBe(3);
    expect(positionAfter(5, [{ at: 0, remove: 2, insert: "" }, { at: 0, remove: 0, insert: "x" }])).toBe(4);
  });
});
