import { describe, expect, it } from "vitest";
import { tables } from "../tables/index.ts";
import { hashText } from "./row-hash.ts";
import { sumOfJoinedRows } from "./joined-rows.ts";
import { emptySum, rowHasher, runningSum, sumOfTotal } from "./row-sum.ts";

const row = (index: number) => ({ id: `t${index}`, workspace_id: "w", name: `Счёт ${index}`, currency: "RUB", number: null, balance_minor: -index, balance_as_of: null, archived: 0, created_at: "2026-01-01T00:00:00.000Z" });
const sumOf = (rows: readonly Readonly<Record<string, unknown>>[]) => {
  const hasher = rowHasher(tables.account);
  const sum = runningSum();
  for (const each of rows) sum.add(hasher.ofRow(each));
  return sum.value().sum;
};

describe("the sum of rows", () => {
  const rows = Array.from({ length: 500 }, (_, index) => row(index));

  it("does not depend on their order, nor on how a driver gives a boolean", () => {
    expect(sumOf(rows.toReversed())).toBe(sumOf(rows));
    expect(sumOf(rows.map((each) => ({ ...each, archived: false })))).toBe(sumOf(rows));
    expect(sumOf([])).toBe("0000000000000000");
  });

  it("changes with any one letter of any row, a row that is missing and one that is there twice", () => {
    const whole = sumOf(rows);
    for (let at = 0; at < rows.length; at += 5) {
      const changed = rows.map((each, index) => (index === at ? { ...each, name: each.name.replace("ё", "е") } : each));
      expect(sumOf(changed)).not.toBe(whole);
    }
    expect(sumOf(rows.slice(1))).not.toBe(whole);
    expect(sumOf([...rows, row(3)])).not.toBe(whole);
    expect(sumOf(rows.map((each) => ({ ...each, number: "" })))).not.toBe(whole);
  });

  it("goes back when rows go, and on from where it was", () => {
    const hasher = rowHasher(tables.account);
    const sum = runningSum({ rows: rows.length, sum: sumOf(rows) });
    for (const each of rows.slice(0, 250)) sum.remove(hasher.ofRow(each));
    expect(sum.value()).toEqual({ rows: 250, sum: sumOf(rows.slice(250)) });
    sum.addSum({ rows: 250, sum: sumOf(rows.slice(0, 250)) });
    expect(sum.value()).toEqual({ rows: 500, sum: sumOf(rows) });
    for (const each of rows) sum.remove(hasher.ofRow(each));
    expect(sum.value()).toEqual({ rows: 0, sum: "0000000000000000" });
  });

  it("is the same of texts that follow each other", () => {
    const textOf = (name: string) => new TextEncoder().encode(["t1", "w", name, "RUB", "\u0001", "-1", "\u0001", "false", "2026-01-01T00:00:00.000Z"].map((text) => `${text}\u001f`).join(""));
    const names = ["Счёт 1", "", "Счёт\u001f3"];
    const texts = names.map(textOf);
    const bytes = Uint8Array.from(texts.flatMap((text) => [...text]));
    const lengths = texts.map(({ length }) => length);
    expect(sumOfJoinedRows(bytes, lengths)).toEqual({ rows: 3, sum: sumOf(names.map((name) => ({ ...row(1), id: "t1", name }))) });
    expect(() => sumOfJoinedRows(bytes, lengths.slice(1))).toThrow(RangeError);
    expect(sumOfJoinedRows(new Uint8Array(), [])).toEqual(emptySum);
  });

  it("is what a total of signed hashes comes to", () => {
    const { high, low } = hashText("");
    const signed = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
    expect(sumOfTotal(String(signed * 3n))).toBe(((BigInt.asUintN(64, signed) * 3n) % 2n ** 64n).toString(16).padStart(16, "0"));
  });
});
