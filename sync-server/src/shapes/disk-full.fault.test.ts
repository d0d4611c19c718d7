import { execFileSync } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { followShape, type Replica } from "./testing/replica.ts";
import { startShapeServer, type ShapeServer } from "./testing/shape-server.ts";

/** Files of the service end here while its disk is full. */
const fullBytes = 60_000;
const rounds = 2;
const clauses = ["", "g % 2 = 0", "g % 3 = 0", "v like 'b%'"] as const;

let server: ShapeServer | undefined;
const replicas: Replica[] = [];

/** Sets how large a file of this process may grow: it meets that limit where it would meet a full disk, in the middle of a write. */
function fillDisk(isFull: boolean): void {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${isFull ? fullBytes : "unlimited"}:`]);
}

afterEach(async () => {
  fillDisk(false);
  for (const replica of replicas.splice(0)) replica.stop();
  await server?.stop();
});

async function rowsOf(where: string): Promise<unknown[]> {
  const { rows } = await (server?.client.query<{ id: number; g: number; v: string }>(`SELECT id, g, v FROM filled ${where === "" ? "" : `WHERE ${where}`} ORDER BY id`) ?? { rows: [] });
  return rows;
}

const shown = (replica: Replica): unknown[] => [...replica.rows.values()].toSorted((a, b) => Number(a["id"]) - Number(b["id"]));

it("loses and doubles no change while its disk is full, says so, serves what it has, and goes on once there is space", async () => {
  server = await startShapeServer({ chunkBytesMin: 4_000 });
  const { client, url, log } = server;
  await client.query("CREATE TABLE filled (id serial PRIMARY KEY, g int NOT NULL, v text NOT NULL)");
  await client.query("CREATE TABLE apart (id serial PRIMARY KEY, v text NOT NULL)");
  await client.query("INSERT INTO filled (g, v) SELECT g, 'a' || g FROM generate_series(1, 60) g");
  const followed = clauses.map((where) => ({ where, replica: followShape(url, { table: "filled", ...(where === "" ? {} : { where }) }) }));
  replicas.push(...followed.map(({ replica }) => replica));
  for (const { replica } of followed) await replica.until(() => replica.stream.isUpToDate);
  const handle = followed[0]?.replica.stream.shapeHandle ?? "";

  for (let round = 0; round < rounds; round++) {
    const failures = () => log.lines.filter(({ message }) => message.includes("failed and is started again")).length;
    const before = failures();
    fillDisk(true);
    // Many small transactions, and one that is written to disk before it ends.
    for (let index = 0; index < 10; index++) await client.query("INSERT INTO filled (g, v) SELECT g, 'b' || repeat('x', 20 * $1) FROM generate_series(1, 12) g", [index]);
    await client.query("UPDATE filled SET v = 'b' || v WHERE g % 4 = $1", [round]);
    await client.query("INSERT INTO filled (g, v) SELECT g, repeat('y', 2000) FROM generate_series(1, 700) g");
    await client.query("DELETE FROM filled WHERE length(v) = 2000 AND g % 5 <> 0");
    await expect.poll(failures).toBeGreaterThan(before);
    // What is there can be read.
    const answer = await fetch(`${url}?table=filled&offset=-1&handle=${handle}`);
    expect(answer.status).toBe(200);
    await answer.text();
    const refused = await fetch(`${url}?table=apart&offset=-1`);
    expect([200, 500, 503]).toContain(refused.status);
    await refused.text();
    fillDisk(false);
    await client.query("INSERT INTO filled (g, v) VALUES (6, $1)", [`b end ${round}`]);
    for (const { where, replica } of followed) {
      await replica.until(() => [...replica.rows.values()].some((row) => row["v"] === `b end ${round}`) && replica.stream.isUpToDate);
      expect(shown(replica), where).toEqual(await rowsOf(where));
      expect(replica.faults).toEqual([]);
    }
  }
  for (const where of clauses) {
    const anew = followShape(url, { table: "filled", ...(where === "" ? {} : { where }) });
    replicas.push(anew);
    await anew.until(() => anew.stream.isUpToDate);
    expect(shown(anew), where).toEqual(await rowsOf(where));
  }
});
