import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, it } from "vitest";
import { freePort } from "../../../../../deploy/process/free-port.ts";
import { createTestDatabase } from "../../../../../deploy/testing/postgres.ts";
import { followShape } from "../../testing/replica.ts";
import { buildShapeProgram, type ShapeProcess, startShapeProcess } from "../../testing/shape-process.ts";
import { nothingRead, readToEnd, type Standing } from "../../testing/strict-reader.ts";

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const rounds = 4;

it("goes on with clients at every position although it is killed again and again while it compacts", async () => {
  const program = await buildShapeProgram();
  cleanups.push(() => program.remove());
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-compaction-"));
  cleanups.push(() => rmSync(storageDir, { recursive: true, force: true }));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cleanups.push(() => client.end());
  await client.query("CREATE TABLE hot (id int PRIMARY KEY, grp int, v text)");
  const port = await freePort();
  const args = ["--insecure", "--compaction", "--cleanup-interval", "10ms", "--shape-chunk-bytes-threshold", "2000", "--port", String(port), "--storage-dir", storageDir, "--replication-stream-id", database.name];
  let running: ShapeProcess | undefined;
  const launch = async (): Promise<void> => {
    running = startShapeProcess(program, { DATABASE_URL: database.url }, args);
    await running.line("replication attached");
    await running.line("shape service listening");
  };
  cleanups.push(() => running?.end("SIGKILL"));
  await launch();
  const url = `http://127.0.0.1:${port}/v1/shape?table=hot&where=${encodeURIComponent("grp < 3")}`;
  const replica = followShape(`http://127.0.0.1:${port}/v1/shape`, { table: "hot", where: "grp < 3" }, { backoffOptions: { initialDelay: 20, maxDelay: 200, multiplier: 1.5 } });
  cleanups.push(() => replica.stop());
  const standings: Standing[] = [...(await readToEnd(url, nothingRead))];
  const readOn = async (): Promise<void> => {
    standings.push(...(await readToEnd(url, standings.at(-1) ?? nothingRead)));
  };
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < 60; step++) {
      await client.query("INSERT INTO hot VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET grp = excluded.grp, v = excluded.v", [step % 7, (step * 5 + round) % 4, `${round}-${step}`]);
      if (step % 9 === 0) await client.query("DELETE FROM hot WHERE id = $1", [(step + round) % 7]);
      if (step % 4 === 0) await readOn();
    }
    if (round > 0) await running?.line("log compacted");
    await running?.end("SIGKILL");
    await launch();
  }
  // After a restart the log is known up to its synced end; what follows comes again from Postgres, the last commit last.
  await client.query("INSERT INTO hot VALUES (100, 1, 'the end')");
  while (![...(standings.at(-1)?.rows.values() ?? [])].some((row) => row["id"] === "100")) await readOn();
  const { rows } = await client.query("SELECT id::text, grp::text, v FROM hot WHERE grp < 3 ORDER BY hot.id");
  const table = (standing: Standing | undefined): unknown => [...(standing?.rows.values() ?? [])].toSorted((a, b) => Number(a["id"]) - Number(b["id"]));
  expect(new Set(standings.map(({ handle }) => handle)).size).toBe(1);
  for (const standing of [nothingRead, ...standings]) expect(table((await readToEnd(url, standing)).at(-1))).toEqual(rows);
  await replica.until(() => replica.rows.size === rows.length && replica.stream.isUpToDate);
  expect(replica.faults).toEqual([]);
  const [handle] = readdirSync(join(storageDir, "shape-service", "shapes"));
  expect(readdirSync(join(storageDir, "shape-service", "shapes", handle ?? "")).some((name) => name.startsWith("compacted-"))).toBe(true);
});
