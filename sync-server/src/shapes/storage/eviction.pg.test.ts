import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

let clockMs = Date.now();
const nowMs = (): number => clockMs;

async function server(options: Parameters<typeof startShapeServer>[0]): Promise<ShapeServer> {
  const started = await startShapeServer({ nowMs, maintenanceMs: 20, ...options });
  cleanups.push(() => started.stop());
  return started;
}

/** Reads each table's shape to its end, a second apart; answers their handles. Only a shape whose snapshot is complete can make room for another. */
async function ask({ service }: ShapeServer, tables: readonly string[]): Promise<string[]> {
  const handles: string[] = [];
  for (const table of tables) {
    clockMs += 1_000;
    let place = "offset=-1";
    for (let isAtEnd = false; !isAtEnd; ) {
      const answer = await service.handle(new Request(`http://in.process/?${place}`), { table });
      expect(answer.status).toBe(200);
      await answer.text();
      place = `offset=${answer.headers.get("electric-offset")}&handle=${answer.headers.get("electric-handle")}`;
      isAtEnd = answer.headers.has("electric-up-to-date");
      if (isAtEnd) handles.push(answer.headers.get("electric-handle") ?? "");
    }
  }
  return handles;
}

/** Resolves with the reasons once so many shapes ended. */
function rotations({ service, log }: ShapeServer, count: number): Promise<unknown[]> {
  const reasons = (): unknown[] => log.lines.filter(({ message }) => message === "shape rotated").map(({ detail }) => [detail["table"], detail["reason"]]);
  return new Promise((resolve) => {
    const check = (): void => {
      if (reasons().length >= count) resolve(reasons());
    };
    service.subscribe(check);
    check();
  });
}

async function makeTables({ client }: ShapeServer, names: readonly string[]): Promise<void> {
  for (const name of names) await client.query(`CREATE TABLE ${name} AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 50) g; ALTER TABLE ${name} ADD PRIMARY KEY (id)`);
}

it("drops the shapes nobody asked for longest when the disk's share is used up, but none with a live reader", async () => {
  const running = await server({ storageBytesMax: 200_000 });
  await makeTables(running, ["a", "b", "c", "d"]);
  const [handle] = await ask(running, ["a"]);
  const leaving = new AbortController();
  const live = running.service.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}&live=true`, { signal: leaving.signal }), { table: "a" });
  while (running.service.statistics().waiting === 0) await new Promise(setImmediate);
  await ask(running, ["b", "c", "d"]);
  expect(await rotations(running, 1)).toEqual([['"public"."b"', "evicted: storage is full"]]);
  expect(running.service.statistics()).toMatchObject({ shapes: 3, waiting: 1 });
  expect(running.service.statistics().snapshotBytes).toBeLessThan(200_000);
  leaving.abort();
  await live;
  const gone = await running.service.handle(new Request("http://in.process/?offset=0_inf&handle=unknown"), { table: "b" });
  expect(gone.status).toBe(409);
});

it("remembers over a restart when shapes were last asked for, and drops those unused for too long", async () => {
  const running = await server({ unusedMsMax: 3_600_000 });
  await makeTables(running, ["kept", "unused"]);
  const [kept] = await ask(running, ["kept", "unused"]);
  clockMs += 3_000_000;
  await ask(running, ["kept"]);
  await running.restart();
  clockMs += 2_000_000;
  expect(await rotations(running, 1)).toEqual([['"public"."unused"', "evicted: unused"]]);
  expect(await ask(running, ["kept"])).toEqual([kept]);
});

it("answers 409 to clients of a dropped shape, who go on with a new one", async () => {
  const running = await server({ shapesMax: 1 });
  await makeTables(running, ["first", "second"]);
  const [handle] = await ask(running, ["first", "second"]);
  const answer = await running.service.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}`), { table: "first" });
  expect(answer.status).toBe(409);
  expect(await rotations(running, 2)).toEqual([
    ['"public"."first"', "evicted: too many shapes"],
    ['"public"."second"', "evicted: too many shapes"],
  ]);
});

it("leaves nothing behind of a shape there was no room for", async () => {
  const running = await server({ shapesMax: 1 });
  await makeTables(running, ["held", "refused"]);
  const [handle] = await ask(running, ["held"]);
  const leaving = new AbortController();
  const live = running.service.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}&live=true`, { signal: leaving.signal }), { table: "held" });
  while (running.service.statistics().waiting === 0) await new Promise(setImmediate);
  expect((await running.service.handle(new Request("http://in.process/?offset=-1"), { table: "refused" })).status).toBe(503);
  expect(readdirSync(join(running.storageDir, "shapes"))).toEqual([handle]);
  leaving.abort();
  await live;
});
