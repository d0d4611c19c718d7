import { afterAll, beforeAll, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 400, sseMs: 1_000, cacheMaxAgeSeconds: 1, cacheStaleAgeSeconds: 3 });
  await server.client.query('CREATE TABLE items (id int PRIMARY KEY, v text, secret text); CREATE TABLE pairs (a int, b int, c int, PRIMARY KEY (a, b)); CREATE SCHEMA "_val1d_schëmaΦ$"');
});
afterAll(() => server.stop());

const header = (response: Response, name: string): string => response.headers.get(name) ?? "";
const get = (params: Record<string, string>, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}?${new URLSearchParams(params).toString()}`, init);

async function fresh(params: Record<string, string> = {}): Promise<string> {
  return header(await get({ table: "items", offset: "-1", ...params }), "electric-handle");
}

it.each<[Record<string, string>, Record<string, readonly string[]>]>([
  // What cannot be read at all is told first, all of it.
  [{ replica: "half", log: "some", columns: "a,", table: "", offset: "x" }, { columns: ["Invalid zero-length delimited identifier"], replica: ["is invalid"], log: ["is invalid"] }],
  [{ params: "1", table: "items", offset: "-1" }, { params: ["is invalid"] }],
  [{}, { offset: ["can't be blank"] }],
  [{ offset: "", table: "items" }, { offset: ["can't be blank"] }],
  ...["x", "0_-1", "1_2_3", "1_2 ", "10", "10_32.1", "-1_0", "inf", "0_infinity"].map((offset): [Record<string, string>, Record<string, readonly string[]>] => [{ table: "items", offset }, { offset: ["has invalid format"] }]),
  [{ offset: "0_0" }, { handle: ["can't be blank when offset != -1"] }],
  [{ offset: "0_inf", handle: "" }, { handle: ["can't be blank when offset != -1"] }],
  [{ offset: "-1", live: "" }, { live: ["can't be true when offset == -1"] }],
  [{ offset: "now", live: "true" }, { live: ["can't be true when offset is 'now'"] }],
  [{ offset: "0_0", handle: "h", live_sse: "true" }, { live_sse: ["can't be true unless live is also true"] }],
  [{ offset: "0_0", handle: "h", experimental_live_sse: "true", live: "false" }, { live_sse: ["can't be true unless live is also true"] }],
  [{ offset: "-1" }, { table: ["can't be blank"] }],
  [{ offset: "-1", table: "" }, { table: ["can't be blank"] }],
  [{ offset: "-1", table: ".invalid_shape" }, { table: ["Invalid zero-length delimited identifier"] }],
  [{ offset: "-1", table: "a.b.c" }, { table: ["Invalid relation identifier, too many delimiters: a.b.c"] }],
  [{ offset: "-1", table: "foob@r" }, { table: ["Invalid unquoted identifier contains special characters: foob@r"] }],
  [{ offset: "-1", table: "Items; DROP TABLE items" }, { table: ["Invalid unquoted identifier contains special characters: Items; DROP TABLE items"] }],
  [
    { offset: "-1", table: "_val1d_schëmaΦ$.Φtàble" },
    { table: ['Table "_val1d_schëmaΦ$"."Φtàble" does not exist. If the table name contains capitals or special characters you must quote it.'] },
  ],
  [{ offset: "-1", table: "pairs", columns: "c" }, { columns: ["The list of columns must include all primary key columns, missing: a, b"] }],
  [{ offset: "-1", table: "items", columns: "id,x,y" }, { columns: ["The following columns are not found on the table: x, y"] }],
  [{ offset: "-1", table: "items", columns: '"id,"v"' }, { columns: ['Invalid unquoted identifier contains special characters: "id'] }],
  [{ offset: "-1", table: "items", where: "id = $1", "params[a]": "1" }, { params: ["Parameters can only use numbers as keys"] }],
  [{ offset: "-1", table: "items", where: "id = $1", "params[2]": "1" }, { params: ["Parameters must be numbered sequentially, starting from 1"] }],
  [{ offset: "-1", table: "items", where: "1 x 1" }, { where: ['At location 17: syntax error at or near "x"'] }],
])("answers %j in the protocol's words", async (params, errors) => {
  const response = await get(params);
  expect([response.status, await response.json()]).toEqual([400, { message: "Invalid request", errors }]);
  expect([header(response, "content-type"), header(response, "cache-control"), header(response, "surrogate-control")]).toEqual(["application/json; charset=utf-8", "no-store", "no-store"]);
  expect(response.headers.has("electric-has-data")).toBe(false);
});

it("takes what is empty as not given, and what it does not know as meant for others", async () => {
  const handle = await fresh();
  for (const more of [{ where: "", columns: "", replica: "", log: "", handle: "", live: "false" }, { "params[x]": "1" }, { foo: "bar", expired_handle: "x", "cache-buster": "1", experimental_compaction: "true" }]) {
    expect(await fresh(more)).toBe(handle);
  }
});

it("says after half the waiting time that an offset is not of this shape", async () => {
  const handle = await fresh();
  for (const live of ["false", "true"]) {
    const response = await get({ table: "items", offset: "18446744073709551615_inf", handle, live });
    expect([response.status, await response.json()]).toEqual([400, { message: "Invalid request", errors: { offset: ["out of bounds for this shape"] } }]);
  }
});

it.each(["live_sse", "experimental_live_sse"])("streams events when asked by the name %s", async (name) => {
  const handle = await fresh();
  const response = await get({ table: "items", offset: "0_inf", handle, live: "true", [name]: "true" });
  expect([response.status, header(response, "content-type"), header(response, "cache-control"), response.headers.has("electric-cursor")]).toEqual([200, "text/event-stream", "public, max-age=1", true]);
  // Nothing is new, so nothing is said until the stream ends.
  expect(await response.text()).toBe("");
});

it("answers what a client has already with 304, but never a subset or an answer that was worth waiting for", async () => {
  const first = await get({ table: "items", offset: "-1" });
  const etag = header(first, "etag");
  const handle = header(first, "electric-handle");
  expect(etag).toBe(`"${handle}:-1:0_0"`);
  for (const tags of [etag, `"other", ${etag}`, `W/${etag}`, etag.replaceAll('"', "")]) {
    const same = await get({ table: "items", offset: "-1" }, { headers: { "if-none-match": tags } });
    expect([same.status, await same.text(), header(same, "etag"), header(same, "electric-offset"), header(same, "cache-control")]).toEqual([304, "", etag, "0_0", header(first, "cache-control")]);
  }
  const subset = await get({ table: "items", offset: "-1", subset__where: "true" }, { headers: { "if-none-match": etag } });
  expect(subset.status).toBe(200);
  for (const params of [{ offset: "now" }, { offset: "0_inf", handle, live: "true" }]) {
    const [one, two] = [await get({ table: "items", ...params }), await get({ table: "items", ...params })];
    expect(header(one, "etag")).not.toBe(header(two, "etag"));
    const again = await get({ table: "items", ...params }, { headers: { "if-none-match": header(one, "etag") } });
    expect([again.status, header(again, "electric-has-data")]).toEqual([200, "false"]);
  }
});

it("gives HEAD the headers of GET", async () => {
  const [whole, head] = [await get({ table: "items", offset: "-1" }), await get({ table: "items", offset: "-1" }, { method: "HEAD" })];
  const of = (response: Response): Record<string, string> => Object.fromEntries([...response.headers].filter(([name]) => !["x-request-id", "date", "content-length", "connection", "keep-alive"].includes(name)));
  expect([head.status, await head.text(), of(head)]).toEqual([200, "", of(whole)]);
  expect(header(head, "electric-server")).toMatch(/^ElectricSQL\/\d/);
});

it("answers POST without a body like GET, for nobody to keep", async () => {
  for (const init of [{ method: "POST" }, { method: "POST", body: "{}" }]) {
    const response = await get({ table: "items", offset: "-1" }, init);
    expect([response.status, header(response, "cache-control"), header(response, "electric-offset")]).toEqual([200, "no-cache", "0_0"]);
  }
  const refused = await get({ table: "items", offset: "0_inf", handle: "gone-1" }, { method: "POST" });
  expect([refused.status, header(refused, "cache-control")]).toEqual([409, "no-cache"]);
});

it("ends shapes by definition, by handle, or by both that agree", async () => {
  const remove = (params: Record<string, string>): Promise<Response> => get(params, { method: "DELETE" });
  const blank = await remove({});
  expect([blank.status, await blank.json()]).toEqual([400, { message: "Invalid request", errors: { handle: ["can't be blank when shape definition is missing"] } }]);
  const handle = await fresh();
  const mismatch = await remove({ table: "items", handle: "other-1" });
  const message = "The specified shape definition and handle do not match. Please ensure the shape definition is correct or omit the shape handle from the request to obtain a new one.";
  expect([mismatch.status, await mismatch.json()]).toEqual([400, { message }]);
  const unknown = await remove({ table: "items", where: "id = 99", handle });
  expect([unknown.status, await unknown.json()]).toEqual([404, { message: "No existing shape found" }]);
  expect((await remove({ handle: "other-1" })).status).toBe(404);
  const done = await remove({ table: "items" });
  expect([done.status, await done.text(), header(done, "cache-control")]).toEqual([202, "", "no-cache"]);
  const again = await fresh();
  expect(again).not.toBe(handle);
  expect((await remove({ handle: again })).status).toBe(202);
  const third = await fresh({ where: "id = $1", "params[1]": "1" });
  expect((await remove({ table: "items", where: "id = $1", "params[1]": "1", handle: third })).status).toBe(202);
});

it("lets the main clause use columns that clients may not", async () => {
  await server.client.query("INSERT INTO items VALUES (1, 'a', 'hidden'), (2, 'b', 'other')");
  const response = await get({ table: "items", offset: "-1", where: "secret = 'hidden'", queryable_columns: "id,v" });
  expect(JSON.parse(await response.text())).toMatchObject([{ value: { id: "1", v: "a" } }, { headers: { control: "snapshot-end" } }]);
  expect(Object.keys(JSON.parse(header(response, "electric-schema")))).toEqual(["id", "v"]);
  const same = await get({ table: "items", offset: "-1", where: "secret = 'hidden'", columns: "v,id" });
  expect(header(same, "electric-handle")).toBe(header(response, "electric-handle"));
});
