import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, it } from "vitest";
import { freePort } from "../../../deploy/process/free-port.ts";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { followShape } from "./testing/replica.ts";

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

it("loses and doubles nothing when its process is killed in the middle of the stream", async () => {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-kill-"));
  cleanups.push(() => rmSync(storageDir, { recursive: true, force: true }));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  await client.query("CREATE TABLE survivors (id serial PRIMARY KEY, v int)");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/v1/shape`;
  let child: ChildProcess | undefined;
  const launch = (): void => {
    child = fork(join(import.meta.dirname, "main.ts"), [], {
      execArgv: ["--import", "tsx"],
      stdio: "ignore",
      env: { ...process.env, DATABASE_URL: database.url, ELECTRIC_PORT: String(port), ELECTRIC_INSECURE: "true", ELECTRIC_STORAGE_DIR: storageDir, ELECTRIC_REPLICATION_STREAM_ID: database.name },
    });
  };
  const kill = async (): Promise<void> => {
    const dying = child;
    if (dying === undefined || dying.exitCode !== null) return;
    const exited = once(dying, "exit");
    dying.kill("SIGKILL");
    await exited;
  };
  cleanups.push(kill);
  launch();
  const backoffOptions = { initialDelay: 20, maxDelay: 200, multiplier: 1.5 };
  const replica = followShape(url, { table: "survivors" }, { backoffOptions });
  cleanups.push(() => replica.stop());
  await replica.until(() => replica.stream.isUpToDate);
  const handle = replica.stream.shapeHandle;
  let expected = 0;
  for (let round = 0; round < 2; round++) {
    for (let step = 0; step < 20; step++, expected += 5) await client.query("INSERT INTO survivors (v) SELECT g FROM generate_series(1, 5) g");
    await replica.until(() => replica.rows.size >= expected - 60);
    await kill();
    await client.query("INSERT INTO survivors (v) VALUES (-1)");
    expected += 1;
    launch();
  }
  await replica.until(() => replica.rows.size === expected);
  expect(replica.faults).toEqual([]);
  expect(replica.stream.shapeHandle).toBe(handle);
  const anew = followShape(url, { table: "survivors" });
  await anew.until(() => anew.rows.size === expected && anew.stream.isUpToDate);
  anew.stop();
  expect(anew.faults).toEqual([]);
});
