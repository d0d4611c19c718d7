import { describe, expect, it } from "vitest";
import { tables } from "../tables/index.ts";
import { canonicalText, decodeRecord, fromStored, tableCodec, toBound, type LogicalValue } from "./codec.ts";
import { rowSchema } from "./rows.ts";

describe("one value in three forms", () => {
  it.each([
    ["boolean", true, [1, true, "t", "true"], "t"],
    ["boolean", false, [0, false, "f", "false"], "f"],
    ["money", -5, [-5, -5n, "-5"], "-5"],
    ["real", 0.1, [0.1, "0.1"], "0.1"],
    ["json", { б: 1, а: [true, null] }, ['{"б":1,"а":[true,null]}'], '{"а":[true,null],"б":1}'],
    ["bytes", Uint8Array.of(0, 255), [Uint8Array.of(0, 255), "\\x00ff"], "00ff"],
    ["text", "Ёлка", ["Ёлка"], "Ёлка"],
  ] as const)("reads %s from every driver and the wire", (type, value: LogicalValue, stored, canonical) => {
    for (const form of stored) expect(fromStored(type, form)).toEqual(value);
    expect(canonicalText(type, value)).toBe(canonical);
  });

  it("refuses what is not of the type", () => {
    expect(() => fromStored("money", "12.5")).toThrow(TypeError);
    expect(() => fromStored("integer", "9007199254740993")).toThrow(TypeError);
    expect(() => fromStored("bytes", "ff")).toThrow(TypeError);
    expect(() => fromStored("json", "{")).toThrow(SyntaxError);
  });

  it("binds booleans and JSON for each dialect", () => {
    expect([toBound("boolean", true, "sqlite"), toBound("boolean", true, "postgres"), toBound("json", { b: 1, a: 2 }, "sqlite")]).toEqual([1, true, '{"a":2,"b":1}']);
  });
});

describe("records", () => {
  const codec = tableCodec(tables.account);

  it("change names and drop columns of a newer version", () => {
    expect(decodeRecord(codec, { id: "a", balance_minor: "100", unheard_of: "x" })).toEqual({ id: "a", balanceMinor: 100 });
  });

  it("are rows only when whole and of the right types", () => {
    const row = { id: "a", workspaceId: "w", name: "Касса", currency: "RUB", number: null, balanceMinor: 1, balanceAsOf: null, archived: false, createdAt: "2026-11-23T00:00:00.000Z" };
    expect(rowSchema("account").parse(row)).toEqual(row);
    expect(rowSchema("account").safeParse({ ...row, name: null }).error?.issues[0]?.message).toBe("not a row of account: name");
    expect(rowSchema("account").safeParse({ ...row, surplus: 1 }).success).toBe(false);
  });
});
