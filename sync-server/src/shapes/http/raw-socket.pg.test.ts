import type { Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSocket, parseAnswer, sendRaw } from "../testing/raw-http.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";
import { createShapeApp } from "./app.ts";
import { listen } from "./listen.ts";

const secret = "s3cret";
let server: ShapeServer;
let guarded: { readonly server: Server; readonly url: string };
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 1_000 });
  await server.client.query("CREATE TABLE items (id int PRIMARY KEY, v text)");
  const app = createShapeApp(server.service, { log: server.log, secret, allowDelete: true });
  const listening = await listen(app, { port: 0, hostname: "127.0.0.1", waitMsMax: 1_000, headersMsMax: 300, requestMsMax: 600 });
  guarded = { server: listening.server, url: `http://127.0.0.1:${listening.port}` };
});
afterAll(async () => {
  guarded.server.closeAllConnections();
  await new Promise((resolve) => guarded.server.close(resolve));
  await server.stop();
});

const request = (method: string, target: string, headers = ""): string => `${method} ${target} HTTP/1.1\r\nHost: shapes.example\r\nConnection: close\r\n${headers}\r\n`;
const query = "?table=items&offset=-1";

it.each(["/v1/shape", "/v1/shape/", "/v1//shape", "//v1/shape", "/v1/%73hape", "/%76%31/%73%68%61%70%65", "/v1/./shape", "/v1/x/../shape", "/v1/x/%2e%2e/shape", "http://elsewhere.example/v1/shape"])(
  "asks for the secret at %s, whatever the method",
  async (path) => {
    for (const method of ["GET", "HEAD", "POST", "DELETE"]) {
      const bare = await sendRaw(guarded.url, request(method, `${path}${query}`));
      expect([method, bare.status, bare.head.includes("\nelectric-handle:")]).toEqual([method, 401, false]);
      if (method !== "HEAD") expect(bare.body).toBe('{"message":"Unauthorized - Invalid API secret"}');
    }
    expect((await sendRaw(guarded.url, request("GET", `${path}${query}&secret=${secret}`))).status).toBe(200);
    const preflight = await sendRaw(guarded.url, request("OPTIONS", `${path}${query}`, "Origin: https://a.example\r\n"));
    expect([preflight.status, preflight.head.includes("access-control-allow-methods: get, post, head, delete, options"), preflight.body]).toEqual([204, true, ""]);
  },
);

it.each(["/v1/shape%2Ft", "/v1%2Fshape", "/v1/%2573hape", "/v1/shapes", "/V1/shape", "/v1/shape;x", "/v1/%zz", "/v1/shape%00", "/metrics/../v2/shape", "/v1\\shape", "*"])("knows nothing at %s, secret or not", async (path) => {
  for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
    const answer = await sendRaw(guarded.url, request(method, `${path}${path === "*" ? "" : `${query}&secret=${secret}`}`));
    expect([method, [400, 404].includes(answer.status), answer.head.includes("\nelectric-handle:")]).toEqual([method, true, false]);
  }
});

it("answers other methods at its own paths as unknown", async () => {
  for (const method of ["PUT", "PATCH", "TRACE"]) expect((await sendRaw(guarded.url, request(method, `/v1/shape${query}&secret=${secret}`))).status).toBe(404);
  for (const [method, path] of [["POST", "/"], ["OPTIONS", "/v1/health"], ["DELETE", "/v1/health"]] as const) {
    const answer = await sendRaw(guarded.url, request(method, path));
    expect([answer.status, answer.body, answer.head.includes("access-control-allow-methods: get, head\r")]).toEqual([404, "Not found", true]);
  }
});

it("takes the older name of the secret, and no part, case or repetition of it", async () => {
  expect((await sendRaw(guarded.url, request("GET", `/v1/shape${query}&api_secret=${secret}`))).status).toBe(200);
  for (const given of ["secret=s3cre", "secret=S3CRET", "secret=s3cret%00", "secret=", "secret[]=s3cret", "SECRET=s3cret", "secret=wrong&api_secret=s3cret", "secret=wrong&secret=s3cret"]) {
    expect([given, (await sendRaw(guarded.url, request("GET", `/v1/shape${query}&${given}`))).status]).toEqual([given, 401]);
  }
});

const post = (headers: string): string => request("POST", `/v1/shape${query}&secret=${secret}`, headers);
const bodyBytesMax = 8_000_000;

/** A subset body of exactly this many bytes. */
function bodyOf(bytes: number): string {
  const [head, tail] = ['{"where":"id = 1","where_expr":"', '"}'];
  return head + "x".repeat(bytes - head.length - tail.length) + tail;
}

it("takes a body of the limit and refuses one byte more, with its length told or not", async () => {
  const most = bodyOf(bodyBytesMax);
  const more = bodyOf(bodyBytesMax + 1);
  const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const tooLarge = '{"error":"Request body too large"}';
  expect((await sendRaw(guarded.url, post(`Content-Length: ${most.length}\r\n`), most)).status).toBe(200);
  expect((await sendRaw(guarded.url, post("Transfer-Encoding: chunked\r\n"), chunked(most))).status).toBe(200);
  expect(await sendRaw(guarded.url, post(`Content-Length: ${more.length}\r\n`), more)).toMatchObject({ status: 413, body: tooLarge });
  expect(await sendRaw(guarded.url, post("Transfer-Encoding: chunked\r\n"), chunked(more))).toMatchObject({ status: 413, body: tooLarge });
});

it("inflates nothing", async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
  const answer = await sendRaw(guarded.url, post(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`), bomb);
  expect(answer).toMatchObject({ status: 415, body: '{"error":"Request body must not be compressed"}' });
});

it("refuses a body that is not UTF-8, and two lengths that disagree", async () => {
  const bytes = Buffer.from('{"where":"v = \'\xff\'"}', "latin1");
  expect((await sendRaw(guarded.url, post(`Content-Length: ${bytes.length}\r\n`), bytes)).status).toBe(400);
  expect((await sendRaw(guarded.url, post("Content-Length: 2\r\nContent-Length: 20\r\n"), "{}")).status).toBe(400);
  expect((await sendRaw(guarded.url, post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), "{}")).status).toBe(400);
});

it("refuses a query that is too long or not UTF-8 instead of reading something else", async () => {
  expect(await sendRaw(guarded.url, request("GET", `/v1/shape${query}&secret=${secret}&where=${"x".repeat(40_000)}`))).toMatchObject({ status: 414 });
  expect((await sendRaw(guarded.url, request("GET", `/v1/shape${query}&where=${"x".repeat(100_000)}`))).status).toBe(431);
  for (const where of ["v=%27%ff%27", "v=%27%ed%a0%80%27", "v%20LIKE%20'x%'"]) {
    const answer = await sendRaw(guarded.url, request("GET", `/v1/shape${query}&secret=${secret}&where=${where}`));
    expect(answer).toMatchObject({ status: 400, body: '{"message":"Invalid request","errors":{"query":["is not percent-encoded UTF-8"]}}' });
  }
  const nul = await sendRaw(guarded.url, request("GET", `/v1/shape${query}&secret=${secret}&where=v%20%3D%20%27%00%27`));
  expect(nul.status).toBe(400);
});

it("waits neither for headers nor for a body that come a byte at a time", async () => {
  for (const [start, byte] of [["GET /v1/shape HTTP/1.1\r\nHost: x\r\nX-A: ", "a"], [post("Content-Length: 1000\r\n"), " "]] as const) {
    const socket = await openSocket(guarded.url);
    const pieces: Buffer[] = [];
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    socket.on("error", () => undefined);
    socket.write(start);
    const dripping = setInterval(() => socket.write(byte), 50);
    await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    clearInterval(dripping);
    expect(parseAnswer(Buffer.concat(pieces).toString("latin1")).status).toBe(408);
  }
});

it("names itself and the request, with the id the caller gave", async () => {
  const id = "caller-request-0123456789";
  const answer = await sendRaw(guarded.url, request("GET", "/v1/health", `X-Request-Id: ${id}\r\n`));
  expect(answer.head).toContain("electric-server: electricsql/");
  expect(answer.head).toContain(`x-request-id: ${id}`);
  const short = await sendRaw(guarded.url, request("GET", "/", "X-Request-Id: short\r\n"));
  expect([short.status, short.body, /x-request-id: [0-9a-f-]{36}/.test(short.head)]).toEqual([200, "", true]);
});
