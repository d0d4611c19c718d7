import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverMigrations } from "@saldo/schema/server";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFailed } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../deploy/testing/postgres.ts";
import { authorised, registerDevice, signUpPerson } from "./testing/person.ts";
import { bundleRelay, relayEnvironment, startRelayProcess } from "./testing/relay-process.ts";
import { startTestRelay } from "./testing/relay.ts";
import { readNotify } from "./testing/sse.ts";

let database: TestDatabase;
let storageDir: string;
let file: string;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-fault-"));
  await chmod(storageDir, 0o711);
  file = await bundleRelay("relay-fault");
});
afterAll(async () => {
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
  await rm(file, { force: true });
});

it("asked to stop, it answers what waits, ends its streams and ends with 0", async () => {
  const relay = await startRelayProcess(file, relayEnvironment(database.url, storageDir, `slot_${database.name}`));
  const device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const ask = (path: string) => fetch(`${relay.url}${path}`, { headers: authorised(device.person.token) });
  const shape = `/v1/shapes/category?scope=${device.person.workspaceId}`;
  let first = await ask(`${shape}&offset=-1`);
  while (first.status === 503) first = await ask(`${shape}&offset=-1`);
  await first.text();
  const handle = first.headers.get("electric-handle") ?? "";
  const next = await ask(`${shape}&handle=${handle}&offset=${first.headers.get("electric-offset")}`);
  await next.text();
  const notify = readNotify(await ask(`/v1/notify?workspace=${device.person.workspaceId}&client=${device.clientId}`));
  expect(await notify.next()).toMatchObject({ event: "check" });
  const waiting = ask(`${shape}&handle=${handle}&offset=${next.headers.get("electric-offset")}&live=true`).then(
    (answer) => answer.status,
    () => "cut",
  );
  const stopping = relay.stop();
  expect(await notify.next()).toBeNull();
  expect([200, 503, "cut"]).toContain(await waiting);
  expect(await stopping).toBe(0);
});

it("whose sessions are all cut by the database answers again at once", async () => {
  const relay = await startTestRelay();
  const device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const admin = new pg.Client({ connectionString: relay.databaseUrl });
  await admin.connect();
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  await admin.end();
  const statuses: number[] = [];
  while (statuses.at(-1) !== 200) statuses.push((await fetch(`${relay.url}/health`)).status);
  expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
  const again = await registerDevice(relay.url, device.person);
  expect(again.clientId).not.toBe(device.clientId);
  await relay.dispose();
});

it("two relays that start together on an empty database migrate it once", async () => {
  const fresh = await createTestDatabase();
  const environment = relayEnvironment(fresh.url, storageDir, `slot_${fresh.name}`);
  const [one, two] = await Promise.all([
    startRelayProcess(file, { ...environment, SALDO_STORAGE_DIR: join(storageDir, "one") }),
    startRelayProcess(file, { ...environment, SALDO_STORAGE_DIR: join(storageDir, "two") }),
  ]);
  onTestFailed(async () => {
    await Promise.all([one.stop(), two.stop()]);
  });
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  const applied = await client.query("select count(*)::int as count from migration.applied");
  const published = await client.query("select count(*)::int as count from pg_publication_tables where pubname = 'saldo' and schemaname <> 'public'");
  await client.end();
  expect([applied.rows, published.rows]).toEqual([[{ count: serverMigrations.length }], [{ count: 0 }]]);
  const person = await signUpPerson(one.url);
  expect((await registerDevice(two.url, person)).clientId).toBeTruthy();
  expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0]);
  await fresh.drop();
});
