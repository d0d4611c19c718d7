import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Client } from "pg";
import { ShapeStream } from "@electric-sql/client";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const decimal = z.string().regex(/^\d+$/);
const answer = z.strictObject({
  metadata: z.strictObject({ xmin: decimal, xmax: decimal, xip_list: z.array(decimal), snapshot_mark: z.number().int().nonnegative(), database_lsn: decimal }),
  data: z.array(z.strictObject({ key: z.string(), value: z.record(z.string(), z.string().nullable()), headers: z.record(z.string(), z.unknown()) })),
});

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 1_000, sseMs: 2_000 });
  await server.client.query("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE notes (id bigint PRIMARY KEY, title text, mood mood, message int, secret text)");
  await server.client.query("INSERT INTO notes SELECT g, 'note ' || g, CASE WHEN g % 2 = 0 THEN 'ok' ELSE 'sad' END::mood, 100 - g, 's' || g FROM generate_series(1, 20) g");
});
afterAll(() => server.stop());

const shape = { table: "notes", log: "changes_only", offset: "-1" };
const header = (response: Response, name: string): string => response.headers.get(name) ?? "";

function get(params: Record<string, string>, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}?${new URLSearchParams({ ...shape, ...params }).toString()}`, init);
}

function post(body: unknown, params: Record<string, string> = {}): Promise<Response> {
  return get(params, { method: "POST", headers: { "content-type": "application/json" }, body: typeof body === "string" ? body : JSON.stringify(body) });
}

async function ids(response: Promise<Response>): Promise<(string | null | undefined)[]> {
  const read = answer.parse(await (await response).json());
  return read.data.map(({ value }) => value["id"]);
}

it("answers rows and what their snapshot saw, for this one client", async () => {
  const response = await get({ subset__where: "id <= $1", subset__params: '{"1":"2"}', subset__order_by: "id ASC" });
  expect(response.status).toBe(200);
  expect([header(response, "electric-snapshot"), header(response, "cache-control"), header(response, "content-type")]).toEqual(["true", "no-cache", "application/json; charset=utf-8"]);
  expect([header(response, "electric-offset"), response.headers.has("electric-handle"), response.headers.has("electric-schema")]).toEqual(["0_inf", true, true]);
  for (const name of ["etag", "electric-up-to-date", "electric-has-data", "electric-cursor"]) expect(response.headers.has(name)).toBe(false);
  const { metadata, data } = answer.parse(await response.json());
  expect(data).toEqual([1, 2].map((id) => ({
    key: `"public"."notes"/"${id}"`,
    value: { id: String(id), title: `note ${id}`, mood: id === 2 ? "ok" : "sad", message: String(100 - id), secret: `s${id}` },
    headers: { operation: "insert", relation: ["public", "notes"], snapshot_mark: metadata.snapshot_mark },
  })));
});

it("gives the rows of both clauses, in the order asked for, by GET and by POST", async () => {
  const main = { where: "id > $1", "params[1]": "10", columns: "id,title" };
  expect(await ids(get({ ...main, subset__where: "mood = $1", subset__params: '{"1":"ok"}', subset__order_by: "id DESC", subset__limit: "2", subset__offset: "1" }))).toEqual(["18", "16"]);
  expect(await ids(post({ where: "mood = $1", where_expr: { type: "func" }, params: { 1: "ok" }, order_by: "id DESC", order_by_expr: [], limit: 2, offset: 1 }, main))).toEqual(["18", "16"]);
  expect(await ids(post({ subset: { where: "id = $1", params: { 1: 11 } } }, main))).toEqual(["11"]);
  expect(await ids(post({ where: "id = 12", table: "notes", log: "changes_only" }, { table: "" }))).toEqual(["12"]);
  expect(await ids(get({ ...main, subset__where: "id < 3" }))).toEqual([]);
  const read = answer.parse(await (await get({ ...main, subset__limit: "1", subset__order_by: '"id"' })).json());
  expect(read.data.map(({ value }) => value)).toEqual([{ id: "11", title: "note 11" }]);
});

it("orders by the column of that name, whatever the rendered row is called", async () => {
  expect(await ids(get({ subset__order_by: "message", subset__limit: "2" }))).toEqual(["20", "19"]);
});

it("stays at the position of a request that has one, and starts others at the log's end", async () => {
  const first = await get({ subset__order_by: "id", subset__limit: "1" });
  const handle = header(first, "electric-handle");
  await server.client.query("UPDATE notes SET title = 'note one' WHERE id = 1");
  const live = await get({ offset: "0_inf", handle, live: "true" });
  const end = header(live, "electric-offset");
  expect(header(await get({ offset: "0_0", handle, subset__order_by: "id", subset__limit: "1" }), "electric-offset")).toBe("0_0");
  expect(header(await get({ offset: "now", subset__order_by: "id", subset__limit: "1" }), "electric-offset")).toBe(end);
  const lost = await get({ offset: "0_0", handle: "gone-1", subset__limit: "1", subset__order_by: "id" });
  expect([lost.status, header(lost, "electric-handle"), header(lost, "cache-control")]).toEqual([409, handle, "public, max-age=60, must-revalidate"]);
  expect(header(await post({ limit: 1, order_by: "id" }, { offset: "0_0", handle: "gone-1" }), "cache-control")).toBe("no-cache");
});

it.each<[Record<string, string>, unknown]>([
  [{ subset__limit: "1" }, { order_by: ["order_by is required when limit or offset is present"] }],
  [{ subset__offset: "1" }, { order_by: ["order_by is required when limit or offset is present"] }],
  [{ subset__limit: "0", subset__order_by: "id" }, { limit: ["must be greater than 0"] }],
  [{ subset__limit: "x", subset__order_by: "id" }, { limit: ["is invalid"] }],
  [{ subset__offset: "-1", subset__order_by: "id" }, { offset: ["must be greater than or equal to 0"] }],
  [{ subset__params: "[1]", subset__where: "id = 1" }, { params: ["params must be a JSON object"] }],
  [{ subset__params: "{", subset__where: "id = 1" }, { params: ["params must be valid JSON"] }],
  [{ subset__params: '{"2":"1"}', subset__where: "id = $2" }, { params: ["Parameters must be numbered sequentially, starting from 1"] }],
  [{ subset__params: '{"a":"1"}', subset__where: "id = 1" }, { params: ["Parameters can only use numbers as keys"] }],
  [{ subset__where: "nope = 1" }, { where: [expect.stringContaining("unknown reference nope")] }],
  [{ subset__where: "mood = 'furious'" }, { where: [expect.stringContaining("furious")] }],
  [{ subset__where: "id = 1", subset__order_by: "(SELECT version())" }, { order_by: [expect.stringMatching(/not allowed in ORDER BY|unknown reference nope/)] }],
  [{ subset__order_by: "pg_sleep(5)" }, { order_by: [expect.stringMatching(/not allowed in ORDER BY|unknown reference nope/)] }],
  [{ subset__order_by: "id::text" }, { order_by: [expect.stringMatching(/not allowed in ORDER BY|unknown reference nope/)] }],
  [{ subset__order_by: "CASE WHEN true THEN 1 END" }, { order_by: [expect.stringMatching(/not allowed in ORDER BY|unknown reference nope/)] }],
  [{ subset__order_by: "nope" }, { order_by: [expect.stringMatching(/not allowed in ORDER BY|unknown reference nope/)] }],
])("refuses %j in words", async (params, errors) => {
  const response = await get(params);
  expect([response.status, await response.json()]).toEqual([400, { message: "Invalid request", errors: { subset: errors } }]);
});

it.each([
  ["{", 400, { error: "Invalid JSON in request body", details: "not a JSON text in UTF-8" }],
  ["[1]", 400, { error: "Request body must be a JSON object" }],
  ['{"where":1}', 400, { message: "Invalid request", errors: { subset: { where: ["is invalid"] } } }],
  ['{"where":"title = \'\\ud800\'"}', 400, { message: "Invalid request", errors: { subset: { where: ["is invalid"] } } }],
  ['{"where":"id = $1","params":{"1":9223372036854775807}}', 400, { message: "Invalid request", errors: { subset: { params: ["numbers beyond 2^53 must be given as strings"] } } }],
  ['{"limit":1e400,"order_by":"id"}', 400, { message: "Invalid request", errors: { subset: { limit: ["is invalid"] } } }],
  [`{"where":"title = '${"x".repeat(70_000)}'"}`, 400, { message: "Invalid request", errors: { subset: { where: ["is bigger than maximum size"] } } }],
])("refuses the body %#", async (body, status, expected) => {
  const response = await post(body);
  expect([response.status, await response.json()]).toEqual([status, expected]);
});

it("takes names of objects' own machinery, repeated keys and deep nesting for what they are", async () => {
  expect(await ids(post('{"__proto__":{"where":"id = 2"},"where":"id = 1","where":"id = 3"}'))).toEqual(["3"]);
  expect(await ids(post(`{"where":"id = 3","where_expr":${"[".repeat(10_000)}${"]".repeat(10_000)}}`))).toEqual(["3"]);
});

it("filters and orders by the columns it may, selected or not", async () => {
  const params = { columns: "id,title", queryable_columns: "id,title,mood", subset__where: "mood = 'ok'", subset__order_by: "mood,id", subset__limit: "1" };
  expect(await ids(get(params))).toEqual(["2"]);
  const hidden = await get({ ...params, subset__where: "secret = 's1'" });
  expect([hidden.status, await hidden.json()]).toMatchObject([400, { errors: { subset: { where: [expect.stringContaining("unknown reference secret")] } } }]);
  expect((await get({ ...params, subset__order_by: "secret" })).status).toBe(400);
  const all = answer.parse(await (await get({ queryable_columns: "id,title", subset__where: "id = 1" })).json());
  expect(Object.keys(all.data[0]?.value ?? {})).toEqual(["id", "title"]);
  for (const [names, errors] of [
    ["title", { queryable_columns: ["The list of queryable columns must include all primary key columns, missing: id"] }],
    ["id,nope", { queryable_columns: ["The following queryable columns are not found on the table: nope"] }],
    ["id,mood", { columns: ["The following columns are not found on the table: title"] }],
  ] as const) {
    expect(await (await get({ columns: "id,title", queryable_columns: names })).json()).toEqual({ message: "Invalid request", errors });
  }
});

it("is no stream of events, and not offered to who fixes the definition", async () => {
  const handle = header(await get({}), "electric-handle");
  const response = await get({ offset: "0_inf", handle, live: "true", live_sse: "true", subset__where: "id = 1" });
  expect([response.status, await response.json()]).toEqual([400, { message: "Subset snapshots are a stable view of data, so SSE is not applicable" }]);
  const fixed = await server.service.handle(new Request("http://in.process/shape?offset=-1&subset__where=true"), { table: "notes" });
  expect([fixed.status, await fixed.json()]).toEqual([400, { message: "Invalid request", errors: { subset: ["subset snapshots are not supported"] } }]);
});

it("keeps a large subset out of memory and leaves no file behind", async () => {
  await server.client.query("CREATE TABLE wide (id int PRIMARY KEY, v text)");
  await server.client.query("INSERT INTO wide SELECT g, repeat('v', 1000) FROM generate_series(1, 3000) g");
  const response = await get({ table: "wide", subset__order_by: "id" });
  const { data } = answer.parse(await response.json());
  expect(data.map(({ value }) => value["id"])).toEqual(Array.from({ length: 3_000 }, (_, index) => String(index + 1)));
  const left = await get({ table: "wide", subset__order_by: "id" });
  await left.body?.cancel();
  expect(readdirSync(join(server.storageDir, "subsets"))).toEqual([]);
});

it("neither loses nor doubles a change between a subset and the stream, whatever is in flight", async () => {
  await server.client.query("CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL)");
  await server.client.query("INSERT INTO counters SELECT g, 0 FROM generate_series(1, 5) g");
  const writer = new Client({ connectionString: server.database.url });
  await writer.connect();
  let writing = true;
  const written = (async () => {
    for (let n = 1; writing; n++) await writer.query("UPDATE counters SET n = $1", [n]);
  })();
  const seen = new Map<string, number>();
  const faults: string[] = [];
  const aborter = new AbortController();
  const stream = new ShapeStream<{ id: number; n: number }>({ url: server.url, params: { table: "counters" }, log: "changes_only", signal: aborter.signal });
  let wake = (): void => undefined;
  stream.subscribe((messages) => {
    for (const message of messages) {
      if (!("key" in message)) continue;
      const before = seen.get(message.key);
      if (message.headers.operation === "insert") {
        if (before !== undefined && message.value.n < before) faults.push(`${message.key} went back from ${before} to ${message.value.n}`);
      } else if (before !== undefined && message.value.n !== before + 1) faults.push(`${message.key} went from ${before} to ${message.value.n}`);
      if (before !== undefined || message.headers.operation === "insert") seen.set(message.key, message.value.n);
    }
    wake();
  });
  for (let round = 0; round < 10; round++) {
    await stream.requestSnapshot({ where: "id <= $1", params: { 1: "5" }, orderBy: "id", limit: 10 });
    await new Promise<void>((resolve) => (wake = resolve));
  }
  writing = false;
  await written;
  const { rows } = await writer.query<{ n: number }>("SELECT n FROM counters LIMIT 1");
  const last = rows[0]?.n;
  await new Promise<void>((resolve) => {
    wake = () => {
      if ([...seen.values()].every((n) => n === last)) resolve();
    };
    wake();
  });
  expect([faults, seen.size]).toEqual([[], 5]);
  aborter.abort();
  await writer.end();
});

it("tells of a table that was dropped, and starts over with one made anew", async () => {
  await server.client.query("CREATE TABLE passing (id int PRIMARY KEY)");
  const subset = { table: "passing", subset__where: "id = 1" };
  const handle = header(await get(subset), "electric-handle");
  await server.client.query("DROP TABLE passing");
  const gone = await get({ ...subset, offset: "0_inf", handle });
  expect([gone.status, await gone.json()]).toEqual([400, { message: "Invalid request", errors: { table: ['Table "public"."passing" does not exist. If the table name contains capitals or special characters you must quote it.'] } }]);
  await server.client.query("CREATE TABLE passing (id int PRIMARY KEY)");
  const anew = await get({ ...subset, offset: "0_inf", handle });
  expect([anew.status, header(anew, "electric-handle") === handle]).toEqual([409, false]);
});

it("tells nothing of rows that are not the shape's, however its clause fails", async () => {
  await server.client.query("CREATE TABLE letters (id int PRIMARY KEY, owner text, note text)");
  await server.client.query("INSERT INTO letters SELECT g, CASE WHEN g % 2 = 0 THEN 'me' ELSE 'other' END, CASE WHEN g % 2 = 0 THEN '5' ELSE 'private' END FROM generate_series(1, 10) g");
  // Costlier than what the client asks, so that Postgres would try that first.
  const mine = { table: "letters", where: "lower(lower(lower(lower(owner)))) LIKE '%me%'" };
  expect(await ids(get({ ...mine, subset__where: "note::int4 IS NOT NULL", subset__order_by: "id" }))).toEqual(["2", "4", "6", "8", "10"]);
  const all = await get({ table: "letters", subset__where: "note::int4 IS NOT NULL" });
  expect([all.status, await all.json()]).toEqual([400, { message: "Invalid request", errors: { subset: { where: ["a row has a value that the clause cannot be computed for (SQLSTATE 22P02)"] } } }]);
});
