import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { someInstant, testDevice, type Device } from "@saldo/client-core/sync/testing";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPostgres, type RunningPostgres } from "../postgres/index.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";
import { deviceRows, serverRows } from "./same-rows.ts";

let folder: string;
let postgres: RunningPostgres;
let relay: RunningRelay;
const devices: Device[] = [];

/** The command that fetches WAL from an archive finds none: a recovery ends where the backup does. */
const startServer = () => startPostgres({ dataDir: path.join(folder, "postgres"), database: "books", settings: { fsync: "off", restore_command: "false" } });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-restored-"));
  postgres = await startServer();
  relay = await runRelay({ databaseUrl: postgres.url, storageDir: path.join(folder, "relay"), replicationSlot: "saldo" });
});

afterEach(async () => {
  for (const each of devices.splice(0)) await each.close();
  await relay.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function device(bearer: string): Promise<Device> {
  const made = await testDevice(openBetterSqlite3({ path: ":memory:" }), relay.url, { bearer });
  devices.push(made);
  return made;
}

/** Stops relay and database, does something with the cluster's files, and starts both again. */
async function whileStopped(work: () => void): Promise<void> {
  await relay.stop();
  await postgres.stop();
  work();
  postgres = await startServer();
  await relay.start();
}

const category = (id: string, name = id) => ({ id, name, kind: "expense", createdAt: someInstant });
const named = (name: string) => sql`select "id" from "category" where "name" = ${name}`;
const saved = (one: Device) => one.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);

const generation = async () => (await relay.sql("select generation from relay.server_generation"))[0]?.["generation"];

interface Backup {
  take(): Promise<void>;
  putBack(): Promise<void>;
}

/** The files of the whole cluster, put back as they were or recovered, which begins a timeline of its own. */
const ofFiles = (recovered: boolean) => (): Backup => {
  const kept = path.join(folder, "backup");
  const copy = (from: string, to: string) => execFileSync("cp", ["-a", from, to]); // keeps the owner, who may not be us
  return {
    take: () => whileStopped(() => copy(postgres.clusterDir, kept)),
    putBack: () =>
      whileStopped(() => {
        rmSync(postgres.clusterDir, { recursive: true });
        copy(kept, postgres.clusterDir);
        if (recovered) writeFileSync(path.join(postgres.clusterDir, "recovery.signal"), "");
      }),
  };
};

/** One database of the cluster, read back beside the others. */
const ofOneDatabase = (): Backup => {
  const admin = async (...statements: readonly string[]) => {
    await relay.stop();
    const address = new URL(postgres.url);
    address.pathname = "/postgres";
    const client = new pg.Client({ connectionString: address.href });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
    await relay.start();
  };
  const endSessions = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'books'";
  return {
    take: () => admin(endSessions, "create database kept template books"),
    putBack: () => admin("select pg_drop_replication_slot('saldo')", "drop database books with (force)", "alter database kept rename to books"),
  };
};

const backups: readonly [name: string, of: () => Backup][] = [
  ["the disk", ofFiles(false)],
  ["the whole cluster, recovered", ofFiles(true)],
  ["the one database", ofOneDatabase],
];

describe("a server restored from a backup while its devices are ahead of it", () => {
  it.each(backups)("gets again what they had sent, and all end with its rows: a backup of %s", async (_, of) => {
    const backup = of();
    const bearer = await relay.signUp();
    const [a, b] = [await device(bearer), await device(bearer)];
    for (const each of [a, b]) each.client.start();
    await a.record("category.create", category("c1", "before the backup"));
    await a.record("category.create", category("c2", "archived later"));
    await b.untilRow(named("archived later"));
    await Promise.all([a, b].map(saved));
    const before = await generation();
    await backup.take();
    expect(await generation()).toBe(before);
    await relay.sql("create table made_after_the_backup ()"); // devices send their rows again at once; this nobody does

    const late = await device(bearer);
    late.client.start();
    await late.record("category.create", category("c3", "of a device the backup does not know"));
    await a.record("category.rename", { categoryId: "c1", name: "after the backup" });
    await b.record("category.archive", { categoryId: "c2", archived: true });
    await a.untilRow(named("of a device the backup does not know"));
    await b.untilRow(named("after the backup"));
    await Promise.all([a, b, late].map(saved));
    await b.client.stop();
    await b.record("category.create", category("c4", "offline meanwhile"));
    await backup.putBack();
    expect(await relay.sql("select to_regclass('made_after_the_backup') as known")).toEqual([{ known: null }]);
    expect(await generation()).not.toBe(before);

    b.client.start();
    const whole = sql`select 1 as "one" where (select count(*) from "category") = 4
      and exists (select 1 from "category" where "name" = 'after the backup') and exists (select 1 from "category" where "id" = 'c2' and "archived")`;
    for (const each of [a, b, late]) await each.untilRow(whole);
    await Promise.all([a, b, late].map(saved));
    expect(await relay.sql("select name from category where not archived order by id")).toEqual(["after the backup", "of a device the backup does not know", "offline meanwhile"].map((name) => ({ name })));
    const [workspace] = await relay.sql("select id from workspace");
    const server = await serverRows(relay, String(workspace?.["id"]));
    for (const each of [a, b, late]) await expect.poll(() => deviceRows(each)).toEqual(server);
  });
});
