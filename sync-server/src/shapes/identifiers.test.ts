import { expect, it } from "vitest";
import { normalisePath } from "./http/app.ts";
import { parseColumnList, parseTableName, quoteTable } from "./identifiers.ts";

it("reads table names as SQL does", () => {
  expect(parseTableName("Items")).toEqual({ schema: "public", name: "items" });
  expect(parseTableName('"S"."a.b""c"')).toEqual({ schema: "S", name: 'a.b"c' });
  expect(quoteTable({ schema: "S", name: 'a"b' })).toBe('"S"."a""b"');
  for (const text of ["", ".", "a.", ".a", "a.b.c", '"a', "a b", "a;b", '""', "1a"]) expect(parseTableName(text)).toBeUndefined();
});

it("reads column lists with quoted commas", () => {
  expect(parseColumnList('"id","has,comma","has""quote", Plain')).toEqual(["id", "has,comma", 'has"quote', "plain"]);
  for (const text of ["", ",", "a,", ",a", "a,,b"]) expect(parseColumnList(text)).toBeUndefined();
});

it("matches paths as they will be used", () => {
  for (const path of ["/v1/shape", "/v1//shape", "//v1/shape/", "/v1/%73hape", "/%76%31/shape"]) expect(normalisePath(path)).toBe("/v1/shape");
  expect(normalisePath("/%zz")).toBeUndefined();
});
