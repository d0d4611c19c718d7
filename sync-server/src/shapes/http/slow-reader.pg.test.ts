import { afterAll, beforeAll, expect, it } from "vitest";
import { dechunk, openSocket, parseAnswer } from "../testing/raw-http.ts";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const rows = 40_000;
const chunkBytes = 30_000_000;
let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ chunkBytesMin: chunkBytes, longPollMs: 2_000, sseMs: 60_000 });
  await server.client.query("CREATE TABLE wide (id int PRIMARY KEY, v text NOT NULL); CREATE TABLE small (id int PRIMARY KEY)");
});
afterAll(() => server.stop());

const get = (params: Record<string, string>): Promise<Response> => fetch(`${server.url}?${new URLSearchParams(params).toString()}`);

/** Asks for something and reads nothing of it. */
async function stalled(params: Record<string, string>): Promise<Awaited<ReturnType<typeof openSocket>>> {
  const socket = await openSocket(server.url);
  socket.pause();
  socket.write(`GET /v1/shape?${new URLSearchParams(params).toString()} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
}

async function readToEnd(socket: Awaited<ReturnType<typeof openSocket>>, until: string): Promise<string> {
  const pieces: Buffer[] = [];
  let tail = "";
  return new Promise((resolve) => {
    socket.on("data", (piece: Buffer) => {
      pieces.push(piece);
      tail = (tail + piece.toString("latin1")).slice(-2_000);
      if (tail.includes(until)) resolve(Buffer.concat(pieces).toString("latin1"));
    });
    socket.resume();
  });
}

it("holds little for readers that take nothing, serves others meanwhile, and gives them everything in the end", async () => {
  const first = await get({ table: "wide", offset: "-1" });
  const handle = first.headers.get("electric-handle") ?? "";
  await first.text();
  const { headers } = await get({ table: "wide", offset: "now" });
  const from = headers.get("electric-offset") ?? "";
  await server.client.query(`INSERT INTO wide SELECT g, repeat('v', 500) FROM generate_series(1, ${rows}) g`);
  await expect.poll(async () => (await get({ table: "wide", offset: "now" })).headers.get("electric-offset")).not.toBe(from);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const events = { table: "wide", offset: from, handle, live: "true", live_sse: "true" };
  const readers = await Promise.all([...Array.from({ length: 8 }, () => stalled(events)), ...Array.from({ length: 8 }, () => stalled({ table: "wide", offset: "-1" }))]);
  readers.push(...(await Promise.all(Array.from({ length: 8 }, () => stalled({ table: "wide", offset: from, handle })))));
  for (let id = 1; id <= 20; id++) {
    const now = await get({ table: "small", offset: "now" });
    const live = get({ table: "small", offset: now.headers.get("electric-offset") ?? "", handle: now.headers.get("electric-handle") ?? "", live: "true" });
    await server.client.query("INSERT INTO small VALUES ($1)", [id]);
    expect((await live).status).toBe(200);
  }
  const after = process.memoryUsage();
  // 24 readers that were handed their whole answer would hold 24 × 25 MB.
  expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(100_000_000);
  const [slow] = readers;
  if (slow === undefined) throw new Error("no reader");
  const text = dechunk(parseAnswer(await readToEnd(slow, '"control":"up-to-date"')).body);
  expect(text.match(/"operation":"insert"/g)).toHaveLength(rows);
  for (const reader of readers) reader.destroy();
  await expect.poll(() => server.service.admission.current).toEqual({ initial: 0, existing: 0 });
});
