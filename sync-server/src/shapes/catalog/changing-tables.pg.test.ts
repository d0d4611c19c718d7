import { afterAll, beforeAll, expect, it } from "vitest";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ reconcileMs: 3_600_000 });
  await server.client.query("CREATE TYPE size AS ENUM ('s', 'm'); CREATE SCHEMA attic");
});
afterAll(() => server.stop());

const table = "CREATE TABLE things (id int PRIMARY KEY, v varchar(5), n int NOT NULL DEFAULT 0, s size); INSERT INTO things VALUES (1, 'a')";

async function columnsOf(url: string): Promise<readonly [string[], Record<string, string | null>[]]> {
  const { schema, messages } = await readShape(url, { table: "things" });
  return [Object.keys(Object(JSON.parse(schema))), [...materialise(messages).values()]];
}

// Each change, what the new shape has, and whether the next row tells of it or only the comparison with the catalogue.
const changes: readonly [name: string, sql: string, rows: Record<string, string | null>[]][] = [
  ["a column is added", "ALTER TABLE things ADD COLUMN x text DEFAULT 'd'", [{ id: "1", v: "a", n: "0", s: null, x: "d" }]],
  ["a column is dropped", "ALTER TABLE things DROP COLUMN v", [{ id: "1", n: "0", s: null }]],
  ["a column is renamed", "ALTER TABLE things RENAME COLUMN v TO w", [{ id: "1", w: "a", n: "0", s: null }]],
  ["a column gets another type", "ALTER TABLE things ALTER COLUMN n TYPE bigint", [{ id: "1", v: "a", n: "0", s: null }]],
  ["a column gets another length", "ALTER TABLE things ALTER COLUMN v TYPE varchar(9)", [{ id: "1", v: "a", n: "0", s: null }]],
  ["a column may be null", "ALTER TABLE things ALTER COLUMN n DROP NOT NULL", [{ id: "1", v: "a", n: "0", s: null }]],
  ["the key is another", "ALTER TABLE things DROP CONSTRAINT things_pkey; ALTER TABLE things ADD PRIMARY KEY (id, n)", [{ id: "1", v: "a", n: "0", s: null }]],
  ["the table is dropped and made again", `DROP TABLE things; ${table}`, [{ id: "1", v: "a", n: "0", s: null }]],
  ["another table takes its name", "ALTER TABLE things RENAME TO old_things; CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (7)", [{ id: "7" }]],
];

it.each(changes.flatMap(([name, sql, rows]) => [[name, "a row comes", sql, rows] as const, [name, "tables are compared", sql, rows] as const]))("starts clients over when %s, once %s", async (_, how, sql, rows) => {
  const { client, service, url } = server;
  await client.query(table);
  const before = await readShape(url, { table: "things" });
  await client.query(sql);
  const remade = /DROP TABLE|RENAME TO/.test(sql);
  if (how === "a row comes" && !remade) {
    await client.query("UPDATE things SET s = 's'; UPDATE things SET s = NULL");
    await caughtUp(client, service);
  } else await service.compareTables();
  await expect(readShape(url, { table: "things" }, before)).rejects.toThrow("409");
  expect(await columnsOf(url)).toEqual([Object.keys(rows[0] ?? {}), rows]);
  await client.query("DROP TABLE things; DROP TABLE IF EXISTS old_things");
  await service.compareTables();
});

it("ends the shapes of a table that is renamed, moved to another schema, or dropped", async () => {
  const { client, service, url } = server;
  for (const sql of ["ALTER TABLE things RENAME TO renamed", "ALTER TABLE renamed RENAME TO things; ALTER TABLE things SET SCHEMA attic", "ALTER TABLE attic.things SET SCHEMA public; DROP TABLE things"]) {
    if (sql.includes("TO renamed")) await client.query(table);
    if (!sql.startsWith("ALTER TABLE things")) await client.query(sql.split(";")[0] ?? "");
    const before = await readShape(url, { table: "things" });
    await client.query(sql.startsWith("ALTER TABLE things") ? sql : (sql.split(";")[1] ?? ""));
    await service.compareTables();
    await expect(readShape(url, { table: "things" }, before)).rejects.toThrow(/400.*does not exist/);
  }
});

it("goes on when an enum gets a value, an index is made, or the table is analysed", async () => {
  const { client, service, url } = server;
  await client.query(table);
  const before = await readShape(url, { table: "things" });
  await client.query("ALTER TYPE size ADD VALUE 'l'");
  await client.query("CREATE INDEX ON things (n); ANALYZE things; INSERT INTO things (id, s) VALUES (2, 'l')");
  await caughtUp(client, service);
  await service.compareTables();
  const after = await readShape(url, { table: "things" }, before);
  expect(after.messages.map(({ value }) => value)).toEqual([{ id: "2", v: null, n: "0", s: "l" }]);
});
