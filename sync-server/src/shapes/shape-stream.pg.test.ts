import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { followShape, type Replica } from "./testing/replica.ts";
import { type ShapeServer, startShapeServer } from "./testing/shape-server.ts";

let server: ShapeServer;
const replicas: Replica[] = [];

beforeAll(async () => {
  server = await startShapeServer();
});
afterEach(() => {
  for (const replica of replicas.splice(0)) replica.stop();
});
afterAll(() => server.stop());

function follow(...args: Parameters<typeof followShape>): Replica {
  const replica = followShape(...args);
  replicas.push(replica);
  return replica;
}

const values = (replica: Replica): unknown[] => [...replica.rows.values()];

it("gives the initial rows, then every change as it is committed", async () => {
  await server.client.query("CREATE TABLE notes (id int PRIMARY KEY, body text, done bool NOT NULL DEFAULT false)");
  await server.client.query("INSERT INTO notes VALUES (1, 'привет \"мир\"'), (2, NULL)");
  const replica = follow(server.url, { table: "notes" });
  await replica.until(() => replica.stream.isUpToDate && replica.rows.size === 2);
  expect(values(replica)).toEqual([{ id: 1, body: 'привет "мир"', done: false }, { id: 2, body: null, done: false }]);

  await server.client.query("BEGIN; INSERT INTO notes VALUES (3, E'a\\\\b\\nc'); UPDATE notes SET done = true WHERE id = 1; DELETE FROM notes WHERE id = 2; COMMIT");
  await replica.until(() => replica.rows.size === 2 && !replica.rows.has('"public"."notes"/"2"'));
  expect(values(replica)).toEqual([{ id: 1, body: 'привет "мир"', done: true }, { id: 3, body: "a\\b\nc", done: false }]);
  const logged = replica.messages.flatMap((message) => ("lsn" in message.headers ? [message.headers] : []));
  expect(logged.map(({ operation, op_position, last }) => [operation, op_position, last])).toEqual([["insert", 0, undefined], ["update", 1, undefined], ["delete", 2, true]]);
  expect(new Set(logged.map(({ lsn }) => lsn)).size).toBe(1);
  expect(replica.faults).toEqual([]);
});

it("moves rows in and out by the where clause, and sends only what changed", async () => {
  await server.client.query("CREATE TABLE tasks (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), owner text, n int, note text)");
  await server.client.query("INSERT INTO tasks (owner, n) VALUES ('ann', 1), ('bob', 2)");
  const ann = follow(server.url, { table: "tasks", where: "owner = $1", params: ["ann"] });
  const bob = follow(server.url, { table: "tasks", where: "owner = $1 AND n < 10", params: ["bob"] });
  await Promise.all([ann.until(() => ann.rows.size === 1 && ann.stream.isUpToDate), bob.until(() => bob.rows.size === 1 && bob.stream.isUpToDate)]);

  await server.client.query("UPDATE tasks SET owner = 'bob' WHERE owner = 'ann'");
  await Promise.all([ann.until(() => ann.rows.size === 0), bob.until(() => bob.rows.size === 2)]);
  await server.client.query("UPDATE tasks SET n = 10 WHERE n = 1");
  await bob.until(() => bob.rows.size === 1);
  expect(ann.messages.flatMap((message) => ("operation" in message.headers ? [message.headers.operation] : []))).toEqual(["insert", "delete"]);
  await server.client.query("UPDATE tasks SET n = 3 WHERE n = 2");
  await bob.until(() => values(bob).some((row) => JSON.stringify(row).includes('"n":3')));
  const update = bob.messages.find((message) => "operation" in message.headers && message.headers.operation === "update");
  expect(update !== undefined && "value" in update ? Object.keys(update.value) : []).toEqual(["id", "n"]);
  expect([...ann.faults, ...bob.faults]).toEqual([]);
});

it("turns a changed primary key into a delete and an insert that name each other", async () => {
  await server.client.query("CREATE TABLE keyed (a text, b int, v text, PRIMARY KEY (b, a))");
  await server.client.query("INSERT INTO keyed VALUES ('x/y', 1, 'v')");
  const replica = follow(server.url, { table: "keyed" });
  await replica.until(() => replica.rows.has('"public"."keyed"/"1"/"x//y"') && replica.stream.isUpToDate);
  await server.client.query("UPDATE keyed SET b = 2");
  await replica.until(() => replica.rows.has('"public"."keyed"/"2"/"x//y"'));
  const headers = replica.messages.flatMap((message) => ("op_position" in message.headers ? [message.headers] : []));
  expect(headers).toMatchObject([
    { operation: "delete", op_position: 0, key_change_to: '"public"."keyed"/"2"/"x//y"' },
    { operation: "insert", op_position: 1, key_change_from: '"public"."keyed"/"1"/"x//y"', last: true },
  ]);
  expect(replica.rows.size).toBe(1);
});

it("keeps large values that an update did not touch", async () => {
  await server.client.query("CREATE TABLE blobs (id int PRIMARY KEY, big text, n int)");
  await server.client.query("ALTER TABLE blobs ALTER COLUMN big SET STORAGE EXTERNAL");
  await server.client.query("INSERT INTO blobs VALUES (1, repeat('x', 20000), 1)");
  const full = follow(server.url, { table: "blobs", replica: "full" });
  const some = follow(server.url, { table: "blobs", where: "n > 1" });
  await Promise.all([full.until(() => full.rows.size === 1 && full.stream.isUpToDate), some.until(() => some.stream.isUpToDate)]);
  await server.client.query("UPDATE blobs SET n = 2");
  await Promise.all([full.until(() => JSON.stringify(values(full)).includes('"n":2')), some.until(() => some.rows.size === 1)]);
  expect(values(some)).toEqual([{ id: 1, big: "x".repeat(20_000), n: 2 }]);
  const update = full.messages.find((message) => "operation" in message.headers && message.headers.operation === "update");
  expect(update).toMatchObject({ value: { id: 1, big: "x".repeat(20_000), n: 2 }, old_value: { n: 1 } });
});

it("starts clients over after TRUNCATE, a dropped column, and a dropped and remade table", async () => {
  await server.client.query("CREATE TABLE shifting (id int PRIMARY KEY, a text, b text)");
  await server.client.query("INSERT INTO shifting VALUES (1, 'a', 'b')");
  const replica = follow(server.url, { table: "shifting" });
  await replica.until(() => replica.rows.size === 1 && replica.stream.isUpToDate);
  const first = replica.stream.shapeHandle;
  await server.client.query("TRUNCATE shifting");
  await server.client.query("INSERT INTO shifting VALUES (2, 'c', 'd')");
  await replica.until(() => replica.rows.has('"public"."shifting"/"2"') && replica.rows.size === 1 && replica.stream.isUpToDate);
  const second = replica.stream.shapeHandle;
  expect(second).not.toBe(first);

  await server.client.query("ALTER TABLE shifting DROP COLUMN b");
  await server.client.query("UPDATE shifting SET a = 'e'");
  await replica.until(() => JSON.stringify(values(replica)) === '[{"id":2,"a":"e"}]' && replica.stream.isUpToDate);
  expect(replica.stream.shapeHandle).not.toBe(second);
});

it("serves 10,000 rows of every kind of value exactly as Postgres prints them", async () => {
  await server.client.query(`CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE kinds (
    id bigint PRIMARY KEY, b bool, n numeric(20, 4), f float8, t timestamptz, d date, u uuid, j jsonb, c char(5), a int[], m mood, y bytea, i interval)`);
  await server.client.query(`INSERT INTO kinds SELECT g, g % 2 = 0, g / 7.0, sqrt(g), 'epoch'::timestamptz + g * interval '1 minute', '2024-01-01'::date + g::int % 99,
    gen_random_uuid(), jsonb_build_object('k', g), 'ab', ARRAY[g, NULL], 'ok', '\\x00ff', g * interval '1 second' FROM generate_series(1, 10000) g`);
  const replica = follow(server.url, { table: "kinds" }, { parser: Object.fromEntries(["bool", "int8", "int4", "float8", "jsonb"].map((type) => [type, (text: string) => text])) });
  await replica.until(() => replica.rows.size === 10_000 && replica.stream.isUpToDate);
  const before = replica.rows.get('"public"."kinds"/"77"');
  await server.client.query("UPDATE kinds SET id = 100077 WHERE id = 77");
  await replica.until(() => replica.rows.has('"public"."kinds"/"100077"'));
  expect(replica.rows.get('"public"."kinds"/"100077"')).toEqual({ ...before, id: "100077" });
  expect(replica.rows.size).toBe(10_000);
  expect(replica.faults).toEqual([]);
});
