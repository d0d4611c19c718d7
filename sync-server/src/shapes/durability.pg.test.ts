import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, Pool } from "pg";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { followShape } from "./testing/replica.ts";
import { startShapeService } from "./service.ts";
import { type ShapeServer, startShapeServer, testOptions } from "./testing/shape-server.ts";

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function shapeServer(...args: Parameters<typeof startShapeServer>): Promise<ShapeServer> {
  const server = await startShapeServer(...args);
  cleanups.push(() => server.stop());
  return server;
}

it("serves the same handle and offsets after a restart, and what was committed in between", async () => {
  const server = await shapeServer({ chunkBytesMin: 2_000 });
  await server.client.query("CREATE TABLE kept (id int PRIMARY KEY, v text)");
  await server.client.query("INSERT INTO kept SELECT g, repeat('s', 50) FROM generate_series(1, 100) g");
  const before = followShape(server.url, { table: "kept" });
  await before.until(() => before.rows.size === 100 && before.stream.isUpToDate);
  await server.client.query("INSERT INTO kept SELECT g, repeat('l', 50) FROM generate_series(101, 200) g");
  await before.until(() => before.rows.size === 200 && before.stream.isUpToDate);
  before.stop();
  const offset = before.stream.lastOffset;
  const handle = before.stream.shapeHandle;
  expect(handle).toBeDefined();
  await server.service.close();
  await server.client.query("UPDATE kept SET v = 'later' WHERE id = 1; DELETE FROM kept WHERE id = 2");
  await server.restart();

  const resumed = followShape(server.url, { table: "kept" }, { offset, ...(handle === undefined ? {} : { handle }), log: "full" });
  await resumed.until(() => resumed.messages.some((message) => "operation" in message.headers && message.headers.operation === "delete") && resumed.stream.isUpToDate);
  resumed.stop();
  expect(resumed.stream.shapeHandle).toBe(handle);
  expect(resumed.rows.size).toBe(1);

  const anew = followShape(server.url, { table: "kept" });
  await anew.until(() => anew.rows.get('"public"."kept"/"1"')?.["v"] === "later" && anew.stream.isUpToDate);
  anew.stop();
  expect(anew.stream.shapeHandle).toBe(handle);
  expect([anew.rows.size, anew.faults]).toEqual([199, []]);
});

it("gives one client every change once, although the connection to Postgres is cut again and again", async () => {
  const server = await shapeServer();
  await server.client.query("CREATE TABLE cut (id serial PRIMARY KEY, v int)");
  const replica = followShape(server.url, { table: "cut" });
  await replica.until(() => replica.stream.isUpToDate);
  for (let round = 0; round < 5; round++) {
    await server.client.query("INSERT INTO cut (v) SELECT g FROM generate_series(1, 200) g");
    await server.client.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL", [`slot_${server.database.name}`]);
    await server.client.query("INSERT INTO cut (v) VALUES (0)");
  }
  await replica.until(() => replica.rows.size === 1_005);
  replica.stop();
  expect(replica.faults).toEqual([]);
  const slots = await server.client.query("SELECT count(*)::int AS n FROM pg_replication_slots WHERE database = $1", [server.database.name]);
  expect(slots.rows).toEqual([{ n: 1 }]);
});

it("rotates every shape when the slot was dropped behind its back", async () => {
  const server = await shapeServer();
  await server.client.query("CREATE TABLE lost (id int PRIMARY KEY)");
  const replica = followShape(server.url, { table: "lost" });
  await replica.until(() => replica.stream.isUpToDate);
  const handle = replica.stream.shapeHandle;
  const slot = `slot_${server.database.name}`;
  await server.service.close();
  await server.client.query("SELECT pg_drop_replication_slot($1)", [slot]);
  await server.client.query("INSERT INTO lost VALUES (1)");
  await server.restart();
  const answer = await fetch(`${server.url}?table=lost&offset=0_inf&handle=${handle}`);
  expect(answer.status).toBe(409);
  expect(await answer.text()).toBe('[{"headers":{"control":"must-refetch"}}]');
  expect(answer.headers.get("electric-handle")).not.toBe(handle);
  replica.stop();
  const anew = followShape(server.url, { table: "lost" });
  await anew.until(() => anew.rows.size === 1);
  anew.stop();
});

it("lets a second process wait for the slot and go on with the same shapes", async () => {
  const server = await shapeServer();
  await server.client.query("CREATE TABLE handed (id int PRIMARY KEY)");
  const first = await server.service.handle(new Request("http://in.process/?offset=-1"), { table: "handed" });
  const handle = first.headers.get("electric-handle") ?? "";
  const second = await startShapeService({ ...testOptions(server.database, server.storageDir, server.log), readyWaitMs: 0 });
  cleanups.push(() => second.close());
  const refused = await second.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}`), { table: "handed" });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  await server.client.query("INSERT INTO handed VALUES (1)");
  await server.service.close();
  await server.client.query("INSERT INTO handed VALUES (2)");
  await second.ready;
  const replies = async (offset: string): Promise<string[]> => {
    const answer = await second.handle(new Request(`http://in.process/?offset=${offset}&handle=${handle}&live=true`), { table: "handed" });
    expect([answer.status, answer.headers.get("electric-handle")]).toEqual([200, handle]);
    const keys = [...(await answer.text()).matchAll(/handed\\"\/\\"(\d)/g)].map((match) => match[1] ?? "");
    return keys.includes("2") ? keys : [...keys, ...(await replies(answer.headers.get("electric-offset") ?? ""))];
  };
  expect(await replies("0_inf")).toEqual(["1", "2"]);
});

it("moves the slot of a database where only other tables are written", async () => {
  const server = await shapeServer();
  const confirmed = async (): Promise<bigint> => {
    const { rows } = await server.client.query<{ lsn: string }>("SELECT (confirmed_flush_lsn - '0/0')::text AS lsn FROM pg_replication_slots WHERE slot_name = $1", [`slot_${server.database.name}`]);
    return BigInt(rows[0]?.lsn ?? 0);
  };
  await server.client.query("CREATE TABLE unpublished AS SELECT g, repeat('x', 500) AS v FROM generate_series(1, 20000) g");
  const { rows } = await server.client.query<{ lsn: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn");
  const written = BigInt(rows[0]?.lsn ?? 0);
  const moved = new Promise<void>((resolve) => {
    const check = (): void => {
      if (server.service.currentLsn() >= written - 1n) resolve();
    };
    server.service.subscribe(check);
    check();
  });
  await moved;
  while ((await confirmed()) < written);
  expect(await confirmed()).toBeGreaterThanOrEqual(written);
});

it("rotates the shapes of a table that changed, or went, although no row told of it", async () => {
  const server = await shapeServer({ reconcileMs: 50 });
  const { client, service } = server;
  await client.query("CREATE TABLE widened (id int PRIMARY KEY); CREATE TABLE dropped (id int PRIMARY KEY); CREATE TABLE steady (id int PRIMARY KEY)");
  for (const table of ["widened", "dropped", "steady"]) await service.handle(new Request("http://in.process/?offset=-1"), { table });
  const rotated = new Set<string>();
  const both = new Promise<void>((resolve) => {
    service.subscribe(({ touched, prevLsn, lsn }) => {
      for (const key of touched) if (prevLsn === lsn) rotated.add(key);
      if (rotated.size === 2) resolve();
    });
  });
  await client.query("ALTER TABLE widened ADD COLUMN more text; DROP TABLE dropped");
  await both;
  expect([...rotated].toSorted()).toEqual([service.shapeKey({ table: "dropped" }), service.shapeKey({ table: "widened" })].toSorted());
  const widened = await service.handle(new Request("http://in.process/?offset=-1"), { table: "widened" });
  expect(widened.headers.get("electric-schema")).toContain('"more"');
  expect((await service.handle(new Request("http://in.process/?offset=-1"), { table: "dropped" })).status).toBe(400);
});

it("takes snapshots among concurrent writers without a hole or a double", async () => {
  const server = await shapeServer();
  await server.client.query("CREATE TABLE busy (id serial PRIMARY KEY, grp int, v int)");
  await server.client.query("INSERT INTO busy (grp, v) SELECT g % 5, 0 FROM generate_series(1, 2000) g");
  const pool = new Pool({ connectionString: server.database.url, max: 4 });
  cleanups.push(() => pool.end());
  let writing = true;
  const writer = async (seed: number): Promise<void> => {
    for (let step = seed; writing; step += 7) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        await client.query("INSERT INTO busy (grp, v) VALUES ($1, $2)", [step % 5, step]);
        await client.query("UPDATE busy SET v = v + 1, grp = (grp + 1) % 5 WHERE id = $1", [1 + (step * 31) % 2000]);
        await client.query("DELETE FROM busy WHERE id = (SELECT max(id) FROM busy WHERE v = $1)", [step - 70]);
        await client.query(step % 3 === 0 ? "ROLLBACK" : "COMMIT");
      } finally {
        client.release();
      }
    }
  };
  const writers = [1, 2, 3, 4].map(writer);
  const replicas = [];
  for (let grp = 0; grp < 5; grp++) {
    const replica = followShape(server.url, { table: "busy", where: `grp = ${grp}` });
    await replica.until(() => replica.stream.isUpToDate);
    replicas.push(replica);
  }
  writing = false;
  await Promise.all(writers);
  const { rows } = await server.client.query<{ id: number; grp: number; v: number }>("SELECT id, grp, v FROM busy ORDER BY id");
  for (const [grp, replica] of replicas.entries()) {
    const expected = rows.filter((row) => row.grp === grp);
    const current = (): unknown[] => [...replica.rows.values()].toSorted((a, b) => Number(a["id"]) - Number(b["id"]));
    await replica.until(() => JSON.stringify(current()) === JSON.stringify(expected));
    replica.stop();
    expect(replica.faults).toEqual([]);
  }
});

it("starts every shape over when the database is an older copy of itself", async () => {
  const server = await shapeServer();
  await server.client.query("CREATE TABLE restored (id int PRIMARY KEY)");
  const before = await server.service.handle(new Request("http://in.process/?offset=-1"), { table: "restored" });
  await server.service.close();
  const path = join(server.storageDir, "position.json");
  const position = z.looseObject({ ackedLsn: z.string() }).parse(JSON.parse(readFileSync(path, "utf8")));
  writeFileSync(path, JSON.stringify({ ...position, ackedLsn: String(BigInt(position.ackedLsn) + (1n << 40n)) }));
  await server.restart();
  const stale = await server.service.handle(new Request(`http://in.process/?offset=0_inf&handle=${before.headers.get("electric-handle") ?? ""}`), { table: "restored" });
  expect(stale.status).toBe(409);
  expect(server.log.lines.findLast(({ message }) => message === "replication attached")?.detail["gap"]).toBe("database went back");
});

it("answers who waits for a snapshot at once when its shape ends", async () => {
  const server = await shapeServer();
  const { client, service } = server;
  await client.query("CREATE TABLE locked (id int PRIMARY KEY)");
  const ask = (): Promise<Response> => service.handle(new Request("http://in.process/?offset=-1"), { table: "locked" });
  await ask();
  service.invalidate({ shape: { table: "locked" } });
  const locker = new Client({ connectionString: server.database.url });
  cleanups.push(() => locker.end());
  await locker.connect();
  await locker.query("BEGIN; LOCK TABLE locked");
  const waiting = ask();
  while ((await client.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND wait_event_type = 'Lock'")).rowCount === 0);
  service.invalidate({ shape: { table: "locked" } });
  expect((await waiting).status).toBe(409);
  await locker.query("ROLLBACK");
  expect((await ask()).status).toBe(200);
  expect(server.log.lines.filter(({ message }) => message === "snapshot failed")).toEqual([]);
});
