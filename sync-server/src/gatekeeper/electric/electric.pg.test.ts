import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../deploy/testing/postgres.ts";
import { authorised, registerDevice, signUpPerson, someInstant, newId, type Device } from "../../testing/person.ts";
import { startRelayOn, type TestRelay } from "../../testing/relay.ts";
import { readNotify } from "../../testing/sse.ts";
import { startUpstream, type TestUpstream } from "../../testing/upstream.ts";

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

let behind: TestUpstream;
let relay: TestRelay;
let device: Device;

beforeAll(async () => {
  const database = await createTestDatabase();
  behind = await startUpstream(database.url, database.name);
  relay = await startRelayOn(database, { electricUrl: behind.url, electricSecret: behind.secret });
  device = await registerDevice(relay.url, await signUpPerson(relay.url));
  while ((await ask("offset=-1")).status === 503);
});
afterEach(() => behind.answerWith(undefined));
afterAll(async () => {
  await relay.close();
  await behind.close();
  await relay.dispose();
});

const ask = (query: string, init: Asked = {}) =>
  fetch(`${relay.url}/v1/shapes/category?scope=${device.person.workspaceId}&${query}`, { ...init, headers: { ...authorised(device.person.token), ...init.headers } });
const openNotify = (query = "") =>
  fetch(`${relay.url}/v1/notify?workspace=${device.person.workspaceId}&client=${device.clientId}${query}`, { headers: authorised(device.person.token) });
const health = async (): Promise<unknown> => (await fetch(`${relay.url}/health`)).json();
const addCategory = (name: string) =>
  relay.sql("insert into category (id, workspace_id, name, kind, slot, archived, created_at) values ($1, $2, $3, 'income', 1, false, $4)", [newId(), device.person.workspaceId, name, someInstant]);
const told = async (answer: Response) => JSON.stringify([answer.status, await answer.text(), [...answer.headers]]);

describe("what reaches the service behind", () => {
  it("is the fixed shape with the secret, and nothing of who asks", async () => {
    await (await ask("offset=-1&where=true&table=auth.user&secret=mine", { headers: { cookie: "a=b" } })).text();
    const last = behind.requests.findLast(({ url }) => url.searchParams.get("table") === '"category"');
    expect(last?.url.searchParams.get("secret")).toBe(behind.secret);
    expect(last?.url.searchParams.get("where")).toBe('"workspace_id" = $1');
    expect(last?.url.searchParams.get("params[1]")).toBe(device.person.workspaceId);
    expect([last?.headers.get("authorization"), last?.headers.get("cookie")]).toEqual([null, null]);
  });

  it("is ended when the device leaves", async () => {
    const first = await ask("offset=-1");
    await first.text();
    const left = new AbortController();
    const waiting = ask(`offset=0_inf&handle=${first.headers.get("electric-handle")}&live=true`, { signal: left.signal }).catch(() => undefined);
    const isLive = () => behind.requests.at(-1)?.url.searchParams.get("live") === "true";
    while (!isLive()) await new Promise((resolve) => setImmediate(resolve));
    const request = behind.requests.at(-1);
    expect(request?.left()).toBe(false);
    left.abort();
    await waiting;
    while (request?.left() !== true) await new Promise((resolve) => setImmediate(resolve));
  });

  it("is read no faster than the device reads", async () => {
    const chunkBytes = 64 * 1024;
    let chunks = 0;
    const chunksMax = 4_000;
    behind.answerWith(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          chunks++;
          if (chunks > chunksMax) controller.close();
          else controller.enqueue(new Uint8Array(chunkBytes).fill(0x20));
        },
      });
      return new Response(body, { headers: { "content-type": "application/json", "electric-handle": "h" } });
    });
    const answer = await ask("offset=-1");
    const reader = answer.body?.getReader();
    await reader?.read();
    // Sockets hold some; what they hold does not grow while nobody reads.
    let before = -1;
    for (let still = 0; still < 20; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      still = before === chunks ? still + 1 : 0;
      before = chunks;
    }
    expect(chunks).toBeLessThan(chunksMax);
    await reader?.cancel();
  });
});

describe("an answer of the service behind", () => {
  it("shows the device nothing but the protocol", async () => {
    const headers = { "electric-handle": "h", "electric-server": "ElectricSQL/1", "set-cookie": "s=1", server: "x", "x-internal": behind.secret, "access-control-allow-origin": "*", "content-type": "application/json" };
    behind.answerWith(() => new Response("[]", { headers }));
    const answer = await ask("offset=-1", { headers: { origin: "http://localhost:4040" } });
    const names = [...answer.headers.keys()];
    expect(names).toContain("electric-handle");
    expect(names.filter((name) => ["electric-server", "set-cookie", "server", "x-internal"].includes(name))).toEqual([]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:4040");
    expect(answer.headers.get("access-control-expose-headers")).toContain("electric-handle");
  });

  it("409 passes with its handle", async () => {
    behind.answerWith(() => new Response('[{"headers":{"control":"must-refetch"}}]', { status: 409, headers: { "electric-handle": "new", "content-type": "application/json" } }));
    const answer = await ask("offset=0_0&handle=old");
    expect([answer.status, answer.headers.get("electric-handle"), await answer.json()]).toEqual([409, "new", [{ headers: { control: "must-refetch" } }]]);
  });

  it.each([
    ["401 for a wrong secret", 401, {}, '{"message":"Unauthorized - Invalid API secret"}', "5"],
    ["403", 403, {}, "no", "5"],
    ["404", 404, {}, "Not found", "5"],
    ["500", 500, {}, "stack", "5"],
    ["502 of a proxy", 502, {}, "<html>", "5"],
    ["503 with its own delay", 503, { "retry-after": "9" }, "{}", "9"],
    ["429 with its own delay", 429, { "retry-after": "7" }, "{}", "7"],
    ["503 with a delay beyond reason", 503, { "retry-after": "86400" }, "{}", "60"],
    ["400 about the definition", 400, {}, '{"message":"Invalid request","errors":{"where":["workspace_id"]}}', "5"],
    ["400 of another kind", 400, {}, "nonsense", "5"],
    ["a redirect", 302, { location: "http://127.0.0.1:1/" }, "", "2"],
  ])("%s becomes a 503 that says when to come back", async (_, status, headers, body, retryAfter) => {
    behind.answerWith(() => new Response(body, { status, headers: { ...headers, "x-secret": behind.secret } }));
    const answer = await ask("offset=-1");
    expect([answer.status, answer.headers.get("retry-after"), answer.headers.get("cache-control")]).toEqual([503, retryAfter, "no-store"]);
    const whole = await told(answer);
    expect(whole).toContain("relay.unavailable");
    for (const hidden of [behind.secret, behind.url, "workspace_id", "stack"]) expect(whole).not.toContain(hidden);
  });

  it("400 about the position stays the device's own fault", async () => {
    const answer = await ask("offset=nonsense");
    expect([answer.status, await answer.json()]).toEqual([400, { message: "Invalid request", errors: { offset: ["has invalid format"] } }]);
  });

  it("never puts the secret or the address into the log", () => {
    const logged = relay.logged.join("");
    expect(logged).toContain("see ELECTRIC_URL and ELECTRIC_SECRET");
    expect(logged).not.toContain(behind.secret);
    expect(logged).not.toContain(behind.url);
  });
});

describe("the notify stream beside a service behind", () => {
  it("tells to check all when its own reading of the log was cut", async () => {
    const reader = readNotify(await openNotify());
    const first = await reader.next();
    expect(first).toMatchObject({ event: "check" });
    await relay.sql("select pg_terminate_backend(active_pid) from pg_replication_slots where temporary and database = current_database()");
    await addCategory("in the gap");
    let event = await reader.next();
    while (event !== null && event.event !== "check") event = await reader.next();
    expect(BigInt(event?.lsn ?? 0)).toBeGreaterThan(BigInt(first?.lsn ?? 0));
    await addCategory("after it");
    let reached = event?.lsn;
    let named = await reader.next();
    for (; named?.event === "advance" && named.shapes.length === 0; named = await reader.next()) reached = named.lsn;
    expect(named).toMatchObject({ event: "advance", prev: reached, shapes: ["category"] });
    await reader.close();
    // What it was told last before the gap is of no use after it.
    const resumed = readNotify(await openNotify(`&last=${first?.lsn}`));
    expect(await resumed.next()).toMatchObject({ event: "check" });
    await resumed.close();
  });

  it("names every shape when a table is emptied", async () => {
    const reader = readNotify(await openNotify());
    await reader.next();
    await relay.sql("truncate note_update");
    let event = await reader.next();
    while (event?.event === "advance" && event.shapes.length === 0) event = await reader.next();
    expect(event).toMatchObject({ event: "check" });
    await reader.close();
  });

  it("holds one temporary slot, which goes with the relay", async () => {
    await expect.poll(() => relay.sql("select count(*)::int as n from pg_replication_slots where temporary and database = current_database()")).toEqual([{ n: 1 }]);
  });

  it("says nothing was changed by a row written as it was", async () => {
    const reader = readNotify(await openNotify());
    await reader.next();
    await relay.sql("update workspace set name = name");
    await addCategory("news");
    let event = await reader.next();
    while (event?.event === "advance" && event.shapes.length === 0) event = await reader.next();
    expect(event).toMatchObject({ shapes: ["category"] });
    await reader.close();
  });
});

describe("while the service behind is away", () => {
  it("shapes and new streams wait, health says so, and all goes on after", async () => {
    expect(await health()).toEqual({ status: "active", shapes: "active" });
    await behind.stop();
    const answer = await ask("offset=-1");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    expect((await openNotify()).status).toBe(503);
    relay.clock.offsetMs += 2_000;
    expect(await health()).toEqual({ status: "active", shapes: "unreachable" });
    await addCategory("while it was away");
    await behind.start();
    relay.clock.offsetMs = 0;
    let back = await ask("offset=-1");
    while (back.status === 503) back = await ask("offset=-1");
    expect(back.status).toBe(200);
    const reader = readNotify(await openNotify());
    expect(await reader.next()).toMatchObject({ event: "check" });
    await reader.close();
  });
});
