import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { editNames, editOf, firstImport } from "@saldo/client-core/mutations/testing";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { openPglite } from "@saldo/client-core/store/pglite";
import { storeWorkspace, systemClock, type Clock } from "@saldo/client-core/sync";
import { testDevice, type Device } from "@saldo/client-core/sync/testing";
import { SaldoError, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../testing/pglite.ts";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";
import { makeWeather, type Weather } from "./weather.ts";

const file = "deploy/system/convergence.property.pg.test.ts";
const replayed = process.env["SALDO_SEED"];
const seedsOfRun = process.env["SALDO_TEST_DEEP"] === "1" ? 40 : 2;
const commandsOfRun = 40;
const hourMs = 3_600_000;
/** How long devices may take to come to rest after healing: a bound on liveness, far beyond what they need. */
const restMs = 240_000;

let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-convergence-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});
afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

/** One device of a run, its network, its clock, and the hashes of all it recorded. */
interface Actor {
  readonly device: Device;
  readonly weather: Weather;
  readonly prefix: string;
  readonly workspaceId: string;
  readonly recorded: string[];
  jump(ms: number): void;
}

/** The platform's clock, which somebody sets to another time. */
function jumpingClock(): { readonly clock: Clock; jump(ms: number): void } {
  const { nowMs, sleep } = systemClock();
  let offsetMs = 0;
  return { clock: { nowMs: () => nowMs() + offsetMs, sleep }, jump: (ms) => void (offsetMs += ms) };
}

async function openActor(bearer: string, prefix: string, isPglite: boolean, random: Random): Promise<Actor> {
  const weather = makeWeather(random);
  const { clock, jump } = jumpingClock();
  const opened = isPglite ? openPglite(await emptyPglite()) : openBetterSqlite3({ path: ":memory:" });
  const device = await testDevice(opened, relay.url, { bearer, fetch: weather.fetch, clock });
  await device.client.syncOnce();
  const { workspaceId } = (await storeWorkspace(device.database)) ?? { workspaceId: "" };
  return { device, weather, prefix, workspaceId, recorded: [], jump };
}

type Random = (below: number) => number;

async function record({ device, recorded }: Actor, name: MutationName, args: unknown): Promise<void> {
  const last = async () => Number((await device.database.query(sql`select max("seq") as "seq" from "sync_outbox"`))[0]?.["seq"] ?? 0);
  try {
    await device.record(name, args);
  } catch (error) {
    if (error instanceof SaldoError) return;
    throw error;
  }
  const [entry] = await device.database.query(sql`select "sha256" from "sync_outbox" where "seq" = ${await last()}`);
  recorded.push(String(entry?.["sha256"]));
}

/** Some of what can go wrong, and what people do meanwhile. */
async function takeCommand(actor: Actor, random: Random, step: number): Promise<void> {
  const { device, weather, prefix, workspaceId } = actor;
  const choice = random(30);
  if (choice < 16) {
    const { name, args } = editOf(editNames[random(editNames.length)] ?? "category.create", random, prefix, step);
    if (!name.startsWith("job.")) await record(actor, name, args);
  } else if (choice < 19) weather.roughness = random(2) * 40;
  else if (choice < 21) weather.offline = random(2) === 0;
  else if (choice < 22) weather.reset();
  else if (choice < 23) actor.jump((random(97) - 48) * hourMs);
  else if (choice < 25) {
    await device.client.stop();
    device.client.start();
  } else if (choice < 26) device.client.now();
  else if (choice < 28) await relay.sql(`update category set name = $2 where workspace_id = $1 and id = $3`, [workspaceId, `server ${step}`, `${prefix}-category-${random(5)}`]);
  else if (choice < 29) await relay.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  else {
    await relay.stop();
    if (random(2) === 0) await relay.sql("select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()");
    await relay.start();
  }
}

async function run(seed: number): Promise<void> {
  const numbers = fc.sample(fc.nat(0x7fff_ffff), { seed, numRuns: 20_000 });
  let at = 0;
  const random: Random = (below) => (numbers[at++ % numbers.length] ?? 0) % below;
  const actors: Actor[] = [];
  try {
    for (let company = 0; company <= random(2); company++) {
      const bearer = await relay.signUp();
      const prefix = `s${seed}c${company}`;
      for (let index = 0; index <= 1 + random(2); index++) actors.push(await openActor(bearer, prefix, index === 1, random));
    }
    for (const actor of actors) {
      if (actors.find(({ prefix }) => prefix === actor.prefix) === actor) for (const { name, args } of firstImport(actor.prefix)) await record(actor, name, args);
      actor.device.client.start();
    }
    for (let step = 0; step < commandsOfRun; step++) {
      const actor = actors[random(actors.length)];
      if (actor) await takeCommand(actor, random, step);
    }
    for (const { weather, device } of actors) {
      weather.heal();
      device.client.now();
    }
    await demandConverged(actors);
  } finally {
    for (const { device } of actors) await device.close();
  }
}

async function demandConverged(actors: readonly Actor[]): Promise<void> {
  for (const { device } of actors) await expect.poll(() => device.client.status(), { timeout: restMs }).toMatchObject({ pendingChanges: 0, state: expect.stringMatching(/^(saved|needs_attention)$/) });
  for (const { device, workspaceId } of actors) {
    await expect.poll(async () => JSON.stringify(await deviceRows(device)) === JSON.stringify(await serverRows(relay, workspaceId)), { timeout: restMs }).toBe(true);
    expect(await device.database.query(sql`select (select count(*) from "sync_effect") + (select count(*) from "sync_base") as "left"`)).toEqual([{ left: 0 }]);
    expect(await device.client.verify()).toMatchObject({ different: [] });
  }
  for (const workspaceId of new Set(actors.map((actor) => actor.workspaceId))) {
    const applied = await relay.sql("select encode(a.sha256, 'hex') as sha256 from relay.applied_mutation a join client c on c.id = a.client_id where c.workspace_id = $1", [workspaceId]);
    const recorded = actors.filter((actor) => actor.workspaceId === workspaceId).flatMap((actor) => actor.recorded);
    expect(applied.map((row) => String(row["sha256"])).toSorted()).toEqual(recorded.toSorted());
    const numbers = await relay.sql("select c.id, c.last_seq::int as last, count(a.seq)::int as kept, coalesce(max(a.seq), 0)::int as highest from client c left join relay.applied_mutation a on a.client_id = c.id where c.workspace_id = $1 group by c.id", [workspaceId]);
    for (const { last, kept, highest } of numbers) expect([kept, highest]).toEqual([last, last]);
  }
}

describe("devices on SQLite and PGlite over a real relay and Postgres", () => {
  const seeds = replayed === undefined ? Array.from({ length: seedsOfRun }, (_, index) => index + 1) : [Number(replayed)];
  it.each(seeds)("end with the server's rows, each change applied once, whatever network, clocks, processes and slot did (seed %i)", { timeout: 900_000 }, async (seed) => {
    await run(seed).catch((cause: unknown) => {
      throw new Error(`seed ${seed}: its commands come again with SALDO_SEED=${seed} npx vitest run ${file}`, { cause });
    });
  });
});
