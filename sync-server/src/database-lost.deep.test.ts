import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, it } from "vitest";
import { createTestDatabase } from "../../deploy/testing/postgres.ts";
import { startTcpProxy } from "./shapes/testing/tcp-proxy.ts";
import { openRelay } from "./testing/open-relay.ts";
import { frozen, registerDevice, signUpPerson, someInstant, upload, type Device } from "./testing/person.ts";

const devices = 30;
/** What an answer may take once the network is back: nobody waits longer than that for a connection that is gone. */
const answeredMsMax = 120_000;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

it("a relay whose connections to the database are lost without a word goes on by itself, and what was sent meanwhile is applied once", async () => {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const url = new URL(database.url);
  const proxy = await startTcpProxy(Number(url.port));
  cleanups.push(() => proxy.close());
  url.port = String(proxy.port);
  const storageDir = await mkdtemp(join(tmpdir(), "saldo-lost-"));
  cleanups.push(() => rm(storageDir, { recursive: true, force: true }));
  const relay = await openRelay({ databaseUrl: url.href, storageDir, replicationSlot: `slot_${database.name}` });
  cleanups.push(() => relay.close());
  const person = await signUpPerson(relay.url);
  const all: Device[] = [];
  for (let count = 0; count < devices; count++) all.push(await registerDevice(relay.url, person));

  const send = (seq: number) =>
    Promise.all(
      all.map(async (device, index) => {
        const id = `category ${index} ${seq}`;
        return (await upload(device, [frozen(seq, "category.create", { id, name: id, kind: "expense", createdAt: someInstant })])).status;
      }),
    );
  proxy.set("lost", "lost");
  const lost = send(1);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  proxy.set("open", "open");
  await expect.poll(async () => (await fetch(`${relay.url}/health`)).status, { timeout: answeredMsMax }).toBe(200);
  await lost;
  expect(new Set(await send(1))).toEqual(new Set([200]));
  expect(new Set(await send(2))).toEqual(new Set([200]));

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  const { rows } = await client.query("select (select count(*)::int from relay.applied_mutation) as applied, (select count(*)::int from category where workspace_id = $1) as categories, (select count(*)::int from rejection) as refused", [person.workspaceId]);
  expect(rows).toEqual([{ applied: 2 * devices, categories: 2 * devices, refused: 0 }]);
});
