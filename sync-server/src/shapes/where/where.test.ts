import { describe, expect, it } from "vitest";
import { RequestRefused } from "../refusal.ts";
import { bindWhere } from "./bind.ts";
import { compileWhere } from "./compile.ts";
import { equalityKeys } from "./equality.ts";
import { parseWhere } from "./parse.ts";
import type { Row } from "./row.ts";
import { whereWithParameters, whereWithSettings } from "./sql.ts";
import type { BoundWhere } from "./term.ts";
import { testTable as table } from "./testing/table.ts";

function bind(where: string, params: readonly string[] = [], evaluated = true): BoundWhere {
  return bindWhere(parseWhere(where, params), table, { evaluated });
}

/** The constants of a clause without expressions over constants, which only Postgres computes. */
function textsOf(bound: BoundWhere): (string | null)[] {
  return bound.constants.map((constant) => {
    if (constant.kind === "computed") throw new Error("needs a database");
    return constant.text;
  });
}

function truth(where: string, row: Row, params: readonly string[] = []): boolean | null {
  const bound = bind(where, params);
  return compileWhere(bound, textsOf(bound), table)(row);
}

/** Why a clause is refused. */
function reason(where: string, params: readonly string[] = []): string {
  try {
    bind(where, params);
  } catch (error) {
    if (error instanceof RequestRefused && error.status === 400) return JSON.stringify(error.body["errors"]);
    throw error;
  }
  return "not refused";
}

const row: Row = ["9007199254740993", "ann", "t", "1.50", "b", "{}", null, "00000000-0000-0000-0000-000000000001", "2024-02-29 12:00:00+00", "{a,NULL,\"x y\"}", "red", "me", "0.1", "ab ", "2024-02-29"];

describe("where clauses", () => {
  it.each([
    ["id = 9007199254740993", true],
    ["id = 9007199254740992", false],
    ["id > 9007199254740992.5", true],
    ["-1 < id AND id <> 3", true],
    ["id + 1 = 9007199254740994", true],
    ["id / 0 = 1", null],
    ["id % 2 = 1 and id & 1 = 1", true],
    ["amount = 1.5", true],
    ["amount * 3 = 4.500 AND (amount * 3)::text = '4.50'", true],
    ["amount BETWEEN 1 AND 1.4999", false],
    ["amount NOT BETWEEN SYMMETRIC 2 AND 1", false],
    ["name = 'ann' AND done", true],
    ["public.t.name = 'ann' AND t.done", true],
    ["name = 'ann' AND NOT done", false],
    ["other = 'x'", null],
    ["other = 'x' OR done", true],
    ["other = 'x' AND done", null],
    ["other = 'x' AND NOT done", false],
    ["NOT (other = 'x')", null],
    ["other IS NULL", true],
    ["other IS NOT NULL", false],
    ["(other = 'x') IS TRUE", false],
    ["(other = 'x') IS UNKNOWN", true],
    ["other IS DISTINCT FROM 'x'", true],
    ["other IS NOT DISTINCT FROM NULL", true],
    ["name IN ('bob', 'ann')", true],
    ["name NOT IN ('bob', NULL)", null],
    ["name IN ('bob', NULL)", null],
    ["name = ANY('{bob,ann}')", true],
    ["'a' = ANY(tags)", true],
    ["'b' = ANY(tags)", null],
    ["tags @> '{x y,a}'", true],
    ["tags && '{b}'", false],
    ["name = NULL", null],
    ["name = other", null],
    ["name LIKE 'a%' AND name NOT LIKE '%b'", true],
    ["name LIKE 'a_n' and like(name, '%n')", true],
    ["name || code = 'annb'", true],
    ["length(name) = 3", true],
    ["coalesce(other, name) = 'ann'", true],
    ["code >= 'a'", true],
    ["name < 'b' COLLATE \"C\"", true],
    ["id::text = '9007199254740993'", true],
    ["\"Odd\" = '00000000-0000-0000-0000-000000000001'::uuid", true],
    ["at >= '2024-02-29 12:00:00+00' AND at::date = '2024-02-29'", true],
    ["at = timestamp with time zone '2024-02-29 12:00:00+00'", true],
    ["colour = 'red' AND colour::text LIKE 'r%'", true],
    ["(id, name) = (9007199254740993, 'ann')", true],
    ["(name, id) IN (('ann', 1), ('ann', 9007199254740993))", true],
    ["\"user\" = 'me'", true],
    ["c3 = 'ab'", true],
    ["CASE WHEN done THEN name = 'ann' ELSE false END", true],
    ["done = false", false],
    ["name = 'ann' -- a comment", true],
    ["name /* a /* nested */ comment */ = E'a\\u006en'", true],
  ])("evaluates %s", (where, expected) => expect(truth(where, row)).toBe(expected));

  it("takes parameters by number", () => {
    expect(truth("name = $2 AND id = $1", row, ["9007199254740993", "ann"])).toBe(true);
    expect(truth("name = $2", row, ["unused", "ann"])).toBe(true);
    expect(reason("name = $3", ["a", "b"])).toContain("parameter $3 was not provided");
    expect(bind("id = ANY($1)", ["{1,2}"]).constants).toEqual([{ kind: "text", text: "{1,2}", typeSql: "pg_catalog.int8[]" }]);
  });

  it.each([
    "", "id =", "id = 1; DROP TABLE t", "id = 1) OR (true", "id = 1 ORDER BY id", "missing = 1", "ID2 = 1", "name < 'b'", "name = 1", "id = true", "id", "u.id = 1", "other.t.id = 1", "id = name",
    "now() > '2020-01-01'", "at > current_timestamp", "at > 'now'", "day = ' TODAY'", "user = 'me'", "a b c", "1 x 1", "id < 2 < 3", "id = 1 = true", "pg_sleep(1) IS NULL", "lower(name) = 'a'", "name ILIKE 'a'",
    "name LIKE other", "colour < 'red'", "amount = f", "id::\"bad; type\" = 1", "id IS NULL UNION SELECT 1", "id = 1 --\n; select 1", "name = 'a' 'b'", "name = U&'a'", "id = 0x10", "id = 1_000", "id = 5x",
    "count(*) = 1", "sum(id) OVER () = 1", "name COLLATE \"en_US\" = 'a'", "extra @> '{}'", "extra ->> 'a' = 'b'", "id = $1::regclass", "tags[1] = 'a'", "name SIMILAR TO 'a'", "name ~ 'a'", "(id, name) = (1)",
    "id OPERATOR(pg_catalog.=) 1", "\"\" = 1", "name = 'a", "/* id = 1", "name = $$a$$", "id = 1.5.5", "ROW() = ROW()", "tags = ARRAY[]", "at AT TIME ZONE 'Europe/Berlin' > '2020-01-01'", "name = 'a\0'",
  ])("refuses %j", (where) => expect(() => bind(where)).toThrow(RequestRefused));

  it.each(["id IN (SELECT 1)", "EXISTS (SELECT 1)", "id = (SELECT 1)", "id = ANY (SELECT 1)", "id = ANY(ARRAY(SELECT 1))", "id IN (WITH a AS (SELECT 1) TABLE a)", "(VALUES (1)) = id", "length((SELECT 'a')) = 1"])(
    "refuses the subquery in %s", (where) => expect(reason(where)).toContain("Subqueries are not supported in where clauses"),
  );

  it("refuses what is too deep or too long, at once", () => {
    expect(reason(`${"(".repeat(1_000)}done${")".repeat(1_000)}`)).toContain("nested too deeply");
    expect(reason(`${"NOT ".repeat(1_000)}done`)).toContain("nested too deeply");
    expect(reason(`id = ${"1 + ".repeat(1_000)}1`)).toContain("nested too deeply");
    expect(reason(`id = ${"1 || ".repeat(5_000_000)}1`)).toContain("is too long");
    expect(truth(Array.from({ length: 3_000 }, (_, n) => `id = ${n}`).join(" OR "), row)).toBe(false);
  });

  it("leaves to Postgres what only Postgres can evaluate, when nothing else has to", () => {
    for (const where of ["name < 'b'", "lower(name) = 'a'", "name ILIKE 'a%'", "colour < 'red'", "name LIKE other", "extra @> '{}'", "extra = '{}'", "amount = f", "name COLLATE \"und-x-icu\" < 'b'"]) {
      expect(bind(where, [], false).evaluated, where).toBe(false);
    }
  });

  it("finds the equalities to look shapes up by", () => {
    const keys = (where: string): unknown => {
      const bound = bind(where, ["p"]);
      return equalityKeys(bound, textsOf(bound), table);
    };
    expect(keys("name = $1 AND id > 3")).toEqual([{ index: 1, values: ["p"] }]);
    expect(keys("id > 3 AND (done AND 7 = id)")).toEqual([{ index: 0, values: ["7"] }]);
    expect(keys("id IN (1, 007, NULL)")).toEqual([{ index: 0, values: ["1", "7"] }]);
    expect(keys("id = ANY('{3,4}')")).toEqual([{ index: 0, values: ["3", "4"] }]);
    expect(keys("id = 1.0")).toEqual([{ index: 0, values: ["1"] }]);
    expect(keys("id = 1.5")).toEqual([{ index: 0, values: [] }]);
    expect(keys("name = NULL")).toEqual([{ index: 1, values: [] }]);
    expect(keys("c3 = 'a '")).toEqual([{ index: 13, values: ["a  "] }]);
    expect(keys("name = 'a' OR name = 'b' OR id = 3")).toEqual([{ index: 1, values: ["a", "b"] }, { index: 0, values: ["3"] }]);
    expect(keys("done = true AND name IN ('a', 'b') AND id IN (1, 2, 3, 4, 5)")).toEqual([{ index: 1, values: ["a", "b"] }]);
    expect(keys("amount = 1.5")).toBeUndefined();
    expect(keys("name = 'a' OR amount = 1")).toBeUndefined();
    expect(keys("NOT name = 'a'")).toBeUndefined();
  });

  it("writes no value into SQL text", () => {
    const bound = bind("name = $1 AND NOT done AND other <> NULL", ["'; DROP TABLE t; --\\"]);
    const texts = textsOf(bound);
    const nulls = 'NULL::pg_catalog.text';
    expect(whereWithParameters(bound, table, texts, 3)).toEqual({ text: `(("name" = $3::text::pg_catalog.text) AND (NOT "done") AND ("other" <> ${nulls}))`, values: ["'; DROP TABLE t; --\\"] });
    expect(whereWithSettings(bound, table, texts).text).toBe(`(("name" = current_setting('shapes.p1')::pg_catalog.text) AND (NOT "done") AND ("other" <> ${nulls}))`);
  });
});
