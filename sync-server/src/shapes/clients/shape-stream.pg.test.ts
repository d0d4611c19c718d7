import { isChangeMessage, ShapeStream } from "@electric-sql/client";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { followShape, type Replica } from "../testing/replica.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
const replicas: Replica[] = [];
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 2_000 });
  await server.client.query("CREATE TABLE books (id int PRIMARY KEY, author text NOT NULL, year int, price numeric(8, 2))");
  await server.client.query("INSERT INTO books SELECT g, 'author ' || g % 4, 1900 + g, g FROM generate_series(1, 100) g");
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

const settled = (replica: Replica, size: number): Promise<void> => replica.until(() => replica.stream.isUpToDate && replica.rows.size === size);

it.each([false, true])("goes on from a stored handle and offset (events: %s)", async (liveSse) => {
  const first = follow(server.url, { table: "books", where: "id < 1000" }, { liveSse });
  await settled(first, 100);
  const { shapeHandle, lastOffset } = first.stream;
  first.stop();
  await server.client.query("INSERT INTO books VALUES (500, 'missed'); UPDATE books SET year = 2000 WHERE id = 1");
  const second = follow(server.url, { table: "books", where: "id < 1000" }, { liveSse, offset: lastOffset, ...(shapeHandle === undefined ? {} : { handle: shapeHandle }) });
  await second.until(() => second.messages.filter((message) => isChangeMessage(message)).length === 2 && second.stream.isUpToDate);
  await server.client.query("DELETE FROM books WHERE id = 500; UPDATE books SET year = 1901 WHERE id = 1");
  await second.until(() => second.messages.filter((message) => isChangeMessage(message)).length === 4);
  expect(second.messages.flatMap((message) => (isChangeMessage(message) ? [message.headers.operation] : []))).toEqual(["insert", "update", "delete", "update"]);
});

it.each([false, true])("starts over with a new handle when the shape is rotated under it (events: %s)", async (liveSse) => {
  const replica = follow(server.url, { table: "books", columns: ["id", "year"] }, { liveSse });
  await settled(replica, 100);
  const before = replica.stream.shapeHandle;
  expect((await fetch(`${server.url}?${new URLSearchParams({ handle: before ?? "", table: "books", columns: "id,year", log: "full" }).toString()}`, { method: "DELETE" })).status).toBe(202);
  await replica.until(() => replica.messages.some((message) => "control" in message.headers && message.headers.control === "must-refetch"));
  await settled(replica, 100);
  expect(replica.stream.shapeHandle).not.toBe(before);
  await server.client.query("INSERT INTO books VALUES (600, 'x'); DELETE FROM books WHERE id = 600");
  await replica.until(() => replica.messages.slice(-3).some((message) => isChangeMessage(message) && message.headers.operation === "delete"));
});

it.each(["GET", "POST"] as const)("reads subsets with %s into a stream of changes only, without a hole or a double", async (subsetMethod) => {
  const replica = follow(server.url, { table: "books" }, { log: "changes_only", offset: "now", subsetMethod });
  await settled(replica, 0);
  await replica.stream.requestSnapshot({ where: "author = $1", params: { "1": "author 1" }, orderBy: "year DESC", limit: 3 });
  await replica.until(() => replica.rows.size === 3);
  expect([...replica.rows.values()].map((row) => row["year"])).toEqual([1997, 1993, 1989]);

  const asked = replica.stream.requestSnapshot({ orderBy: "id ASC", limit: 2, offset: 1 });
  await server.client.query("UPDATE books SET price = 7 WHERE id = 2");
  await asked;
  await replica.until(() => replica.rows.get('"public"."books"/"2"')?.["price"] === "7.00");
  await server.client.query("UPDATE books SET price = 2 WHERE id = 2");
  await replica.until(() => replica.rows.get('"public"."books"/"2"')?.["price"] === "2.00");
  expect([...replica.rows.keys()]).toContain('"public"."books"/"3"');
});

it("fetches a subset without touching the stream", async () => {
  const replica = follow(server.url, { table: "books", where: "id <= 100" });
  await settled(replica, 100);
  const count = replica.messages.length;
  const { data, metadata } = await replica.stream.fetchSnapshot({ where: "year > 1990", orderBy: "id ASC", limit: 4 });
  expect(data.map(({ value }) => value["id"])).toEqual([91, 92, 93, 94]);
  expect(data.every(({ headers }) => headers.operation === "insert")).toBe(true);
  expect([metadata.xmin, metadata.xmax, metadata.database_lsn]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
  expect(replica.messages).toHaveLength(count);
});

it("stops with the service's reason when the request can never be served", async () => {
  const aborter = new AbortController();
  const stream = new ShapeStream({ url: server.url, params: { table: "nowhere" }, signal: aborter.signal });
  const error = await new Promise<Error>((resolve) => stream.subscribe(() => undefined, resolve));
  expect(error.message).toContain('does not exist. If the table name contains capitals or special characters you must quote it.');
  aborter.abort();
});
