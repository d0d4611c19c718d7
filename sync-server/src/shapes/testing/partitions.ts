import * as fc from "fast-check";
import { Client } from "pg";
import { Materialised } from "./materialised.ts";
import { expectKeys } from "./scenarios.ts";
import { startShapeServer } from "./shape-server.ts";
import { type Passage, startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** What happens to the connections between service and Postgres: towards Postgres and back, or the walsender stops, or all are reset. */
export type Partition = readonly [up: Passage, down: Passage] | "walsender stopped" | "reset";

const joinersMax = 6;

/**
 * Breaks the network again and again while rows are written and shapes begun, and demands after each healing that every shape is complete,
 * with no other slot left behind. Throws when it is not; a wedge is an endless wait.
 */
export async function survivePartitions(rounds: readonly Partition[], { silenceMs, seed }: { readonly silenceMs?: number; readonly seed: number }): Promise<void> {
  let proxy: TcpProxy | undefined;
  const server = await startShapeServer({}, async ({ url }) => {
    proxy = await startTcpProxy(Number(new URL(url).port));
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    return { databaseUrl: proxied.href, ...(silenceMs === undefined ? {} : { silenceMs }) };
  });
  if (proxy === undefined) throw new Error("there is no proxy");
  try {
    const { client, url } = server;
    await client.query("CREATE TABLE parted (id serial PRIMARY KEY, v int); CREATE TABLE marks (id serial PRIMARY KEY)");
    const shape = new Materialised(url, { table: "parted" });
    await new Materialised(url, { table: "marks" }).catchUp(0n);
    await expectKeys(client, shape, "SELECT id FROM parted");
    const delays = fc.sample(fc.integer({ min: 0, max: 300 }), { numRuns: rounds.length, seed });
    for (const [round, partition] of rounds.entries()) {
      const write = (): Promise<unknown> => client.query("INSERT INTO parted (v) SELECT g FROM generate_series(1, 20) g");
      await write();
      const joining = new Materialised(url, { table: "parted", where: `v > ${round % joinersMax} AND id > ${round}` });
      const joined = joining.catchUp(0n);
      joined.catch(() => undefined);
      await broken(proxy, partition, server.database.url, async () => {
        await write();
        await new Promise((resolve) => setTimeout(resolve, (delays[round] ?? 0) + (silenceMs ?? 15_000) * (round % 2)));
        await write();
      });
      await joined;
      await expectKeys(client, shape, "SELECT id FROM parted");
      await expectKeys(client, joining, `SELECT id FROM parted WHERE v > ${round % joinersMax} AND id > ${round}`);
      const { rows } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_replication_slots WHERE database = current_database()");
      if (rows[0]?.n !== 1) throw new Error(`${rows[0]?.n} slots`);
    }
    if (shape.rotations > 0) throw new Error(`begun anew ${shape.rotations} times`);
  } finally {
    proxy.set("open", "open");
    await server.stop();
    await proxy.close();
  }
}

async function broken(proxy: TcpProxy, partition: Partition, databaseUrl: string, during: () => Promise<void>): Promise<void> {
  if (partition === "reset") {
    proxy.reset();
    return during();
  }
  if (partition !== "walsender stopped") {
    proxy.set(...partition);
    await during();
    proxy.set("open", "open");
    return undefined;
  }
  const pid = await walSender(databaseUrl);
  if (pid === undefined) return during();
  process.kill(pid, "SIGSTOP");
  try {
    await during();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

async function walSender(databaseUrl: string): Promise<number | undefined> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT active_pid AS pid FROM pg_replication_slots WHERE database = current_database() AND active_pid IS NOT NULL");
  await client.end();
  return rows[0]?.pid;
}
