import { afterEach, expect, it } from "vitest";
import { freePort } from "../../../../deploy/process/free-port.ts";
import { createTestDatabase } from "../../../../deploy/testing/postgres.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { startShapeService } from "../service.ts";
import { collectLog, testOptions } from "../testing/shape-server.ts";
import { startTcpProxy } from "../testing/tcp-proxy.ts";
import { createShapeApp } from "./app.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

it("serves what it has while the database is away, and tells when to come back for the rest", async () => {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  await client.query("CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)");
  const url = new URL(database.url);
  const port = Number(url.port);
  const proxy = await startTcpProxy(port);
  cleanups.push(() => proxy.close());
  url.port = String(proxy.port);
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-away-"));
  cleanups.push(() => rmSync(storageDir, { recursive: true, force: true }));
  const log = collectLog();
  const service = await startShapeService({ ...testOptions(database, storageDir, log), databaseUrl: url.href, longPollMs: 300 });
  cleanups.push(() => service.close());
  await service.ready;
  const app = createShapeApp(service, { log, secret: undefined, allowDelete: false });
  const get = (query: string): Promise<Response> => app(new Request(`http://shapes/v1/shape?table=items&${query}`));
  const first = await get("offset=-1");
  const handle = first.headers.get("electric-handle") ?? "";
  await first.text();

  proxy.target(await freePort());
  proxy.reset();
  await expect.poll(() => service.health()).toBe("waiting");
  const again = await get("offset=-1");
  expect([again.status, again.headers.get("electric-handle")]).toEqual([200, handle]);
  expect((await get(`offset=0_inf&handle=${handle}&live=true`)).status).toBe(200);
  for (const query of ["offset=-1&where=id%3D1", "offset=-1&subset__where=id%3D1", "offset=-1&where=id%3D2&queryable_columns=id"]) {
    const refused = await get(query);
    expect([query, refused.status, refused.headers.get("cache-control")]).toEqual([query, 503, "no-store"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.text()).not.toMatch(/ECONN|127\.0\.0\.1|password/);
  }
  const health = await app(new Request("http://shapes/v1/health"));
  expect([health.status, await health.json()]).toEqual([202, { status: "waiting" }]);

  proxy.target(port);
  await expect.poll(async () => (await get("offset=-1&where=id%3D1")).status).toBe(200);
  const subset = await get("offset=-1&subset__where=id%3D1");
  expect(subset.status).toBe(200);
});
