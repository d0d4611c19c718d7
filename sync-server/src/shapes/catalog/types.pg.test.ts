import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

/** A column type, what the schema header says of it, and two values. */
interface TypeCase {
  readonly type: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly values: readonly [string, string];
}

const of = (type: string, header: string | Readonly<Record<string, unknown>>, ...values: [string, string]): TypeCase => ({ type, header: typeof header === "string" ? { type: header } : header, values });

const cases: readonly TypeCase[] = [
  of("int2", "int2", "-32768", "32767"),
  of("int4", "int4", "-2147483648", "2147483647"),
  of("int8", "int8", "-9223372036854775808", "9007199254740993"),
  of("numeric", "numeric", "123456789012345678901234567890.000100", "NaN"),
  of("numeric(5,3)", { type: "numeric", precision: 5, scale: 3 }, "1.5", "-99.999"),
  of("numeric(5)", { type: "numeric", precision: 5, scale: 0 }, "7", "99999"),
  of("numeric(3,-2)", { type: "numeric", precision: 3, scale: -2 }, "12345", "-100"),
  of("float4", "float4", "0.1", "3.4028235e38"),
  of("float8", "float8", "0.1", "-Infinity"),
  of("money", "money", "12.34", "-0.99"),
  of("bool", "bool", "true", "false"),
  of("text", "text", "", "quote \" backslash \\ / newline \n tab \t nul-like \\0 emoji \u{1f600} \u2028"),
  of("varchar", "varchar", "a", "b"),
  of("varchar(123)", { type: "varchar", max_length: 123 }, "a", "я"),
  of("char(9)", { type: "bpchar", length: 9 }, "ab", "   "),
  of("bpchar", "bpchar", "ab  ", "c"),
  of("name", "name", "some", "other"),
  of('"char"', "char", "x", "y"),
  of("bytea", "bytea", "\\x00ff10", "\\x"),
  of("bit(5)", { type: "bit", length: 5 }, "10101", "00000"),
  of("bit varying(5)", { type: "varbit", length: 5 }, "1", ""),
  of("varbit", "varbit", "101", "1"),
  of("date", "date", "2024-02-29", "0044-03-15 BC"),
  of("time", "time", "23:59:59.123456", "24:00"),
  of("time(3)", { type: "time", precision: 3 }, "12:00:00.1239", "00:00"),
  of("timetz", "timetz", "12:00+05:30", "23:59:59.9-12"),
  of("timetz(0)", { type: "timetz", precision: 0 }, "12:00+00", "13:30+01"),
  of("timestamp", "timestamp", "2024-02-29 12:34:56.789", "infinity"),
  of("timestamp(3)", { type: "timestamp", precision: 3 }, "2024-02-29 12:34:56.7894", "1999-12-31"),
  of("timestamptz", "timestamptz", "2024-02-29 12:34:56+03", "-infinity"),
  of("timestamptz(6)", { type: "timestamptz", precision: 6 }, "0044-03-15 12:00 BC", "294276-12-31"),
  of("interval", "interval", "1 year 2 mons -3 days 04:05:06.7", "-00:00:01"),
  of("interval(4)", { type: "interval", precision: 4 }, "1.23456 seconds", "1 day"),
  of("interval year to month", { type: "interval", fields: "YEAR TO MONTH" }, "1 year 1 month", "3 years"),
  of("interval second(2)", { type: "interval", precision: 2, fields: "SECOND" }, "1.239 seconds", "59 seconds"),
  of("interval day to second", { type: "interval", fields: "DAY TO SECOND" }, "1 day 2 hours", "0"),
  of("uuid", "uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "00000000-0000-0000-0000-000000000001"),
  of("json", "json", '{ "b" : 1,  "b":2, "u":"\\u00e9" }', "null"),
  of("jsonb", "jsonb", '{"b":1.50,"a":[null,true,"\\u0001"]}', '"x"'),
  of("jsonpath", "jsonpath", "$.a[*] ? (@ > 1)", "$"),
  of("xml", "xml", "<a b='1'>t</a>", "<x/>"),
  of("inet", "inet", "192.168.0.1", "10.0.0.0/8"),
  of("cidr", "cidr", "10.1.0.0/16", "::1/128"),
  of("macaddr", "macaddr", "08:00:2b:01:02:03", "00-00-00-00-00-01"),
  of("macaddr8", "macaddr8", "08:00:2b:01:02:03:04:05", "00:00:00:00:00:00:00:01"),
  of("point", "point", "(1.5,2)", "(0,-0.1)"),
  of("box", "box", "(1,1),(0,0)", "(3,4),(1,2)"),
  of("path", "path", "[(0,0),(1,1)]", "((0,0),(1,1))"),
  of("circle", "circle", "<(0,0),1>", "<(1,2),0.5>"),
  of("tsvector", "tsvector", "a:1 b:2A", "'x y'"),
  of("tsquery", "tsquery", "a & !b", "c"),
  of("int4range", "int4range", "[1,5]", "empty"),
  of("tstzrange", "tstzrange", "[2024-01-01 00:00+03,)", "(,)"),
  of("int8multirange", "int8multirange", "{[1,3),[7,9]}", "{}"),
  of("pg_lsn", "pg_lsn", "FFFFFFFF/FFFFFFFF", "0/1"),
  of("xid8", "xid8", "18446744073709551615", "1"),
  of("oid", "oid", "4294967295", "1"),
  of("regtype", "regtype", "int4", "text"),
  of("int2vector", "int2vector", "1 2 3", ""),
  of("int4[]", { type: "int4", dims: 1 }, "{1,NULL,3}", "{}"),
  of("int8[][]", { type: "int8", dims: 2 }, "{{1,2},{3,4}}", "[0:1]={5,6}"),
  of("text[]", { type: "text", dims: 1 }, '{"a,b","quote\\"","",NULL,"NULL"," sp "}', '{"{}"}'),
  of("bool[]", { type: "bool", dims: 1 }, "{t,f,NULL}", "{t}"),
  of("varchar(7)[][]", { type: "varchar", dims: 2, max_length: 7 }, "{{a},{b}}", "{}"),
  of("numeric(5,1)[]", { type: "numeric", dims: 1, precision: 5, scale: 1 }, "{1.23,-9}", "{NaN}"),
  of("timestamptz[]", { type: "timestamptz", dims: 1 }, '{"2024-01-01 00:00+03"}', "{infinity}"),
  of("jsonb[]", { type: "jsonb", dims: 1 }, '{"{\\"a\\":1}"}', "{null}"),
  of("bytea[]", { type: "bytea", dims: 1 }, '{"\\\\x00ff"}', "{}"),
  of("mood", "mood", "sad", 'it\'s "fine"'),
  of("mood[]", { type: "mood", dims: 1 }, "{sad,ok}", '{"it\'s \\"fine\\""}'),
  of("posint", "posint", "1", "2147483647"),
  of("posint[]", { type: "posint", dims: 1 }, "{1,2}", "{}"),
  of("short", "short", "abc", ""),
  of("ints", "ints", "{1,2}", "{NULL}"),
  of("nested", "nested", "5", "6"),
  of("complex", "complex", "(1.5,)", "(,)"),
  of("complex[]", { type: "complex", dims: 1 }, '{"(1,a b)","(,\\"q\\"\\"\\")"}', "{NULL}"),
  of("deep", "deep", '(1,"{a,""b,c""}","(2,x)")', "(,,)"),
  of("pair", "pair", "(1,x)", "(,)"),
  of('"Odd.Type/é"', "Odd.Type/é", "a", "b"),
  of("elsewhere.kind", "kind", "one", "two"),
];

const types = `
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
  CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
  CREATE DOMAIN short AS varchar(5) NOT NULL DEFAULT '';
  CREATE DOMAIN ints AS int[] CHECK (array_ndims(VALUE) = 1);
  CREATE DOMAIN nested AS posint CHECK (VALUE < 100);
  CREATE TYPE complex AS (r float8, i text);
  CREATE TYPE deep AS (n int, list text[], inner_one complex);
  CREATE DOMAIN pair AS complex;
  CREATE TYPE "Odd.Type/é" AS ENUM ('a', 'b');
  CREATE SCHEMA elsewhere; CREATE TYPE elsewhere.kind AS ENUM ('one', 'two')`;

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer();
  await server.client.query(types);
  await server.client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, DMY'; SET IntervalStyle = 'iso_8601'; SET bytea_output = hex; SET extra_float_digits = 1; SET xmloption = document");
});
afterAll(() => server.stop());

const names = cases.map((_, index) => `c${index}`);
const columns = names.join(", ");
const rendered = z.array(z.record(z.string(), z.string().nullable()));

/** Every row as Postgres prints it; `concat` prints as replication does, where a cast of bpchar would trim. */
async function selected(table: string, key: string): Promise<Record<string, string | null>[]> {
  const texts = names.map((name) => `CASE WHEN ${name} IS NOT DISTINCT FROM NULL THEN NULL ELSE concat(${name}) END AS ${name}`);
  const { rows } = await server.client.query(`SELECT concat(id) AS id, ${texts.join(", ")} FROM ${table} ORDER BY ${key}`);
  return rendered.parse(rows);
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const row = (id: string, which: 0 | 1): string => `(${[id, ...cases.map(({ type, values }) => `${literal(values[which])}::${type}`)].join(", ")})`;
const nulls = (id: string): string => `(${[id, ...cases.map(({ type }) => (type === "short" ? "''" : "NULL"))].join(", ")})`;

describe("values of every type", () => {
  const definition = cases.map(({ type }, index) => `c${index} ${type}`).join(", ");
  const sorted = (rows: Iterable<Record<string, string | null>>): Record<string, string | null>[] => [...rows].toSorted((a, b) => Number(a["id"]) - Number(b["id"]));

  it.each(["with a primary key", "without one"])("are the same in snapshot and log, %s", async (kind) => {
    const table = kind === "with a primary key" ? "keyed" : "keyless";
    const { client } = server;
    await client.query(`CREATE TABLE ${table} (id int ${table === "keyed" ? "PRIMARY KEY" : ""}, ${definition})`);
    await client.query(`INSERT INTO ${table} VALUES ${row("1", 0)}, ${nulls("2")}, ${row("3", 1)}`);
    const full = await readShape(server.url, { table, replica: "full" });
    const plain = await readShape(server.url, { table });
    expect(sorted(materialise(full.messages).values())).toEqual(await selected(table, "id"));

    await client.query(`INSERT INTO ${table} VALUES ${row("4", 1)}, ${nulls("5")}`);
    await client.query(`UPDATE ${table} SET (${columns}) = ROW${row("1", 1).replace("(1, ", "(")} WHERE id IN (1, 2)`);
    await client.query(`UPDATE ${table} SET (${columns}) = ROW${nulls("3").replace("(3, ", "(")} WHERE id = 3`);
    await client.query(`UPDATE ${table} SET id = 6 WHERE id = 4`);
    await client.query(`DELETE FROM ${table} WHERE id = 5`);
    await caughtUp(client, server.service);
    const expected = await selected(table, "id");
    for (const before of [full, plain]) {
      const params: Record<string, string> = before === full ? { table, replica: "full" } : { table };
      const after = await readShape(server.url, params, before);
      const rows = materialise(after.messages, materialise(before.messages));
      expect(sorted(rows.values())).toEqual(expected);
      const again = await readShape(server.url, { ...params, where: "id > 0" });
      expect(materialise(again.messages)).toEqual(new Map([...rows].toSorted()));
    }
  });

  it("that do not fit a float stay apart: keys, changes and clauses of 64-bit ids", async () => {
    const { client, service, url } = server;
    await client.query("CREATE TABLE wide (id bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 9007199254740992) PRIMARY KEY, v text); INSERT INTO wide (v) VALUES ('a'), ('b'), ('c')");
    const all = await readShape(url, { table: "wide" });
    const one = await readShape(url, { table: "wide", where: "id = 9007199254740993" });
    await client.query("UPDATE wide SET v = id::text; INSERT INTO wide VALUES (9223372036854775807, 'max')");
    await caughtUp(client, service);
    const rows = materialise((await readShape(url, { table: "wide" }, all)).messages, materialise(all.messages));
    expect([...rows.values()].map(({ id, v }) => [id, v])).toEqual([...["9007199254740992", "9007199254740993", "9007199254740994"].map((id) => [id, id]), ["9223372036854775807", "max"]]);
    const after = await readShape(url, { table: "wide", where: "id = 9007199254740993" }, one);
    expect(after.messages.map(({ key, value }) => [key, value])).toEqual([['"public"."wide"/"9007199254740993"', { id: "9007199254740993", v: "9007199254740993" }]]);
  });

  it("are described in the schema header", async () => {
    const { schema } = await readShape(server.url, { table: "keyed" });
    const described = z.record(z.string(), z.unknown()).parse(JSON.parse(schema));
    expect(described["id"]).toEqual({ type: "int4", pk_index: 0, not_null: true });
    for (const [index, { header, type }] of cases.entries()) expect(described[`c${index}`], type).toEqual(header);
  });
});
