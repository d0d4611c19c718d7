import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type RunningPostgres, startPostgres } from "../../../../deploy/postgres/index.ts";

/** A Postgres of one test's own, which may be killed. */
export interface OwnPostgres {
  readonly url: string;
  readonly clusterDir: string;
  /** A session, closed with the server. */
  connect(database?: string): Promise<Client>;
  /** Ends the server in order. */
  halt(): Promise<void>;
  /** Kills the postmaster as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it in a temporary folder. */
export async function ownPostgres(settings: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
  const dir = mkdtempSync(join(tmpdir(), "own-postgres-"));
  const start = (): Promise<RunningPostgres> => startPostgres({ dataDir: join(dir, "data"), settings: { fsync: "off", ...settings } });
  let running = await start();
  const { url, clusterDir } = running;
  const clients = new Set<Client>();
  const halt = async (): Promise<void> => {
    await Promise.all([...clients].map((client) => client.end().catch(() => undefined)));
    clients.clear();
    await running.stop();
  };
  return {
    url,
    clusterDir,
    connect: async (database) => {
      const address = new URL(url);
      if (database !== undefined) address.pathname = `/${database}`;
      const client = new Client({ connectionString: address.href });
      client.on("error", () => undefined);
      await client.connect();
      clients.add(client);
      return client;
    },
    halt,
    kill: async () => {
      process.kill(running.pid, "SIGKILL");
      await running.exited;
      await running.stop(); // lets go of the folder
      clients.clear();
    },
    start: async () => {
      running = await start();
      if (running.url !== url) throw new Error("Postgres came back at another port");
    },
    stop: async () => {
      await halt();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
