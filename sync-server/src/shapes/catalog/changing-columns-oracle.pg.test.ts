import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startShapeService } from "../service.ts";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape, type ReadShape } from "../testing/read-shape.ts";
import { collectLog, type ShapeServer, startShapeServer, testOptions } from "../testing/shape-server.ts";

const seed = 20_261_127;
const batches = 30;
const restartEvery = 7;

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ reconcileMs: 3_600_000 });
  await server.client.query("CREATE TABLE things (id int PRIMARY KEY, c0 text, c1 int)");
});
afterAll(() => server.stop());

const id = fc.integer({ min: 1, max: 12 });
const column = fc.integer({ min: 0, max: 4 }).map((number) => `c${number}`);
const type = fc.constantFrom("text", "varchar(40)", "varchar(9)", "int", "bigint", "numeric(12,2)", "numeric", "text[]", "int[]", "char(3)", "timestamp(3)", "boolean");
const asType = (name: string, to: string): string => `ALTER TABLE things ALTER COLUMN ${name} TYPE ${to} USING NULL::${to}`;
/** Each has as its precondition what the database itself says: a statement that fails changes nothing. */
const statement = fc.oneof(
  { weight: 8, arbitrary: id.map((key) => `INSERT INTO things (id) VALUES (${key})`) },
  { weight: 6, arbitrary: fc.tuple(id, column, id).map(([key, name, value]) => `UPDATE things SET ${name} = ${value} WHERE id = ${key}`) },
  { weight: 2, arbitrary: fc.tuple(id, id).map(([key, to]) => `UPDATE things SET id = ${to} WHERE id = ${key}`) },
  { weight: 2, arbitrary: id.map((key) => `DELETE FROM things WHERE id = ${key}`) },
  { weight: 3, arbitrary: fc.tuple(column, type).map(([name, is]) => `ALTER TABLE things ADD COLUMN ${name} ${is}`) },
  { weight: 1, arbitrary: column.map((name) => `ALTER TABLE things ADD COLUMN ${name} int NOT NULL DEFAULT 7`) },
  { weight: 2, arbitrary: column.map((name) => `ALTER TABLE things DROP COLUMN ${name}`) },
  { weight: 2, arbitrary: fc.tuple(column, column).map(([from, to]) => `ALTER TABLE things RENAME COLUMN ${from} TO ${to}`) },
  { weight: 2, arbitrary: fc.tuple(column, type).map(([name, to]) => asType(name, to)) },
  { weight: 1, arbitrary: column.map((name) => `BEGIN; UPDATE things SET ${name} = NULL; ALTER TABLE things DROP COLUMN ${name}; ALTER TABLE things ADD COLUMN ${name} bigint DEFAULT 5; INSERT INTO things (id) VALUES (99); DELETE FROM things WHERE id = 99; COMMIT`) },
  { weight: 1, arbitrary: column.map((name) => `ALTER TABLE things ALTER COLUMN ${name} SET NOT NULL`) },
  { weight: 1, arbitrary: column.map((name) => `ALTER TABLE things ALTER COLUMN ${name} DROP NOT NULL`) },
  { weight: 1, arbitrary: fc.constant("BEGIN; DROP TABLE things; CREATE TABLE things (id int PRIMARY KEY, c0 text, c2 varchar(5)); INSERT INTO things VALUES (1, 'a', 'b'); COMMIT") },
);

/** What a service says that never saw the table before. */
async function rebuilt(): Promise<{ readonly schema: string; readonly rows: readonly string[] }> {
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-rebuilt-"));
  const service = await startShapeService({ ...testOptions(server.database, storageDir, collectLog()), slotName: `rebuilt_${server.database.name}`, temporarySlot: true });
  try {
    await service.ready;
    const answer = await service.handle(new Request("http://in.process/?offset=-1"), { table: "things" });
    const messages = z.array(z.object({ value: z.record(z.string(), z.string().nullable()).optional() })).parse(await answer.json());
    return { schema: answer.headers.get("electric-schema") ?? "", rows: sorted(messages.flatMap(({ value }) => (value === undefined ? [] : [value]))) };
  } finally {
    await service.close();
    rmSync(storageDir, { recursive: true, force: true });
  }
}

function sorted(rows: Iterable<Readonly<Record<string, string | null>>>): readonly string[] {
  return [...rows].map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();
}

it(`streams the same rows and schema as a shape made anew, through ${batches} batches of changed columns and rows (seed ${seed})`, async () => {
  const { client } = server;
  const fromStart = async () => {
    const shape: ReadShape = await readShape(server.url, { table: "things" });
    return { shape, rows: materialise(shape.messages) };
  };
  let state = await fromStart();
  let [continued, begun] = [0, 0];
  for (const [batch, statements] of fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { seed, numRuns: batches }).entries()) {
    for (const sql of statements) await client.query(sql).catch(() => client.query("ROLLBACK"));
    if (batch % restartEvery === restartEvery - 1) await server.restart();
    await caughtUp(client, server.service);
    await server.service.compareTables();
    try {
      const next = await readShape(server.url, { table: "things" }, state.shape);
      state = { shape: next.schema === "" ? { ...next, schema: state.shape.schema } : next, rows: materialise(next.messages, state.rows) };
      continued += 1;
    } catch (error) {
      if (!String(error).includes("409")) throw error;
      state = await fromStart();
      begun += 1;
    }
    const anew = await rebuilt();
    const context = `batch ${batch}: ${statements.join("; ")}`;
    expect(sorted(state.rows.values()), context).toEqual(anew.rows);
    expect(JSON.parse(state.shape.schema), context).toEqual(JSON.parse(anew.schema));
  }
  expect(continued).toBeGreaterThan(batches / 5);
  expect(begun).toBeGreaterThan(batches / 5);
});
