import { describe, expect, it } from "vitest";
import type { Column, Table } from "../catalog/table.ts";
import { RequestRefused } from "../refusal.ts";
import { bindWhere } from "./bind.ts";
import { compareDecimals, compareInstants } from "./compare.ts";
import { compileWhere, equalityKey, type Row } from "./compile.ts";
import { parseWhere } from "./parse.ts";
import { whereWithParameters, whereWithSettings } from "./sql.ts";

const column = (name: string, typeName: string, more: Partial<Column> = {}): Column => ({
  name, typeName, typeOid: 1, typeMod: -1, typeSql: `pg_catalog.${typeName}`, typeKind: "base", domain: null, dims: 0, notNull: false, pkIndex: -1, collationDeterministic: true, collationBytewise: false, ...more,
});

const table: Table = {
  oid: 1,
  unpublished: [],
  partitioned: false,
  relations: [1],
  publicationEntries: [],
  schema: "public",
  name: "t",
  columns: [column("id", "int8"), column("name", "text"), column("done", "bool"), column("amount", "numeric"), column("code", "text", { collationBytewise: true }), column("extra", "jsonb"), column("other", "text"), column("Odd", "uuid")],
};

function bind(where: string, params: readonly string[] = []) {
  const bound = bindWhere(parseWhere(where, params), table);
  return { bound, texts: bound.constants.map(({ text }) => text) };
}

function truth(where: string, row: Row, params: readonly string[] = []): boolean | null {
  const { bound, texts } = bind(where, params);
  return compileWhere(bound, texts)(row);
}

const row: Row = ["9007199254740993", "ann", "t", "1.50", "b", "{}", null, "00000000-0000-0000-0000-000000000001"];

describe("where clauses", () => {
  it.each([
    ["id = 9007199254740993", true],
    ["id = 9007199254740992", false],
    ["id > 9007199254740992.5", true],
    ["-1 < id AND id <> 3", true],
    ["amount = 1.5", true],
    ["amount BETWEEN 1 AND 1.4999", false],
    ["amount NOT BETWEEN 1 AND 1.4999", true],
    ["name = 'ann' AND done", true],
    ["name = 'ann' AND NOT done", false],
    ["other = 'x'", null],
    ["other = 'x' OR done", true],
    ["other = 'x' AND done", null],
    ["other = 'x' AND NOT done", false],
    ["NOT (other = 'x')", null],
    ["other IS NULL", true],
    ["other IS NOT NULL", false],
    ["(other = 'x') IS TRUE", false],
    ["(other = 'x') IS NOT TRUE", true],
    ["name IN ('bob', 'ann')", true],
    ["name NOT IN ('bob', NULL)", null],
    ["name IN ('bob', NULL)", null],
    ["name IN ('ann')", true],
    ["name = NULL", null],
    ["name = other", null],
    ["code >= 'a'", true],
    ["id::text = '9007199254740993'", true],
    ["\"Odd\" = '00000000-0000-0000-0000-000000000001'::uuid", true],
    ["true", true],
    ["done = false", false],
  ])("evaluates %s", (where, expected) => expect(truth(where, row)).toBe(expected));

  it("takes parameters by number", () => {
    expect(truth("name = $2 AND id = $1", row, ["9007199254740993", "ann"])).toBe(true);
  });

  it.each([
    "", "id =", "id = 1; DROP TABLE t", "id = 1) OR (true", "id = 1 ORDER BY id", "missing = 1", "ID2 = 1", "lower(name) = 'a'", "name LIKE 'a%'", "name < 'b'", "name = 1", "id = true",
    "extra = '{}'", "id IN (SELECT 1)", "id + 1 = 2", "id", "'t'", "$1 = name", "t.id = 1", "(id, name) = (1, 'a')", "id = id + 1", "1 = 1", "name = other COLLATE \"C\"", "id = ANY('{1}')", "exists (select 1)",
    "id = name", "now() > '2020-01-01'", "CASE WHEN done THEN true END", "done::int = 1",
  ])("refuses %s", (where) => expect(() => bind(where)).toThrow(RequestRefused));

  it("finds the equality to look shapes up by", () => {
    const key = (where: string): unknown => {
      const { bound, texts } = bind(where, ["p"]);
      return equalityKey(bound, texts, table);
    };
    expect(key("name = $1 AND id > 3")).toEqual({ index: 1, values: ["p"] });
    expect(key("id > 3 AND (done AND 7 = id)")).toEqual({ index: 0, values: ["7"] });
    expect(key("id IN (1, 007, NULL)")).toEqual({ index: 0, values: ["1", "7"] });
    expect(key("name = NULL")).toEqual({ index: 1, values: [] });
    expect(key("amount = 1.5")).toBeUndefined();
    expect(key("name = 'a' OR name = 'b'")).toBeUndefined();
    expect(key("NOT name = 'a'")).toBeUndefined();
  });

  it("writes no value into SQL text", () => {
    const { bound, texts } = bind("name = $1 AND NOT done AND other <> NULL", ["'; DROP TABLE t; --\\"]);
    expect(whereWithParameters(bound, table, texts, 3)).toEqual({ text: `((("name" = $3::text::text) AND (NOT "done")) AND ("other" != NULL::text))`, values: ["'; DROP TABLE t; --\\"] });
    expect(whereWithSettings(bound, table, texts).text).toBe(`((("name" = current_setting('shapes.p1')::text) AND (NOT "done")) AND ("other" != NULL::text))`);
  });
});

describe("comparisons", () => {
  it("orders decimals of any length", () => {
    const sorted = ["-Infinity", "-100000000000000000000.5", "-2", "-1.10", "-1.09", "0", "0.000000000000000000001", "1", "1.5", "9", "10", "99999999999999999999", "Infinity", "NaN"];
    expect(sorted.toReversed().toSorted(compareDecimals)).toEqual(sorted);
    expect(compareDecimals("1.50", "1.5")).toBe(0);
    expect(compareDecimals("-0.0", "0")).toBe(0);
  });

  it("orders instants with years BC and beyond 9999", () => {
    const sorted = ["-infinity", "4713-01-01 BC", "0001-02-03 BC", "0001-01-01", "2024-01-01 00:00:00", "2024-01-01 00:00:00.5", "2024-01-01 00:00:01", "10000-01-01", "infinity"];
    expect(sorted.toReversed().toSorted(compareInstants)).toEqual(sorted);
  });
});
