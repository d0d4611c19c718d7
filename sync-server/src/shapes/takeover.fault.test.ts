import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { startFront } from "./testing/front.ts";
import { followShape, type Replica } from "./testing/replica.ts";
import { buildShapeProgram, type ShapeProcess, type ShapeProgram, startShapeProcess } from "./testing/shape-process.ts";

let program: ShapeProgram;
beforeAll(async () => {
  program = await buildShapeProgram();
});
afterAll(() => program.remove());

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const backoffOptions = { initialDelay: 20, maxDelay: 200, multiplier: 1.5 };

interface Place {
  readonly client: Client;
  readonly storageDir: string;
  readonly slot: string;
  launch(storageDir?: string): ShapeProcess;
}

async function place(): Promise<Place> {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-takeover-"));
  cleanups.push(() => rmSync(storageDir, { recursive: true, force: true }));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  const launch = (dir = storageDir): ShapeProcess => {
    const running = startShapeProcess(program, { DATABASE_URL: database.url }, ["--insecure", "--port", "0", "--storage-dir", dir, "--replication-stream-id", database.name]);
    cleanups.push(() => running.end("SIGKILL"));
    return running;
  };
  return { client, storageDir, slot: `shapes_slot_${database.name}`, launch };
}

const health = async (running: ShapeProcess): Promise<readonly [number, string]> => {
  const answer = await fetch(`${await running.origin()}/v1/health`);
  return [answer.status, await answer.text()];
};

/** Until a shape's record is on disk another process knows nothing of it, and its clients begin anew. */
async function recorded({ client, storageDir }: Place, handle: string | undefined): Promise<void> {
  while (!existsSync(join(storageDir, "shape-service", "shapes", handle ?? "", "shape.json"))) await client.query("SELECT 1");
}

/** Clients of one address; each sees the same rows. */
function follow(url: string, table: string, count: number): Replica[] {
  return Array.from({ length: count }, () => {
    const replica = followShape(url, { table }, { backoffOptions });
    cleanups.push(() => replica.stop());
    return replica;
  });
}

it.each(["SIGTERM", "SIGKILL"] as const)("lets a waiting instance take over after %s of the first without rotating a shape", async (signal) => {
  const here = await place();
  const { client, launch } = here;
  await client.query("CREATE TABLE taken (id serial PRIMARY KEY, v int); INSERT INTO taken (v) SELECT g FROM generate_series(1, 100) g");
  const first = launch();
  await first.line("replication attached");
  const second = launch();
  expect(await health(first)).toEqual([200, '{"status":"active"}']);
  const origins = [await first.origin(), await second.origin()] as const;
  let origin: string = origins[0];
  const front = await startFront(() => origin);
  cleanups.push(() => front.close());
  const replicas = follow(front.url, "taken", 5);
  await Promise.all(replicas.map((replica) => replica.until(() => replica.rows.size === 100 && replica.stream.isUpToDate)));
  const handles = replicas.map(({ stream }) => stream.shapeHandle);
  await recorded(here, handles[0]);
  expect((await health(second))[0]).toBe(202);
  await client.query("INSERT INTO taken (v) VALUES (101)");
  const ended = first.end(signal);
  await client.query("INSERT INTO taken (v) VALUES (102)");
  origin = origins[1];
  expect(await ended).toBe(signal === "SIGTERM" ? 0 : null);
  await second.line("replication attached");
  await client.query("INSERT INTO taken (v) VALUES (103)");
  await Promise.all(replicas.map((replica) => replica.until(() => replica.rows.size === 103)));
  expect(replicas.map(({ stream }) => stream.shapeHandle)).toEqual(handles);
  expect(replicas.flatMap(({ faults }) => faults)).toEqual([]);
  expect(second.lines.filter(({ msg }) => msg === "shape rotated")).toEqual([]);
  expect(await health(second)).toEqual([200, '{"status":"active"}']);
});

it("answers everything of 200 live sockets when a rolling deploy ends the old instance, and no change comes twice", async () => {
  const { client, slot, launch } = await place();
  await client.query("CREATE TABLE rolled (id serial PRIMARY KEY, v int)");
  const first = launch();
  await first.line("replication attached");
  const origins = [await first.origin()];
  const front = await startFront(() => origins.at(-1) ?? "");
  cleanups.push(() => front.close());
  const replicas = follow(front.url, "rolled", 200);
  await Promise.all(replicas.map((replica) => replica.until(() => replica.stream.isUpToDate)));
  const [handle] = replicas.map(({ stream }) => stream.shapeHandle);
  const second = launch();
  origins.push(await second.origin());
  const writing = (async () => {
    for (let step = 0; step < 60; step++) await client.query("INSERT INTO rolled (v) SELECT g FROM generate_series(1, 5) g");
  })();
  expect(await first.end("SIGTERM")).toBe(0);
  expect(first.lines.map(({ msg }) => msg)).toContain("stopped");
  await second.line("replication attached");
  await writing;
  await Promise.all(replicas.map((replica) => replica.until(() => replica.rows.size === 300)));
  expect(new Set(replicas.map(({ stream }) => stream.shapeHandle))).toEqual(new Set([handle]));
  expect(replicas.flatMap(({ faults }) => faults)).toEqual([]);
  const { rows } = await client.query("SELECT count(*)::int AS slots, count(active_pid)::int AS active FROM pg_replication_slots WHERE slot_name = $1", [slot]);
  expect(rows).toEqual([{ slots: 1, active: 1 }]);
});

it("takes over from an instance that hangs in the middle of a transaction, and gives back to it after it woke", async () => {
  const here = await place();
  const { client, launch } = here;
  await client.query("CREATE TABLE hung (id serial PRIMARY KEY, v text)");
  const first = launch();
  await first.line("replication attached");
  const second = launch();
  const origins = [await first.origin(), await second.origin()] as const;
  let origin: string = origins[0];
  const front = await startFront(() => origin);
  cleanups.push(() => front.close());
  const [replica] = follow(front.url, "hung", 1);
  await replica?.until(() => replica.stream.isUpToDate);
  const handle = replica?.stream.shapeHandle;
  await recorded(here, handle);
  const writing = client.query("INSERT INTO hung (v) SELECT repeat('x', 500) FROM generate_series(1, 40000)");
  first.child.kill("SIGSTOP");
  origin = origins[1];
  await writing;
  await second.line("replication attached");
  first.child.kill("SIGCONT");
  await client.query("INSERT INTO hung (v) VALUES ('after')");
  await replica?.until(() => replica.rows.size === 40_001);
  await first.line("replication stream ended");
  await client.query("INSERT INTO hung (v) VALUES ('later')");
  await replica?.until(() => replica.rows.size === 40_002);
  origin = origins[0];
  await second.end("SIGTERM");
  await first.line("replication attached", 2);
  await client.query("INSERT INTO hung (v) VALUES ('last')");
  await replica?.until(() => replica.rows.size === 40_003);
  expect([replica?.faults, replica?.stream.shapeHandle]).toEqual([[], handle]);
  const [anew] = follow(front.url, "hung", 1);
  await anew?.until(() => anew.rows.size === 40_003 && anew.stream.isUpToDate);
  expect([anew?.faults, anew?.stream.shapeHandle]).toEqual([[], handle]);
  expect([...first.lines, ...second.lines].filter(({ msg }) => msg === "shape rotated")).toEqual([]);
});

it("begins every shape anew, and says why, when the next instance has another folder", async () => {
  const { client, storageDir, launch } = await place();
  await client.query("CREATE TABLE moved (id int PRIMARY KEY)");
  const first = launch();
  await first.line("replication attached");
  const initial = await fetch(`${await first.origin()}/v1/shape?table=moved&offset=-1`);
  const handle = initial.headers.get("electric-handle") ?? "";
  await initial.text();
  await first.end("SIGTERM");
  const second = launch(join(storageDir, "other"));
  expect((await second.line("replication attached"))["gap"]).toBe("slot moved");
  const answer = await fetch(`${await second.origin()}/v1/shape?table=moved&offset=0_inf&handle=${handle}`);
  expect(answer.status).toBe(409);
});
