import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer();
  await server.client.query(`
    CREATE TABLE plain (id int PRIMARY KEY, v text);
    CREATE VIEW seen AS SELECT * FROM plain;
    CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain;
    CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY);
    CREATE SEQUENCE counter;
    CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE abroad (id int) SERVER files OPTIONS (filename '/dev/null');
    CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (extra text) INHERITS (parent);
    CREATE TABLE mixed (id int) PARTITION BY RANGE (id);
    CREATE FOREIGN TABLE mixed_far PARTITION OF mixed FOR VALUES FROM (0) TO (10) SERVER files OPTIONS (filename '/dev/null');
    CREATE TABLE virtual_column (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) VIRTUAL)`);
});
afterAll(() => server.stop());

async function refusal(params: Record<string, string>): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}?${new URLSearchParams({ offset: "-1", ...params }).toString()}`);
  return { status: response.status, text: await response.text() };
}

it.each([
  ["nowhere", /Table \\"public\\".\\"nowhere\\" does not exist. If the table name contains capitals or special characters you must quote it./],
  ["Plain2", /Table \\"public\\".\\"plain2\\" does not exist/],
  ["seen", /is a view; only tables have shapes/],
  ["kept", /is a materialized view/],
  ["unlogged", /is an unlogged table/],
  ["counter", /is a sequence/],
  ["plain_pkey", /is an index/],
  ["abroad", /is a foreign table/],
  ["parent", /has tables that inherit from it/],
  ["mixed", /has the partition \\"public\\".\\"mixed_far\\", which is a foreign table/],
  ["pg_catalog.pg_authid", /is a system table/],
  ["virtual_column", /generated columns that are not replicated: twice/],
])("refuses %s with a reason", async (table, reason) => {
  const { status, text } = await refusal({ table });
  expect([status, text]).toEqual([400, expect.stringMatching(reason)]);
  expect(JSON.parse(text)).toMatchObject({ message: "Invalid request", errors: { table: [expect.any(String)] } });
});

it("leaves a refused table as it was, so that its writes go on", async () => {
  await server.client.query("INSERT INTO virtual_column VALUES (1); UPDATE virtual_column SET id = 2");
  const { rows } = await server.client.query("SELECT relreplident AS identity FROM pg_class WHERE relname = 'virtual_column'");
  expect(rows).toEqual([{ identity: "d" }]);
});

it("follows a table that inherits from another", async () => {
  await server.client.query("INSERT INTO child VALUES (1, 'a')");
  const before = await readShape(server.url, { table: "child" });
  await server.client.query("UPDATE parent SET id = 2");
  await caughtUp(server.client, server.service);
  expect([...materialise((await readShape(server.url, { table: "child" }, before)).messages, materialise(before.messages)).values()]).toEqual([{ id: "2", extra: "a" }]);
});

describe("columns", () => {
  it("that are generated and stored are followed like any other", async () => {
    await server.client.query("CREATE TABLE stored (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, n bigint GENERATED ALWAYS AS IDENTITY); INSERT INTO stored VALUES (1)");
    const before = await readShape(server.url, { table: "stored" });
    await server.client.query("INSERT INTO stored VALUES (2); UPDATE stored SET id = 3 WHERE id = 1");
    await caughtUp(server.client, server.service);
    const rows = materialise((await readShape(server.url, { table: "stored" }, before)).messages, materialise(before.messages));
    expect([...rows.values()]).toEqual([{ id: "2", twice: "4", n: "2" }, { id: "3", twice: "6", n: "1" }]);
  });

  it("that are unknown, or leave the key out, are refused", async () => {
    expect((await refusal({ table: "plain", columns: "id,w" })).text).toContain("The following columns are not found on the table: w");
    expect((await refusal({ table: "plain", columns: "v" })).text).toContain("The list of columns must include all primary key columns, missing: id");
  });
});

describe("names", () => {
  const odd = ['Capital "quoted"', "dots.and/slashes", "пробел и юникод \u{1f600}", "select", "back\\slash", "it's"];

  it.each(odd)("such as %s are kept in keys, relations and columns", async (name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await server.client.query(`CREATE SCHEMA IF NOT EXISTS "S.1/é"; CREATE TABLE "S.1/é".${quoted} (${quoted} text PRIMARY KEY, "other, one" int); INSERT INTO "S.1/é".${quoted} VALUES ('a/b.c"d', 1)`);
    const shape = { table: `"S.1/é".${quoted}`, columns: `${quoted},"other, one"`, where: `${quoted} = 'a/b.c"d'` };
    const before = await readShape(server.url, shape);
    await server.client.query(`UPDATE "S.1/é".${quoted} SET "other, one" = 2`);
    await caughtUp(server.client, server.service);
    const after = await readShape(server.url, shape, before);
    const key = `"S..1//é"."${name.replaceAll("/", "//").replaceAll(".", "..")}"/"a//b.c"d"`;
    expect([before.messages[0]?.key, after.messages[0]?.key]).toEqual([key, key]);
    expect(after.messages[0]?.value).toEqual({ [name]: 'a/b.c"d', "other, one": "2" });
    expect(after.messages[0]?.headers.relation).toEqual(["S.1/é", name]);
    expect(Object.keys(Object(JSON.parse(before.schema)))).toEqual([name, "other, one"]);
  });
});
