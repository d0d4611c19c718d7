import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { caughtUp } from "../testing/caught-up.ts";
import { materialise, readShape, type ReadShape } from "../testing/read-shape.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const seed = 20_261_126;
const batches = 40;
const slots = 6;

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ reconcileMs: 3_600_000 });
  await server.client.query("CREATE TABLE parts (id int, slot int, v text, PRIMARY KEY (id, slot)) PARTITION BY LIST (slot); CREATE TABLE parts_0 PARTITION OF parts FOR VALUES IN (0)");
});
afterAll(() => server.stop());

const slot = fc.integer({ min: 0, max: slots - 1 });
const id = fc.integer({ min: 1, max: 8 });
/** Each has as its precondition what the database itself says: a statement that fails changes nothing. */
const statement = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(id, slot).map(([key, at]) => `INSERT INTO parts VALUES (${key}, ${at}, 'i')`) },
  { weight: 4, arbitrary: fc.tuple(id, id).map(([key, n]) => `UPDATE parts SET v = 'u${n}' WHERE id = ${key}`) },
  { weight: 3, arbitrary: fc.tuple(id, slot).map(([key, to]) => `UPDATE parts SET slot = ${to} WHERE id = ${key}`) },
  { weight: 2, arbitrary: id.map((key) => `DELETE FROM parts WHERE id = ${key}`) },
  { weight: 3, arbitrary: slot.map((at) => `CREATE TABLE parts_${at} PARTITION OF parts FOR VALUES IN (${at})`) },
  { weight: 1, arbitrary: fc.tuple(slot, id).map(([at, key]) => `BEGIN; CREATE TABLE parts_${at} (v text, slot int NOT NULL, id int NOT NULL); INSERT INTO parts_${at} VALUES ('a', ${at}, ${key}); ALTER TABLE parts ATTACH PARTITION parts_${at} FOR VALUES IN (${at}); COMMIT`) },
  { weight: 1, arbitrary: slot.map((at) => `DROP TABLE parts_${at}`) },
  { weight: 1, arbitrary: slot.map((at) => `ALTER TABLE parts DETACH PARTITION parts_${at}; ALTER TABLE parts_${at} RENAME TO gone_${at}; DROP TABLE gone_${at}`) },
  { weight: 1, arbitrary: slot.map((at) => `TRUNCATE parts_${at}`) },
);

it(`keeps shapes of a partitioned table equal to it through ${batches} batches of writes and changes of its partitions (seed ${seed})`, async () => {
  const { client } = server;
  const run = async (sql: string): Promise<void> => {
    await client.query(sql).catch(() => client.query("ROLLBACK"));
  };
  const shapes = [{ table: "parts" }, { table: "parts", where: "v <> 'u3'", replica: "full" }];
  const states: { shape: ReadShape; rows: ReturnType<typeof materialise> }[] = [];
  const start = async (index: number): Promise<void> => {
    const shape = await readShape(server.url, shapes[index] ?? {});
    states[index] = { shape, rows: materialise(shape.messages) };
  };
  for (const index of shapes.keys()) await start(index);
  let continued = 0;
  for (const [batch, statements] of fc.sample(fc.array(statement, { minLength: 1, maxLength: 6 }), { seed, numRuns: batches }).entries()) {
    for (const sql of statements) await run(sql);
    if (batch % 8 === 7) await server.restart();
    await caughtUp(client, server.service);
    await server.service.compareTables();
    for (const [index, params] of shapes.entries()) {
      const state = states[index];
      if (state === undefined) continue;
      try {
        state.shape = await readShape(server.url, params, state.shape);
        materialise(state.shape.messages, state.rows);
        continued += 1;
      } catch (error) {
        if (!String(error).includes("409")) throw error;
        await start(index);
      }
      const { rows } = await client.query<{ row: string }>(`SELECT concat_ws(' ', id, slot, v) AS row FROM parts WHERE ${params.where ?? "true"}`);
      const actual = [...(states[index]?.rows.values() ?? [])].map((row) => `${row["id"]} ${row["slot"]} ${row["v"]}`);
      expect(actual.toSorted(), `${params.where ?? ""} batch ${batch}: ${statements.join("; ")}`).toEqual(rows.map(({ row }) => row).toSorted());
    }
  }
  expect(continued).toBeGreaterThan(batches / 2);
});
