import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchRows, type Coverage } from "./match-rows.ts";
import { RowKeys, textHash } from "./row-keys.ts";

interface Plain {
  readonly day: number;
  readonly amountMinor: number;
  readonly text: string;
  readonly bankId?: string;
  readonly account?: number;
  readonly source?: number;
}

function keysOf(rows: readonly Plain[]): RowKeys {
  const keys = new RowKeys();
  for (const { day, amountMinor, text, bankId, account = 0, source = 0 } of rows) keys.add(account, source, day, amountMinor, textHash(text), bankId === undefined ? 0 : textHash(bankId));
  return keys;
}

function coverageOf(rows: readonly Plain[]): Coverage | undefined {
  const days = rows.map(({ day }) => day);
  return days.length === 0 ? undefined : { first: Math.min(...days), last: Math.max(...days) };
}

function match(file: readonly Plain[], books: readonly Plain[]) {
  const { twins, near } = matchRows(keysOf(file), keysOf(books), () => coverageOf(books), () => coverageOf(file));
  return { twins: [...twins], near: near.map(({ row, twin, daysApart, isSameText }) => ({ row, twin, daysApart, isSameText })) };
}

const coffee = { day: 100, amountMinor: -35_000, text: "кофе" };

describe("rows of a file and rows of the books", () => {
  it("match one to one: two coffees on one day are two", () => {
    expect(match([coffee, coffee], [coffee]).twins).toEqual([0, -1]);
    expect(match([coffee, coffee], [coffee, coffee]).twins).toEqual([0, 1]);
    expect(match([coffee], [coffee, coffee]).twins).toEqual([0]);
  });

  it("are told apart by account, amount, day and text", () => {
    for (const other of [{ ...coffee, account: 1 }, { ...coffee, amountMinor: 35_000 }, { ...coffee, day: 101 }, { ...coffee, text: "чай" }]) expect(match([other], [coffee]).twins).toEqual([-1]);
  });

  it("match by the bank's id although day and text changed, before any match by text", () => {
    const booked = { ...coffee, day: 103, text: "кофе, проведено", bankId: "A17" };
    expect(match([booked], [{ ...coffee, bankId: "A17" }]).twins).toEqual([0]);
    const equals = [{ ...coffee, bankId: "A1" }, { ...coffee, bankId: "A2" }];
    expect(match([equals[1] ?? coffee, equals[0] ?? coffee], equals).twins).toEqual([1, 0]);
  });

  it("match by text although the bank made new ids, and an id that repeats tells nothing", () => {
    expect(match([{ ...coffee, bankId: "B1" }], [{ ...coffee, bankId: "A1" }]).twins).toEqual([0]);
    const standing = (day: number, text: string) => ({ day, amountMinor: -100, text, bankId: "X1" });
    expect(match([standing(1, "a"), standing(3, "b")], [standing(2, "c")]).twins).toEqual([-1, -1]);
  });

  it("are near when one statement has on another day what the other speaks for", () => {
    const moved = [{ day: 98, amountMinor: 1, text: "x" }, { ...coffee, day: 102 }, { day: 110, amountMinor: 2, text: "y" }];
    const before = [{ day: 98, amountMinor: 1, text: "x" }, coffee, { day: 110, amountMinor: 2, text: "y" }];
    expect(match(moved, before)).toEqual({ twins: [0, -1, 2], near: [{ row: 1, twin: 1, daysApart: 2, isSameText: true }] });
  });

  it("are not near across the border of two statements, where a daily payment goes on", () => {
    const daily = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => ({ day: from + index, amountMinor: -3_000, text: "комиссия" }));
    expect(match(daily(16, 30), daily(1, 15)).near).toEqual([]);
    expect(match(daily(10, 30), daily(1, 15))).toMatchObject({ near: [] });
    expect(match(daily(10, 30).toReversed(), daily(1, 15)).twins.filter((twin) => twin >= 0)).toHaveLength(6);
  });

  it("match as many as a plain count of equal rows says, whatever their order", () => {
    const row = fc.record({ day: fc.integer({ min: 1, max: 4 }), amountMinor: fc.constantFrom(-100, 100, 2 ** 40), text: fc.constantFrom("a", "b"), account: fc.constantFrom(0, 1) });
    const keyOf = ({ day, amountMinor, text, account }: Plain) => `${account} ${day} ${amountMinor} ${text}`;
    const counted = (rows: readonly Plain[]) => {
      const counts = new Map<string, number>();
      for (const one of rows) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
      return counts;
    };
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.array(row, { maxLength: 60 }), (file, books) => {
        const { twins } = match(file, books);
        const inBooks = counted(books);
        const expected = [...counted(file)].reduce((sum, [key, count]) => sum + Math.min(count, inBooks.get(key) ?? 0), 0);
        const used = twins.filter((twin) => twin >= 0);
        expect(used).toHaveLength(expected);
        expect(new Set(used).size).toBe(expected);
        for (const [index, twin] of twins.entries()) if (twin >= 0) expect(keyOf(books[twin] ?? coffee)).toBe(keyOf(file[index] ?? coffee));
      }),
    );
  });
});
