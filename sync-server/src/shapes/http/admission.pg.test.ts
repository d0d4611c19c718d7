import { afterAll, beforeAll, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 30_000, admission: { initialMax: 1, existingMax: 2 } });
  await server.client.query("CREATE TABLE items (id int PRIMARY KEY)");
});
afterAll(() => server.stop());

const get = (params: Record<string, string>, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}?${new URLSearchParams({ table: "items", ...params }).toString()}`, init);

async function untilCounted(initial: number, existing: number): Promise<void> {
  await expect.poll(() => server.service.admission.current).toEqual({ initial, existing });
}

it("counts requests that wait, and refuses the next of their kind only", async () => {
  const first = await get({ offset: "-1" });
  const handle = first.headers.get("electric-handle") ?? "";
  await first.text();
  await untilCounted(0, 0);
  const waiting = [1, 2].map(() => get({ offset: "0_inf", handle, live: "true" }));
  await untilCounted(0, 2);
  const refused = await get({ offset: "0_inf", handle, live: "true" });
  expect([refused.status, await refused.json()]).toEqual([503, { code: "concurrent_request_limit_exceeded", message: "Concurrent existing request limit exceeded (limit: 2), please retry" }]);
  expect(["content-type", "cache-control", "surrogate-control", "electric-internal-known-error"].map((name) => refused.headers.get(name))).toEqual(["application/json; charset=utf-8", "no-store", "no-store", "true"]);
  expect(refused.headers.get("retry-after")).toMatch(/^(?:[6-9]|10)$/);
  expect((await get({ offset: "-1" })).status).toBe(200);
  // A handle nobody has here may mean a snapshot: it counts as a first request.
  expect((await get({ offset: "0_inf", handle: "gone-1" })).status).toBe(409);
  await server.client.query("INSERT INTO items VALUES (1)");
  for (const response of await Promise.all(waiting)) expect(response.status).toBe(200);
  await untilCounted(0, 0);
});

it("lets go of the place of a client that leaves", async () => {
  const handle = (await get({ offset: "-1" })).headers.get("electric-handle") ?? "";
  const now = await get({ offset: "now" });
  const leaving = new AbortController();
  const left = get({ offset: now.headers.get("electric-offset") ?? "", handle, live: "true" }, { signal: leaving.signal });
  await untilCounted(0, 1);
  leaving.abort();
  await expect(left).rejects.toThrow("abort");
  await untilCounted(0, 0);
});

it("makes no shape for a request it refuses", async () => {
  const permit = server.service.admission.enter("initial");
  const { shapes } = server.service.statistics();
  expect((await get({ offset: "-1", where: "id = 7" })).status).toBe(503);
  expect(server.service.statistics().shapes).toBe(shapes);
  permit.leave();
  expect((await get({ offset: "-1", where: "id = 7" })).status).toBe(200);
});
