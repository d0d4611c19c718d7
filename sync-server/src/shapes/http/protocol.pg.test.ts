import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { ShapeEvent } from "../service.ts";
import { createShapeApp } from "./app.ts";
import { followShape } from "../testing/replica.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const messages = z.array(z.object({ key: z.string().optional(), value: z.record(z.string(), z.string().nullable()).optional(), headers: z.record(z.string(), z.unknown()) }));
type Messages = z.infer<typeof messages>;

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ chunkBytesMin: 10_000, longPollMs: 1_000, sseMs: 2_000, cacheMaxAgeSeconds: 1, cacheStaleAgeSeconds: 3 });
  await server.client.query("CREATE TABLE items (id int PRIMARY KEY, v varchar(9), n numeric(10, 2))");
});
afterAll(() => server.stop());

async function get(params: Record<string, string>, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}?${new URLSearchParams(params).toString()}`, init);
}

async function body(response: Response): Promise<Messages> {
  return messages.parse(await response.json());
}

const header = (response: Response, name: string): string => response.headers.get(name) ?? "";

/** Reads a shape from the start to its end. */
async function readAll(params: Record<string, string>): Promise<{ handle: string; offset: string; all: Messages; responses: Response[] }> {
  let [handle, offset] = ["", "-1"];
  const all: Messages = [];
  const responses: Response[] = [];
  for (;;) {
    const response = await get({ ...params, offset, ...(offset === "-1" ? {} : { handle }) });
    expect(response.status).toBe(200);
    all.push(...(await body(response)));
    responses.push(response);
    handle = header(response, "electric-handle");
    offset = header(response, "electric-offset");
    if (response.headers.has("electric-up-to-date")) return { handle, offset, all, responses };
  }
}

it("answers the start with the snapshot only, cacheable and unchanging", async () => {
  const first = await get({ table: "items", offset: "-1" });
  expect(first.status).toBe(200);
  expect(await body(first)).toMatchObject([{ headers: { control: "snapshot-end" } }]);
  expect(header(first, "electric-offset")).toBe("0_0");
  expect(first.headers.has("electric-up-to-date")).toBe(false);
  expect(first.headers.has("electric-cursor")).toBe(false);
  expect(header(first, "cache-control")).toBe("public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746");
  expect(JSON.parse(header(first, "electric-schema"))).toEqual({
    id: { type: "int4", pk_index: 0, not_null: true },
    v: { type: "varchar", max_length: 9 },
    n: { type: "numeric", precision: 10, scale: 2 },
  });
  const handle = header(first, "electric-handle");
  const second = await get({ table: "items", offset: "0_0", handle });
  expect([header(second, "electric-offset"), header(second, "electric-up-to-date"), header(second, "electric-has-data")]).toEqual(["0_inf", "", "false"]);
  expect(header(second, "cache-control")).toBe("public, max-age=1, stale-while-revalidate=3");
  expect(await body(second)).toMatchObject([{ headers: { control: "up-to-date", global_last_seen_lsn: expect.stringMatching(/^\d+$/) } }]);

  await server.client.query("INSERT INTO items VALUES (1, 'a', 1.5)");
  const again = await get({ table: "items", offset: "-1", handle: "whatever", "cache-buster": "1", expired_handle: "x" });
  expect(header(again, "etag")).toBe(header(first, "etag"));
  const unchanged = await get({ table: "items", offset: "-1" }, { headers: { "if-none-match": header(first, "etag") } });
  expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
});

it("holds a live request until a commit, and says up-to-date when the time is over", async () => {
  // A shape of its own: one made before may still be taking in what an earlier test wrote.
  const items = { table: "items", where: "id > -1" };
  const { handle, offset } = await readAll(items);
  const idle = await get({ ...items, offset, handle, live: "true", cursor: "5" });
  expect([idle.status, header(idle, "electric-offset"), header(idle, "electric-has-data")]).toEqual([200, offset, "false"]);
  expect(header(idle, "electric-cursor")).toMatch(/^\d+$/);
  expect(idle.headers.has("electric-schema")).toBe(false);
  expect(header(idle, "cache-control")).toBe("public, max-age=5, stale-while-revalidate=5");
  const held = get({ ...items, offset, handle, live: "true" });
  await server.client.query("INSERT INTO items VALUES (2, 'b', NULL)");
  const woken = await held;
  expect(await body(woken)).toMatchObject([
    { key: '"public"."items"/"2"', value: { id: "2", v: "b", n: null }, headers: { operation: "insert", relation: ["public", "items"], last: true } },
    { headers: { control: "up-to-date" } },
  ]);
  expect(header(woken, "electric-has-data")).toBe("true");
});

it("starts `now` behind everything that was committed before", async () => {
  const now = await get({ table: "items", offset: "now", where: "id > 0" });
  expect(await body(now)).toMatchObject([{ headers: { control: "up-to-date" } }]);
  expect(header(now, "electric-offset")).toBe("0_inf");
  await server.client.query("INSERT INTO items VALUES (3, 'c', NULL)");
  const next = await get({ table: "items", where: "id > 0", offset: "0_inf", handle: header(now, "electric-handle"), live: "true" });
  expect((await body(next)).map((message) => message.key)).toEqual(['"public"."items"/"3"', undefined]);
});

it("cuts large shapes into chunks that stay the same", async () => {
  await server.client.query("CREATE TABLE wide (id int PRIMARY KEY, v text)");
  await server.client.query("INSERT INTO wide SELECT g, repeat('v', 100) FROM generate_series(1, 500) g");
  const first = await readAll({ table: "wide" });
  expect(first.responses.length).toBeGreaterThan(5);
  await server.client.query("INSERT INTO wide SELECT g, repeat('w', 100) FROM generate_series(501, 1000) g");
  const live = await get({ table: "wide", offset: first.offset, handle: first.handle, live: "true" });
  await live.text();
  const second = await readAll({ table: "wide" });
  expect(new Set(second.all.flatMap((message) => (message.headers["operation"] === "insert" ? [message.key] : []))).size).toBe(1_000);
  expect(second.all.filter((message) => message.headers["last"] === true)).toHaveLength(1);
  const offsets = second.responses.map((response) => header(response, "electric-offset"));
  await server.restart();
  const third = await readAll({ table: "wide" });
  expect(third.responses.map((response) => header(response, "electric-offset"))).toEqual(offsets);
  expect(third.all.slice(0, -1)).toEqual(second.all.slice(0, -1));
});

it("gives a changes_only shape no rows, but where its snapshot ended", async () => {
  const { all, handle, offset } = await readAll({ table: "wide", log: "changes_only", where: "id < 3" });
  expect(all.map((message) => message.headers["control"])).toEqual(["snapshot-end", "up-to-date"]);
  await server.client.query("UPDATE wide SET v = 'x' WHERE id = 1");
  const next = await get({ table: "wide", log: "changes_only", where: "id < 3", offset, handle, live: "true" });
  expect(await body(next)).toMatchObject([{ value: { id: "1", v: "x" }, headers: { operation: "update" } }, {}]);
});

it("selects columns and keeps quiet about changes of others", async () => {
  await server.client.query('CREATE TABLE "Odd Names" (id int PRIMARY KEY, "has,comma" text, "has""quote" text, rest text)');
  const params = { table: '"Odd Names"', columns: '"id","has,comma","has""quote"', replica: "full" };
  const { handle, offset } = await readAll(params);
  await server.client.query(`INSERT INTO "Odd Names" VALUES (1, 'a', 'b', 'c')`);
  await server.client.query(`UPDATE "Odd Names" SET rest = 'd'`);
  await server.client.query(`UPDATE "Odd Names" SET "has,comma" = 'e'`);
  await server.client.query(`DELETE FROM "Odd Names"`);
  const seen: Messages = [];
  for (let at = offset; seen.length < 3; ) {
    const response = await get({ ...params, offset: at, handle, live: "true" });
    seen.push(...(await body(response)).filter((message) => "operation" in message.headers));
    at = header(response, "electric-offset");
  }
  expect(seen.map(({ value, headers }) => [headers["operation"], value])).toEqual([
    ["insert", { id: "1", "has,comma": "a", 'has"quote': "b" }],
    ["update", { id: "1", "has,comma": "e", 'has"quote': "b" }],
    ["delete", { id: "1", "has,comma": "e", 'has"quote': "b" }],
  ]);
});

it.each([
  [{ offset: "-1" }, { table: ["can't be blank"] }],
  [{ table: "items" }, { offset: ["can't be blank"] }],
  [{ table: "items", offset: "x" }, { offset: ["has invalid format"] }],
  [{ table: "items", offset: "0_0" }, { handle: ["can't be blank when offset != -1"] }],
  [{ table: "missing", offset: "-1" }, { table: ['Table "public"."missing" does not exist. If the table name contains capitals or special characters you must quote it.'] }],
  [{ table: "items", offset: "-1", columns: "v" }, { columns: ["The list of columns must include all primary key columns, missing: id"] }],
  [{ table: "items", offset: "-1", columns: "id,nope" }, { columns: ["The following columns are not found on the table: nope"] }],
  [{ table: "items", offset: "-1", where: "nope = 1" }, { where: ["unknown reference nope"] }],
  [{ table: "items", offset: "-1", where: "id = 'x'" }, { where: ['invalid input syntax for type integer: "x"'] }],
  [{ table: "items", offset: "-1", where: "id = $1" }, { where: ["parameter $1 was not provided"] }],
  [{ table: "items", offset: "-1", where: "id = $1", "params[2]": "1" }, { params: ["Parameters must be numbered sequentially, starting from 1"] }],
  [{ table: "items", offset: "-1", live: "true" }, { live: ["can't be true when offset == -1"] }],
  [{ table: "items", offset: "0_0", handle: "h", live_sse: "true" }, { live_sse: ["can't be true unless live is also true"] }],
])("answers %j with 400", async (params, errors) => {
  const response = await get(params);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ message: "Invalid request", errors });
  expect(header(response, "cache-control")).toBe("no-store");
});

it("answers an unknown handle, and one of another definition, with 409 and the right one", async () => {
  const { handle } = await readAll({ table: "items" });
  for (const params of [{ table: "items", offset: "0_inf", handle: "gone-1" }, { table: "items", offset: "5_0", handle: (await readAll({ table: "wide" })).handle }]) {
    const response = await get(params);
    expect([response.status, await response.text(), header(response, "electric-handle")]).toEqual([409, '[{"headers":{"control":"must-refetch"}}]', handle]);
    expect(header(response, "cache-control")).toBe("public, max-age=60, must-revalidate");
  }
});

it("deletes shapes, answers preflights and unknown paths, and tells its health", async () => {
  const { handle } = await readAll({ table: "items" });
  expect((await get({ table: "wide", handle }, { method: "DELETE" })).status).toBe(400);
  expect((await get({ table: "items", handle }, { method: "DELETE" })).status).toBe(202);
  expect((await get({ table: "items", handle }, { method: "DELETE" })).status).toBe(404);
  const gone = await get({ table: "items", offset: "0_inf", handle });
  expect(gone.status).toBe(409);
  const preflight = await get({ table: "items" }, { method: "OPTIONS", headers: { origin: "https://a.example" } });
  expect([preflight.status, header(preflight, "access-control-allow-origin"), header(preflight, "access-control-max-age")]).toEqual([204, "https://a.example", "86400"]);
  const root = new URL(server.url).origin;
  expect((await fetch(`${root}/v1/%73hape?table=items&offset=-1`)).status).toBe(200);
  expect((await fetch(`${root}/v2/shape`)).status).toBe(404);
  expect(await (await fetch(`${root}/v1/health`)).json()).toEqual({ status: "active" });
  expect((await fetch(`${root}/v1/shape?table=items&offset=-1`, { method: "HEAD" })).headers.get("electric-offset")).toBe("0_0");
});

it("asks for the secret on every spelling of the path, but not of a preflight", async () => {
  const app = createShapeApp(server.service, { log: server.log, secret: "s3cret", allowDelete: false });
  for (const path of ["/v1/shape", "/v1//shape", "/v1/%73hape", "/v1/shape/"]) {
    const bare = await app(new Request(`http://x${path}?table=items&offset=-1`));
    expect([bare.status, await bare.json(), header(bare, "cache-control")]).toEqual([401, { message: "Unauthorized - Invalid API secret" }, "no-store"]);
    expect((await app(new Request(`http://x${path}?table=items&offset=-1&secret=s3cret`))).status).toBe(200);
    expect((await app(new Request(`http://x${path}?table=items&offset=-1&secret=s3cre`))).status).toBe(401);
    expect((await app(new Request(`http://x${path}`, { method: "OPTIONS" }))).status).toBe(204);
  }
  expect((await app(new Request("http://x/v1/shape?table=items&secret=s3cret", { method: "DELETE" }))).status).toBe(405);
});

it("lets a reader of events go on from the position an up-to-date message named, past its own last change", async () => {
  await server.client.query("CREATE TABLE resumed (id serial PRIMARY KEY, v int)");
  const { handle, offset } = await readAll({ table: "resumed" });
  await server.client.query("INSERT INTO resumed (v) VALUES (1), (2), (3)");
  const stream = await get({ table: "resumed", offset, handle, live: "true", live_sse: "true", experimental_live_sse: "true" });
  expect([stream.status, header(stream, "content-type"), header(stream, "cache-control")]).toEqual([200, "text/event-stream", "public, max-age=1"]);
  const text = await stream.text();
  expect([...text.matchAll(/"operation":"insert"/g)]).toHaveLength(3);
  const lsn = [...text.matchAll(/"global_last_seen_lsn":"(\d+)"/g)].at(-1)?.[1] ?? "";
  const next = get({ table: "resumed", offset: `${lsn}_0`, handle, live: "true" });
  await server.client.query("INSERT INTO resumed (v) VALUES (4)");
  expect((await body(await next)).map(({ key }) => key)).toEqual(['"public"."resumed"/"4"', undefined]);
});

it("streams events to the official client", async () => {
  await server.client.query("CREATE TABLE streamed (id serial PRIMARY KEY, v int)");
  const replica = followShape(server.url, { table: "streamed" }, { liveSse: true });
  await replica.until(() => replica.stream.isUpToDate);
  for (let round = 1; round <= 12; round++) {
    await server.client.query("INSERT INTO streamed (v) SELECT g FROM generate_series(1, 3) g");
    await server.client.query("INSERT INTO items VALUES ($1, 'z', 0)", [1_000 + round]);
    await replica.until(() => replica.rows.size === round * 3);
  }
  replica.stop();
  expect(replica.faults).toEqual([]);
});

it("tells for each commit which shapes it touched, in an unbroken chain", async () => {
  const { service, client } = server;
  const items = { table: "items", where: "v = $1", params: ["mine"] };
  const answer = await service.handle(new Request("http://in.process/shape?offset=-1"), items, { cacheControl: "private, no-store" });
  expect([answer.status, header(answer, "cache-control")]).toEqual([200, "private, no-store"]);
  const events: ShapeEvent[] = [];
  const touchedTwice = new Promise<void>((resolve) => {
    service.subscribe((event) => {
      events.push(event);
      if (events.filter(({ touched }) => touched.includes(service.shapeKey(items))).length === 2) resolve();
    });
  });
  const from = service.currentLsn();
  await client.query("INSERT INTO items VALUES (50, 'mine', 0)");
  await client.query("INSERT INTO streamed (v) VALUES (99)");
  await client.query("UPDATE items SET v = 'yours' WHERE id = 50");
  await touchedTwice;
  expect(events[0]?.prevLsn).toBe(from);
  for (const [index, event] of events.entries()) {
    expect(event.lsn > event.prevLsn).toBe(true);
    expect(event.prevLsn).toBe(index === 0 ? from : events[index - 1]?.lsn);
  }
  expect(service.currentLsn()).toBe(events.at(-1)?.lsn);
  const told = service.currentLsn();
  const log = await service.handle(new Request(`http://in.process/shape?offset=0_inf&handle=${header(answer, "electric-handle")}`), items);
  const all = await body(log);
  expect(all.map(({ headers }) => headers["operation"] ?? headers["control"])).toEqual(["insert", "delete", "up-to-date"]);
  const seen = BigInt(String(all.at(-1)?.headers["global_last_seen_lsn"]));
  // The log goes on by itself where nothing is committed.
  expect(seen >= told && seen <= service.currentLsn()).toBe(true);
});
