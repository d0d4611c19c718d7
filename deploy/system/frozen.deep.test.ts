import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { relayPlace, startRelayProcess, type RelayPlace, type RelayProcess } from "./relay-process.ts";
import { signUpAt } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";

const program = fileURLToPath(new URL("../../apps-bridge/dist/saldo.mjs", import.meta.url));
/** Longer than anybody waits for an answer, and than Postgres waits for a transaction or a reader of its log that say nothing. */
const frozenMs = 66_000;
/** A bound on liveness, far beyond what devices need. */
const restMs = 150_000;
const devicesOfRun = 3;
const changesMeanwhile = 20;
const importRows = 100_000;

let database: TestDatabase;
let pool: pg.Pool;
let folder: string;
let place: RelayPlace;
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on("error", () => undefined);
  folder = await mkdtemp(path.join(tmpdir(), "saldo-frozen-"));
  await chmod(folder, 0o711);
  place = relayPlace(database.url, path.join(folder, "relay"), `slot_${database.name}`);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const server = { sql: async (text: string, values: readonly unknown[] = []) => (await pool.query<Record<string, unknown>>(text, [...values])).rows };

async function relay(): Promise<RelayProcess> {
  const started = await startRelayProcess(place);
  cleanups.push(() => started.stop());
  return started;
}

/** A device whose person goes on making categories until told to stop, and how many there are. */
interface Writer {
  readonly device: Device;
  write(count: number): Promise<void>;
  writeUntil(isOver: () => boolean): Promise<void>;
  written(): number;
}

async function writer(name: string, bearer: string, url: string, fetchClient: typeof fetch = fetch): Promise<Writer> {
  const device = await testDevice(openBetterSqlite3({ path: ":memory:" }), url, { bearer, fetch: fetchClient });
  cleanups.push(() => device.close());
  device.client.start();
  let written = 0;
  const write = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const id = `${name} ${written++}`;
      await device.record("category.create", { id, name: id, kind: "expense", createdAt: someInstant });
    }
  };
  return {
    device,
    write,
    async writeUntil(isOver) {
      while (!isOver()) await write(changesMeanwhile);
    },
    written: () => written,
  };
}

/** Freezes a relay while a transaction of it is open: it keeps its locks, and says no more. */
async function freezeInTransaction(frozen: RelayProcess, writers: readonly Writer[]): Promise<void> {
  let isFrozen = false;
  const writing = Promise.all(writers.map((each) => each.writeUntil(() => isFrozen)));
  const open = "select 1 from pg_stat_activity where datname = current_database() and application_name = 'saldo-relay' and state = 'idle in transaction' and backend_xid is not null";
  while (!isFrozen) {
    while ((await server.sql(open)).length === 0);
    frozen.freeze();
    // What it has sent is worked off; then a transaction it has not ended waits for it.
    await server.sql("select pg_sleep(0.3)");
    if ((await server.sql(open)).length > 0) isFrozen = true;
    else frozen.thaw();
  }
  await writing;
}

/** Every device sent everything, each change was applied once, and everybody has the server's rows. */
async function expectConverged(writers: readonly Writer[]): Promise<void> {
  for (const { device } of writers) await expect.poll(() => device.client.status(), { timeout: restMs, interval: 100 }).toMatchObject({ state: "saved", pendingChanges: 0 });
  const [workspace] = await server.sql("select id from workspace");
  const rows = await serverRows(server, String(workspace?.["id"]));
  expect(rows["category"]).toHaveLength(writers.reduce((sum, { written }) => sum + written(), 0));
  for (const { device } of writers) await expect.poll(() => deviceRows(device), { timeout: restMs, interval: 100 }).toEqual(rows);
  const ledger = await server.sql("select count(*)::int as n from relay.applied_mutation group by client_id");
  expect(ledger.map(({ n }) => n).toSorted()).toEqual(writers.map(({ written }) => written()).toSorted());
  expect(await server.sql("select count(*)::int as n from rejection")).toEqual([{ n: 0 }]);
  expect(await server.sql("select count(*)::int as n from pg_replication_slots where database = current_database()")).toEqual([{ n: 1 }]);
}

it("a relay that stands still for a minute, in the middle of a transaction, goes on: nothing is lost or applied twice, and devices say meanwhile that they are alone", async () => {
  const only = await relay();
  const bearer = await signUpAt(only.url);
  const writers = await Promise.all(Array.from({ length: devicesOfRun }, (_, index) => writer(`device ${index}`, bearer, only.url)));
  await freezeInTransaction(only, writers);
  await Promise.all(writers.map((each) => each.write(changesMeanwhile)));
  await Promise.all([pass(frozenMs), ...writers.map(({ device }) => device.until(({ state }) => state === "offline"))]);
  only.thaw();
  await expectConverged(writers);
});

it("another relay takes the place of one that stands still in the middle of a transaction, and gives it back", async () => {
  const [first, second] = [await relay(), await relay()];
  let origin = first.url;
  const front: typeof fetch = (input, init) => fetch(String(input instanceof Request ? input.url : input).replace(first.url, origin), init);
  const bearer = await signUpAt(first.url);
  const writers = await Promise.all(Array.from({ length: devicesOfRun }, (_, index) => writer(`device ${index}`, bearer, first.url, front)));
  await freezeInTransaction(first, writers);
  origin = second.url;
  await Promise.all(writers.map((each) => each.write(changesMeanwhile)));
  await expectConverged(writers);
  first.thaw();
  await Promise.all(writers.map((each) => each.write(changesMeanwhile)));
  await expectConverged(writers);
  await second.stop();
  origin = first.url;
  await Promise.all(writers.map((each) => each.write(changesMeanwhile)));
  await expectConverged(writers);
});

/** Runs the built program to its end; rejects when it fails. */
function saldo(...parameters: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...parameters], { env: environment() }, (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error }))));
  });
}

const environment = () => ({ PATH: process.env["PATH"], SALDO_PASSWORD: "correct horse battery" });

function begin(...parameters: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...parameters], { env: environment(), stdio: "ignore" });
  cleanups.push(() => Promise.resolve(child.kill("SIGKILL")));
  return child;
}

const until = async (fits: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await fits())) await pass(5);
};

it("a device that stands still for a minute while it sends, or receives, goes on; its books stay its own meanwhile", async () => {
  if (!existsSync(program)) throw new Error("the command line is not built: npm run build -- --programs");
  const { url } = await relay();
  const email = `${randomUUID()}@example.test`;
  const store = (name: string) => path.join(folder, name);
  const sync = (name: string) => ["sync", "--store", store(name), "--server", url, "--email", email];
  await saldo(...sync("sender"), "--sign-up", "Company");
  const lines = Array.from({ length: importRows }, (_, index) => `2026-10-${String((index % 28) + 1).padStart(2, "0")},row ${index},-${index + 1}.00`);
  writeFileSync(store("long.csv"), ["date,description,amount", ...lines].join("\n"));
  await saldo("import", store("long.csv"), "--store", store("sender"));

  const sender = begin(...sync("sender"));
  const sent = once(sender, "exit");
  await until(async () => (await server.sql("select 1 from relay.applied_mutation limit 1")).length > 0);
  sender.kill("SIGSTOP");
  await expect(saldo("transactions", "--store", store("sender"))).rejects.toThrow("store.in_use");
  await pass(frozenMs);
  sender.kill("SIGCONT");
  expect(await sent).toEqual([0, null]);
  const [{ id } = { id: "" }] = await server.sql("select id from workspace");
  expect(await server.sql("select count(*)::int as n, sum(amount_minor)::text as sum from transaction")).toEqual([{ n: importRows, sum: `-${(importRows * (importRows + 1)) / 2}00` }]);
  expect(await server.sql("select count(*)::int - max(seq)::int as missing from relay.applied_mutation")).toEqual([{ missing: 0 }]);

  const receiver = begin(...sync("receiver"));
  const received = once(receiver, "exit");
  await until(() => existsSync(store("receiver/saldo.db-wal")) && statSync(store("receiver/saldo.db-wal")).size > 1_000_000);
  receiver.kill("SIGSTOP");
  await server.sql("update transaction set note = 'meanwhile' where id in (select id from transaction order by id limit 1000)");
  await pass(frozenMs);
  receiver.kill("SIGCONT");
  expect(await received).toEqual([0, null]);
  await saldo(...sync("sender"));
  const rows = await serverRows(server, String(id));
  for (const name of ["sender", "receiver"]) {
    const device = await testDevice(openBetterSqlite3({ path: store(`${name}/saldo.db`) }), url);
    cleanups.push(() => device.close());
    expect((await deviceRows(device))["transaction"]).toEqual(rows["transaction"]);
  }
});
