import { expect, it } from "vitest";
import { normalisePath } from "./http/path.ts";
import { parseColumnList, parseTableName, quoteTable } from "./identifiers.ts";

it("reads table names as SQL does, and says why it cannot", () => {
  const value = (text: string): unknown => {
    const parsed = parseTableName(text);
    return parsed.ok ? parsed.value : parsed.reason;
  };
  expect(value("Items")).toEqual({ schema: "public", name: "items" });
  expect(value('"S"."a.b""c"')).toEqual({ schema: "S", name: 'a.b"c' });
  expect(value("Ärger")).toEqual({ schema: "public", name: "Ärger" });
  expect(quoteTable({ schema: "S", name: 'a"b' })).toBe('"S"."a""b"');
  for (const text of ["", ".", "a.", ".a", '""']) expect(value(text)).toBe("Invalid zero-length delimited identifier");
  for (const text of ['"a', "a b", "a;b", "1a", "foob@r"]) expect(value(text)).toBe(`Invalid unquoted identifier contains special characters: ${text}`);
  expect(value("a.b.c")).toBe("Invalid relation identifier, too many delimiters: a.b.c");
  expect(value('"Foo"Bar"')).toBe('Invalid identifier with unescaped quote: Foo"Bar');
  expect(value("a".repeat(64))).toBe("Identifier is too long (max length is 63)");
});

it("reads column lists with quoted commas", () => {
  expect(parseColumnList('"id","has,comma","has""quote",Plain')).toEqual({ ok: true, value: ["id", "has,comma", 'has"quote', "plain"] });
  for (const text of ["", ",", "a,", ",a", "a,,b"]) expect(parseColumnList(text)).toEqual({ ok: false, reason: "Invalid zero-length delimited identifier" });
});

it("matches paths as they will be used", () => {
  for (const path of ["/v1/shape", "/v1//shape", "//v1/shape/", "/v1/%73hape", "/%76%31/shape"]) expect(normalisePath(path)).toBe("/v1/shape");
  for (const path of ["/v1%2Fshape", "/v1/shape%2Ft", "/v1/%2573hape", "/v1/shapes", "/V1/shape"]) expect(normalisePath(path)).not.toBe("/v1/shape");
  expect(normalisePath("/")).toBe("/");
  expect(normalisePath("/%zz")).toBeUndefined();
});
