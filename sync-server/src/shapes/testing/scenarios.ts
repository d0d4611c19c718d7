import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { startPostgres } from "../../../../deploy/postgres/index.ts";
import { createTestDatabase } from "../../../../deploy/testing/postgres.ts";
import { factsSql } from "./generated-shapes.ts";
import { Materialised } from "./materialised.ts";
import { runOracle } from "./oracle.ts";
import { type Restart, type ShapeFleet, startShapeFleet } from "./shape-fleet.ts";
import type { Programs } from "./powered-process.ts";

/** A run against a service started from given programs; throws when the service does anything wrong. */
export type Scenario = (programs: Programs, seed: number) => Promise<void>;

const syncDelayMs = 15;
/** Transactions rolled back until a snapshot has surely been tried. */
const attemptsEnough = 6;

/** WAL position now, as a number. */
export async function walPosition(client: Client): Promise<bigint> {
  const { rows } = await client.query<{ lsn: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn");
  return BigInt(rows[0]?.lsn ?? 0);
}

/** Catches up with all that is committed now and throws when the keys are not these. */
export async function expectKeys(client: Client, shape: Materialised, query: string): Promise<void> {
  const lsn = await walPosition(client);
  await client.query("INSERT INTO marks DEFAULT VALUES");
  await shape.catchUp(lsn);
  const { rows } = await client.query<{ id: number }>(query);
  const expected = rows.map(({ id }) => String(id)).toSorted().join();
  const actual = [...shape.rows.values()].map((row) => row["id"] ?? "").toSorted().join();
  if (actual !== expected) throw new Error(`rows ${actual.slice(0, 200)}, in the table ${expected.slice(0, 200)}`);
}

function expectRotations(shape: Materialised, count: number): void {
  if (shape.rotations !== count) throw new Error(`begun anew ${shape.rotations} times, not ${count}`);
}

/** Runs `work` with a service on a database of its own that has the tables `marks` and `facts`. */
export async function onFreshDatabase(programs: Programs, seed: number, work: (fleet: ShapeFleet, client: Client, databaseUrl: string) => Promise<void>, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  client.on("error", () => undefined);
  await client.connect();
  await client.query(factsSql);
  const fleet = await startShapeFleet({ programs, databaseUrl: database.url, streamId: `s${randomBytes(6).toString("hex")}`, seed, syncDelayMs, env });
  try {
    await new Materialised(fleet.url, { table: "marks" }).catchUp(0n);
    await work(fleet, client, database.url);
  } finally {
    await fleet.stop();
    await client.end();
    await database.drop();
  }
}

/** Generated shapes and writes, a restart in each batch. */
export const oracleScenario: Scenario = (programs, seed) =>
  onFreshDatabase(programs, seed, async (fleet, _client, databaseUrl) => {
    const restarts: readonly Restart[] = ["killed", "power cut", "graceful", "power cut"];
    const disturb = async (batch: number): Promise<void> => {
      const how = restarts[batch];
      if (how !== undefined) await fleet.restart(how);
    };
    await runOracle({ databaseUrl, url: fleet.url, disturb }, { seed, shapes: 16, batches: restarts.length, transactions: 10, mutations: 5 });
  });

/** Power cuts while a stream of commits comes in. */
export const powerScenario: Scenario = (programs, seed) =>
  onFreshDatabase(programs, seed, async (fleet, client) => {
    await client.query("CREATE TABLE kept (id serial PRIMARY KEY, v text)");
    const shape = new Materialised(fleet.url, { table: "kept" });
    await shape.catchUp(0n);
    for (let round = 0; round < 4; round++) {
      for (let step = 0; step < 30; step++) await client.query("INSERT INTO kept (v) SELECT repeat('v', 50) FROM generate_series(1, 3)");
      await new Materialised(fleet.url, { table: "kept", where: `id > ${round}` }).catchUp(0n);
      for (let step = 0; step < 25; step++) await client.query("INSERT INTO kept (v) VALUES ('sooner')");
      const restarting = fleet.restart(round % 2 === 0 ? "half written" : "power cut");
      for (let step = 0; step < 25; step++) await client.query("INSERT INTO kept (v) VALUES ('later')");
      await restarting;
      await expectKeys(client, shape, "SELECT id FROM kept");
      expectRotations(shape, 0);
      for (let other = 0; other <= round; other++) await expectKeys(client, new Materialised(fleet.url, { table: "kept", where: `id > ${other}` }), `SELECT id FROM kept WHERE id > ${other}`);
    }
  });

/** The connection is cut in the middle of a transaction, again and again; a reader asks for all of it at once meanwhile. */
export const cutScenario: Scenario = (programs, seed) =>
  onFreshDatabase(programs, seed, cutAgainAndAgain, { ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: "10000000" });

async function cutAgainAndAgain(fleet: ShapeFleet, client: Client): Promise<void> {
  await client.query("CREATE TABLE wide (id serial PRIMARY KEY, v text)");
  const shape = new Materialised(fleet.url, { table: "wide", columns: "id" });
  await shape.catchUp(0n);
  for (let round = 0; round < 3; round++) {
    await client.query("INSERT INTO wide (v) SELECT repeat('v', 300) FROM generate_series(1, 20000)");
    const reading = shape.catchUp(await walPosition(client));
    reading.catch(() => undefined);
    for (let cut = 0; cut < 4; cut++) {
      while ((await client.query("SELECT FROM pg_replication_slots WHERE database = current_database() AND active_pid IS NOT NULL")).rowCount === 0);
      await client.query("SELECT pg_sleep($1)", [0.02 * (cut + 1)]);
      await client.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database() AND active_pid IS NOT NULL");
    }
    await client.query("INSERT INTO marks DEFAULT VALUES");
    await reading;
    await expectKeys(client, shape, "SELECT id FROM wide");
  }
  expectRotations(shape, 0);
  await fleet.restart("killed");
  await expectKeys(client, new Materialised(fleet.url, { table: "wide", columns: "id" }), "SELECT id FROM wide");
}

/** What makes a hole possible: the slot is dropped, an older copy of the directory comes back, the publication or the table changes. */
export const lostScenario: Scenario = (programs, seed) =>
  onFreshDatabase(programs, seed, async (fleet, client) => {
    await client.query("CREATE TABLE lost (id serial PRIMARY KEY)");
    const shape = new Materialised(fleet.url, { table: "lost" });
    const write = (): Promise<unknown> => client.query("INSERT INTO lost DEFAULT VALUES");
    await write();
    await expectKeys(client, shape, "SELECT id FROM lost");
    await client.query("TRUNCATE lost");
    await write();
    await expectKeys(client, shape, "SELECT id FROM lost");
    expectRotations(shape, 1);

    await fleet.current.stop();
    await client.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
    await write();
    await fleet.restart("killed");
    await expectKeys(client, shape, "SELECT id FROM lost");
    expectRotations(shape, 2);

    await fleet.current.stop();
    const copy = mkdtempSync(join(tmpdir(), "shapes-copy-"));
    cpSync(fleet.storageDir, copy, { recursive: true });
    await fleet.restart("killed");
    await write();
    await expectKeys(client, shape, "SELECT id FROM lost");
    expectRotations(shape, 2);
    await fleet.current.stop();
    rmSync(fleet.storageDir, { recursive: true });
    cpSync(copy, fleet.storageDir, { recursive: true });
    rmSync(copy, { recursive: true });
    await fleet.restart("killed");
    await expectKeys(client, shape, "SELECT id FROM lost");
    await expectKeys(client, new Materialised(fleet.url, { table: "lost" }), "SELECT id FROM lost");

    await fleet.current.stop();
    const { rows: publications } = await client.query<{ name: string }>("SELECT pubname AS name FROM pg_publication");
    await client.query(`ALTER PUBLICATION ${publications[0]?.name ?? ""} DROP TABLE lost`);
    await write();
    await fleet.restart("killed");
    await expectKeys(client, shape, "SELECT id FROM lost");

    await client.query("ALTER TABLE lost ADD COLUMN more text DEFAULT 'm'");
    await write();
    await expectKeys(client, shape, "SELECT id FROM lost");
    if ([...shape.rows.values()].some((row) => row["more"] !== "m")) throw new Error("a new column is missing");
  });

/** A commit that replication has sent, but that no snapshot sees yet: it waits for a standby that never comes. */
export const raceScenario: Scenario = async (programs, seed) => {
  const dir = mkdtempSync(join(tmpdir(), "shapes-race-"));
  const postgres = await startPostgres({ dataDir: join(dir, "data"), settings: { synchronous_standby_names: "nobody", synchronous_commit: "local", fsync: "off" } });
  const [watcher, writer] = [new Client({ connectionString: postgres.url }), new Client({ connectionString: postgres.url })];
  try {
    await Promise.all([watcher.connect(), writer.connect()]);
    await watcher.query("CREATE TABLE raced (id serial PRIMARY KEY); CREATE TABLE marks (id serial PRIMARY KEY)");
    await writer.query("SET synchronous_commit = on");
    const fleet = await startShapeFleet({ programs, databaseUrl: postgres.url, streamId: "race", seed });
    try {
      const first = new Materialised(fleet.url, { table: "raced" });
      await new Materialised(fleet.url, { table: "marks" }).catchUp(0n);
      for (const laterCommits of [0, 2]) await race(fleet, first, watcher, writer, laterCommits);
    } finally {
      await fleet.stop();
    }
  } finally {
    await Promise.all([watcher.end(), writer.end()]);
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

/** With later commits the waiting transaction is among those in progress; without, it is the first the snapshot does not know. */
async function race(fleet: ShapeFleet, first: Materialised, watcher: Client, writer: Client, laterCommits: number): Promise<void> {
  await first.catchUp(0n);
  const before = first.rows.size;
  const committed = writer.query("INSERT INTO raced DEFAULT VALUES");
  while (first.rows.size === before) await first.catchUp(0n);
  for (let commit = 0; commit < laterCommits; commit++) await watcher.query("INSERT INTO marks DEFAULT VALUES");
  const { rows: [start] } = await watcher.query<{ at: string }>("SELECT clock_timestamp()::text AS at");
  const rolledBack = "SELECT query_start::text AS at FROM pg_stat_activity WHERE application_name LIKE '%snapshots' AND query = 'ROLLBACK' AND query_start > $1";
  const raced = new Materialised(fleet.url, { table: "raced", where: `id > ${-laterCommits}` });
  const caughtUp = raced.catchUp(0n);
  let settled = false;
  const settle = (): boolean => (settled = true);
  caughtUp.then(settle, settle);
  const attempts = new Set<string>();
  while (!settled && attempts.size < attemptsEnough) {
    for (const { at } of (await watcher.query<{ at: string }>(rolledBack, [start?.at])).rows) attempts.add(at);
  }
  await watcher.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  await committed;
  await caughtUp;
  await expectKeys(watcher, raced, "SELECT id FROM raced");
}
