import { afterAll, beforeAll, expect, it } from "vitest";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape, type ReadShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ reconcileMs: 3_600_000 });
});
afterAll(() => server.stop());

/** A table in two partitions, one of them divided again and one attached with its columns in another order. */
async function makeParts(name: string): Promise<void> {
  await server.client.query(`
    CREATE TABLE ${name} (a int, b int, v text, PRIMARY KEY (a, b)) PARTITION BY RANGE (b);
    CREATE TABLE ${name}_1 PARTITION OF ${name} FOR VALUES FROM (0) TO (100);
    CREATE TABLE ${name}_2 PARTITION OF ${name} FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (a);
    CREATE TABLE ${name}_2a PARTITION OF ${name}_2 DEFAULT;
    CREATE TABLE ${name}_3 (v text, gone int, b int NOT NULL, a int NOT NULL);
    ALTER TABLE ${name}_3 DROP COLUMN gone;
    ALTER TABLE ${name} ATTACH PARTITION ${name}_3 FOR VALUES FROM (200) TO (300);
    INSERT INTO ${name} VALUES (1, 1, 'one'), (2, 101, 'two'), (3, 201, 'three')`);
}

const list = (rows: Map<string, Record<string, string | null>>): string[] => [...rows.values()].map(({ a, b, v }) => `${a} ${b} ${v}`).toSorted();

async function selected(table: string): Promise<string[]> {
  const { rows } = await server.client.query<{ row: string }>(`SELECT concat_ws(' ', a, b, v) AS row FROM ${table}`);
  return rows.map(({ row }) => row).toSorted();
}

/** Reads on, and checks that what was read equals the table. */
async function follow(table: string, before: ReadShape, rows: Map<string, Record<string, string | null>>): Promise<ReadShape> {
  await caughtUp(server.client, server.service);
  const after = await readShape(server.url, { table }, before);
  materialise(after.messages, rows);
  expect(list(rows)).toEqual(await selected(table));
  return after;
}

it("follows a partitioned table through all of its partitions, and one partition by itself", async () => {
  await makeParts("logs");
  let root = await readShape(server.url, { table: "logs" });
  let leaf = await readShape(server.url, { table: "logs_3" });
  const rootRows = materialise(root.messages);
  const leafRows = materialise(leaf.messages);
  expect([list(rootRows), list(leafRows)]).toEqual([await selected("logs"), await selected("logs_3")]);
  expect([...rootRows.keys()]).toContain('"public"."logs"/"3"/"201"');
  expect([...leafRows.keys()]).toEqual([expect.stringMatching(/^"public"."logs_3"\//)]);

  await server.client.query("INSERT INTO logs VALUES (4, 4, 'four'), (5, 105, 'five'), (6, 206, 'six'); UPDATE logs SET v = v || '!'; DELETE FROM logs WHERE a = 1");
  root = await follow("logs", root, rootRows);
  leaf = await follow("logs_3", leaf, leafRows);
  expect(root.messages.every(({ headers: { relation } }) => relation?.[1] === "logs")).toBe(true);

  // To another partition: Postgres makes it a delete and an insert.
  await server.client.query("UPDATE logs SET b = 207 WHERE a = 4; UPDATE logs SET a = 60 WHERE a = 6");
  root = await follow("logs", root, rootRows);
  leaf = await follow("logs_3", leaf, leafRows);
  expect(leaf.messages.map(({ headers: { operation } }) => operation)).toEqual(["insert", "delete", "insert"]);
});

it("goes on with a partition that was made later, also after a restart", async () => {
  await makeParts("later");
  let root = await readShape(server.url, { table: "later" });
  const rows = materialise(root.messages);
  await server.client.query("CREATE TABLE later_4 PARTITION OF later FOR VALUES FROM (300) TO (400); INSERT INTO later VALUES (7, 301, 'seven')");
  root = await follow("later", root, rows);
  await server.service.compareTables();
  await server.client.query("UPDATE later SET v = 'sieben' WHERE a = 7");
  root = await follow("later", root, rows);
  await server.restart();
  await server.client.query("UPDATE later SET b = 302 WHERE a = 7; DELETE FROM later WHERE a = 2");
  root = await follow("later", root, rows);
  await server.client.query("DROP TABLE later_4");
  await server.restart();
  await expect(readShape(server.url, { table: "later" }, root)).rejects.toThrow("409");
  expect(list(materialise((await readShape(server.url, { table: "later" })).messages))).toEqual(await selected("later"));
});

it.each([
  ["attached with rows in it", "CREATE TABLE x (a int NOT NULL, b int NOT NULL, v text); INSERT INTO x VALUES (8, 301, 'eight'); ALTER TABLE moving ATTACH PARTITION x FOR VALUES FROM (300) TO (400)"],
  ["attached in the transaction that filled it", "BEGIN; CREATE TABLE x (a int NOT NULL, b int NOT NULL, v text); INSERT INTO x VALUES (8, 301, 'eight'); ALTER TABLE moving ATTACH PARTITION x FOR VALUES FROM (300) TO (400); COMMIT"],
  ["detached", "ALTER TABLE moving DETACH PARTITION moving_1; CREATE TABLE x ()"],
  ["dropped", "DROP TABLE moving_1; CREATE TABLE x ()"],
])("starts clients over when a partition is %s", async (_, sql) => {
  await makeParts("moving");
  const before = await readShape(server.url, { table: "moving" });
  await server.client.query(sql);
  await server.service.compareTables();
  await expect(readShape(server.url, { table: "moving" }, before)).rejects.toThrow("409");
  expect(list(materialise((await readShape(server.url, { table: "moving" })).messages))).toEqual(await selected("moving"));
  await server.client.query("DROP TABLE moving; DROP TABLE IF EXISTS moving_1; DROP TABLE IF EXISTS x");
});

it("starts clients over when a row of a partition comes that was attached with others", async () => {
  await makeParts("quiet");
  const before = await readShape(server.url, { table: "quiet" });
  await server.client.query("CREATE TABLE filled (a int NOT NULL, b int NOT NULL, v text); INSERT INTO filled VALUES (8, 301, 'eight'); ALTER TABLE quiet ATTACH PARTITION filled FOR VALUES FROM (300) TO (400)");
  await server.client.query("INSERT INTO quiet VALUES (9, 302, 'nine')");
  await caughtUp(server.client, server.service);
  await expect(readShape(server.url, { table: "quiet" }, before)).rejects.toThrow("409");
});

it("starts clients of the whole table over when one partition is truncated, and clients of the others when all are", async () => {
  await makeParts("cut");
  const [root, one, two] = [await readShape(server.url, { table: "cut" }), await readShape(server.url, { table: "cut_1" }), await readShape(server.url, { table: "cut_2a" })];
  await server.client.query("TRUNCATE cut_1");
  await caughtUp(server.client, server.service);
  await expect(readShape(server.url, { table: "cut" }, root)).rejects.toThrow("409");
  await expect(readShape(server.url, { table: "cut_1" }, one)).rejects.toThrow("409");
  const again = await readShape(server.url, { table: "cut" });
  expect(list(materialise(again.messages))).toEqual(await selected("cut"));
  expect((await readShape(server.url, { table: "cut_2a" }, two)).handle).toBe(two.handle);
  await server.client.query("TRUNCATE cut");
  await caughtUp(server.client, server.service);
  for (const [table, shape] of [["cut", again], ["cut_2a", two]] as const) await expect(readShape(server.url, { table }, shape)).rejects.toThrow("409");
});
