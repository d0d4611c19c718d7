import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startNginx, type TestNginx } from "../../../deploy/testing/nginx.ts";
import { createShapeApp } from "./http/app.ts";
import { type ShapeServer, startShapeServer } from "./testing/shape-server.ts";

const clients = 200;
/** An answer to live requests may be shared for 5 s: no more readers than a busy machine serves in that time. */
const liveClients = 50;
const rows = 5_000;
const repository = join(import.meta.dirname, "../../..");

let origin: ShapeServer;
let nginx: TestNginx;
let closeCounted: () => Promise<void>;
/** Requests that reached the service, by their address. */
const reached = new Map<string, number>();

beforeAll(async () => {
  origin = await startShapeServer({ chunkBytesMin: 100_000 });
  await origin.client.query("CREATE TABLE shared (id int PRIMARY KEY, v text); INSERT INTO shared SELECT g, repeat('x', 60) FROM generate_series(1, 5000) g");
  const app = createShapeApp(origin.service, { log: origin.log, secret: undefined, allowDelete: false });
  const counted = (request: Request) => {
    const { pathname, search } = new URL(request.url);
    reached.set(pathname + search, (reached.get(pathname + search) ?? 0) + 1);
    return app(request);
  };
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: counted, port: 0, hostname: "127.0.0.1" }, (info) => resolve(info.port));
    closeCounted = async () => {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((done) => server.close(done));
    };
  });
  const documented = documentedConfig();
  nginx = await startNginx((place) =>
    documented.replace("/var/cache/nginx/shapes", join(place.folder, "cache")).replace("127.0.0.1:3000", `127.0.0.1:${port}`).replace("127.0.0.1:8080", `127.0.0.1:${place.port}`),
  );
});
afterAll(async () => {
  await nginx.stop();
  await closeCounted();
  await origin.stop();
});

/** The configuration that people are told to use is the one that is tested. */
function documentedConfig(): string {
  const block = /```nginx\n([^]*?)```/.exec(readFileSync(join(repository, "docs/shapes-proxy.md"), "utf8"))?.[1];
  if (block === undefined) throw new Error("docs/shapes-proxy.md has no nginx block");
  return block;
}

interface Position {
  readonly handle: string;
  readonly offset: string;
  readonly cursor: string;
}

async function ask(query: string) {
  const answer = await fetch(`${nginx.url}/v1/shape?${query}`);
  const messages: unknown = await answer.json();
  const header = (name: string) => answer.headers.get(name) ?? "";
  const position: Position = { handle: header("electric-handle"), offset: header("electric-offset"), cursor: header("electric-cursor") };
  return { status: answer.status, messages: Array.isArray(messages) ? messages : [], position, upToDate: answer.headers.has("electric-up-to-date"), cacheStatus: header("x-cache-status") };
}

async function initialSync(): Promise<{ readonly rows: number; readonly position: Position }> {
  let query = "offset=-1&table=shared";
  for (let received = 0; ; ) {
    const { status, messages, position, upToDate } = await ask(query);
    expect(status).toBe(200);
    received += messages.filter((message) => Object.hasOwn(Object(message), "key")).length;
    if (upToDate) return { rows: received, position };
    query = `handle=${position.handle}&offset=${position.offset}&table=shared`;
  }
}

it("lets the first sync of 200 clients through once, live requests at one cursor likewise, and none of what they may not share", async () => {
  const synced = await Promise.all(Array.from({ length: clients }, initialSync));
  expect(new Set(synced.map((client) => client.rows))).toEqual(new Set([rows]));
  const snapshot = [...reached];
  expect(snapshot.length).toBeGreaterThan(3);
  expect(snapshot).toEqual(snapshot.map(([address]) => [address, 1]));

  reached.clear();
  const { handle, offset } = synced[0]?.position ?? { handle: "", offset: "" };
  const live = Array.from({ length: liveClients }, () => ask(`cursor=1&handle=${handle}&live=true&offset=${offset}&table=shared`));
  while ((await nginx.clientConnections()) < liveClients || reached.size === 0);
  await origin.client.query("INSERT INTO shared VALUES (0, 'news')");
  for (const { status, messages, position, upToDate } of await Promise.all(live)) {
    expect([status, messages.length, upToDate]).toEqual([200, 2, true]);
    expect(position.cursor).not.toBe("");
  }
  expect([...reached.values()]).toEqual([1]);

  reached.clear();
  const wrong = "offset=nonsense&table=shared";
  expect([(await ask(wrong)).status, (await ask(wrong)).status]).toEqual([400, 400]);
  expect([...reached.values()]).toEqual([2]);
});

it("passes an event stream on as it comes, beside the cache", async () => {
  const { position } = await initialSync();
  const query = `handle=${position.handle}&live=true&live_sse=true&offset=${position.offset}&table=shared`;
  const streams = await Promise.all(Array.from({ length: 3 }, () => fetch(`${nginx.url}/v1/shape?${query}`, { headers: { accept: "text/event-stream" } })));
  const readers = streams.map((stream) => stream.body?.pipeThrough(new TextDecoderStream()).getReader());
  await origin.client.query("INSERT INTO shared VALUES (-1, 'streamed')");
  for (const reader of readers) {
    let text = "";
    while (!text.includes("streamed")) text += (await reader?.read())?.value ?? "";
    await reader?.cancel();
  }
  expect(streams.map((stream) => stream.headers.get("content-type"))).toEqual(["text/event-stream", "text/event-stream", "text/event-stream"]);
});

it("gives every origin an answer it may read", async () => {
  const answers = ["https://one.test", "https://other.test"].map((from) => fetch(`${nginx.url}/v1/shape?offset=-1&table=shared`, { headers: { origin: from } }));
  for (const answer of await Promise.all(answers)) {
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    await answer.body?.cancel();
  }
});
