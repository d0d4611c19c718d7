import { createCollection, createLiveQueryCollection, eq } from "@tanstack/db";
import { electricCollectionOptions } from "@tanstack/electric-db-collection";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const todo = z.object({ id: z.number(), title: z.string(), done: z.boolean() });
const written = z.tuple([z.object({ txid: z.coerce.number() })]);

let server: ShapeServer;
const aborters: AbortController[] = [];
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 2_000 });
  await server.client.query("CREATE TABLE todos (id int PRIMARY KEY, title text NOT NULL, done bool NOT NULL DEFAULT false)");
  await server.client.query("INSERT INTO todos SELECT g, 'todo ' || g, g % 3 = 0 FROM generate_series(1, 30) g");
});
afterEach(() => {
  for (const aborter of aborters.splice(0)) aborter.abort();
});
afterAll(() => server.stop());

/** Runs one statement and answers its transaction's id, as a write endpoint would. */
async function write(sql: string, values: readonly unknown[]): Promise<number> {
  await server.client.query("BEGIN");
  await server.client.query(sql, [...values]);
  const { rows } = await server.client.query("SELECT pg_current_xact_id()::xid::text AS txid");
  await server.client.query("COMMIT");
  return written.parse(rows)[0].txid;
}

function open(syncMode: "eager" | "on-demand" | "progressive", where = "true") {
  const aborter = new AbortController();
  aborters.push(aborter);
  return createCollection(
    electricCollectionOptions({
      id: `todos ${syncMode}`,
      schema: todo,
      getKey: (row) => row.id,
      syncMode,
      shapeOptions: { url: server.url, params: { table: "todos", where }, signal: aborter.signal },
      onInsert: async ({ transaction }) => {
        const [{ modified }] = transaction.mutations;
        return { txid: await write("INSERT INTO todos VALUES ($1, $2, $3)", [modified.id, modified.title, modified.done]) };
      },
      onUpdate: async ({ transaction }) => {
        const [{ modified }] = transaction.mutations;
        return { txid: await write("UPDATE todos SET title = $2, done = $3 WHERE id = $1", [modified.id, modified.title, modified.done]) };
      },
      onDelete: async ({ transaction }) => {
        const [{ original }] = transaction.mutations;
        return { txid: await write("DELETE FROM todos WHERE id = $1", [original.id]) };
      },
    }),
  );
}

it("loads a collection, and takes optimistic writes back when their transaction comes through the shape", async () => {
  const todos = open("eager");
  await todos.preload();
  expect(todos.size).toBe(30);
  await todos.insert({ id: 31, title: "new", done: false }).isPersisted.promise;
  expect(todos.get(31)).toMatchObject({ title: "new" });
  await todos.update(31, (draft) => void (draft.done = true)).isPersisted.promise;
  expect(todos.get(31)?.done).toBe(true);
  await todos.delete(31).isPersisted.promise;
  expect(todos.size).toBe(30);

  const txid = await write("UPDATE todos SET title = $1 WHERE id = 1", ["by another"]);
  expect(await todos.utils.awaitTxId(txid)).toBe(true);
  expect(todos.get(1)?.title).toBe("by another");
  await write("UPDATE todos SET title = 'todo 1' WHERE id = 1", []);
});

it("knows a transaction that its snapshot had already seen", async () => {
  const txid = await write("UPDATE todos SET title = 'seen' WHERE id = 2", []);
  const todos = open("eager", "id = 2");
  await todos.preload();
  expect(await todos.utils.awaitTxId(txid)).toBe(true);
});

it.each(["on-demand", "progressive"] as const)("answers queries by subsets while the whole is not there (%s)", async (syncMode) => {
  const todos = open(syncMode);
  const done = createLiveQueryCollection((query) =>
    query
      .from({ todo: todos })
      .where(({ todo: row }) => eq(row.done, true))
      .orderBy(({ todo: row }) => row.id, "desc"),
  );
  await done.preload();
  expect(done.toArray.map((row) => row.id)).toEqual([30, 27, 24, 21, 18, 15, 12, 9, 6, 3]);
  const txid = await write("UPDATE todos SET done = false WHERE id = 27", []);
  expect(await todos.utils.awaitTxId(txid)).toBe(true);
  await done.stateWhenReady();
  await expect.poll(() => done.toArray.map((row) => row.id)).toEqual([30, 24, 21, 18, 15, 12, 9, 6, 3]);
  await write("UPDATE todos SET done = true WHERE id = 27", []);
});
