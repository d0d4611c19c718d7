import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateMinor, formatMinorDecimal, minor, minorFromDatabase, parseDecimalMinor, sumMinor } from "./money.ts";

describe("minor units", () => {
  it("refuses anything that is not a safe integer", () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) expect(() => minor(value)).toThrow(RangeError);
  });

  it("has one zero", () => {
    expect(Object.is(minor(-0), 0)).toBe(true);
  });

  it("sums exactly and refuses to leave the safe range", () => {
    expect(sumMinor([minor(10), minor(-3)])).toBe(7);
    expect(() => sumMinor([minor(Number.MAX_SAFE_INTEGER), minor(1)])).toThrow(RangeError);
  });

  it("reads sums as each driver gives them", () => {
    expect([minorFromDatabase(12), minorFromDatabase(12n), minorFromDatabase("12"), minorFromDatabase(null)]).toEqual([12, 12, 12, 0]);
    expect(() => minorFromDatabase("12.5")).toThrow(RangeError);
    expect(() => minorFromDatabase("9007199254740993")).toThrow(RangeError);
  });
});

describe("decimal text", () => {
  it.each([
    ["0.1", "USD", 10],
    ["-0.01", "RUB", -1],
    ["1234", "JPY", 1234],
    ["1.2345", "KWD", 1235],
    ["-1.005", "USD", -101],
    [".5", "USD", 50],
    ["7.", "USD", 700],
  ] as const)("reads %s %s as %d minor units", (text, currency, expected) => {
    expect(parseDecimalMinor(text, currency)).toBe(expected);
  });

  it.each(["", ".", "1,2", "1e3", "abc", "--1", "99999999999999999"])("refuses %j", (text) => {
    expect(parseDecimalMinor(text, "USD")).toBeUndefined();
  });

  it("writes what it reads, in every currency", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom("USD", "JPY", "KWD", "CLF"), (value, currency) => {
        const amount = minor(value);
        expect(parseDecimalMinor(formatMinorDecimal(amount, currency), currency)).toBe(amount);
      }),
    );
  });
});

describe("allocation", () => {
  it("adds up to the whole and stays within one unit of each exact share", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), (value, weights) => {
        const shares = allocateMinor(minor(value), weights);
        expect(sumMinor(shares)).toBe(minor(value));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        shares.forEach((share, index) => {
          const exact = total === 0 ? value / weights.length : (value * (weights[index] ?? 0)) / total;
          expect(Math.abs(share - exact)).toBeLessThanOrEqual(1 + 1e-6);
        });
      }),
    );
  });
});
