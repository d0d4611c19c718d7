import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { z } from "zod";
import { startPostgres } from "../postgres/index.ts";
import { freePort } from "../process/free-port.ts";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const secrets = z.object({ password: z.string() });

/** Everything `npm start` starts, built, in a folder of its own; it can be stopped and started again at the same address. */
export interface RunningSaldo {
  readonly url: string;
  /** For whatever a test keeps beside it; removed with it. */
  readonly folder: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Runs SQL on its Postgres, as its owner; while it is stopped, on its Postgres alone, so that no device sends anything in between. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Stops it for good and removes the folder. */
  close(): Promise<void>;
}

/** Starts the built programs. Throws when they do not start: `npm run build` was not run, or what they said. */
export async function runSaldo(name: string): Promise<RunningSaldo> {
  const folder = mkdtempSync(path.join(tmpdir(), `saldo-${name}-`));
  chmodSync(folder, 0o711); // root's Postgres runs under another account
  const port = await freePort();
  const dataDir = path.join(folder, "data");
  const postgresDir = path.join(dataDir, "postgres");
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const program = spawn(process.execPath, ["deploy/dist/local.mjs", "--port", String(port), "--data", dataDir], { cwd: repository });
    running = program;
    let said = "";
    program.stderr.on("data", (piece) => (said += String(piece)));
    for await (const piece of program.stdout) {
      said += String(piece);
      if (said.includes("Saldo is ready")) return;
    }
    throw new Error(`Saldo did not start: ${said}`);
  };
  const stop = async (): Promise<void> => {
    const stopping = running;
    running = undefined;
    if (stopping === undefined || stopping.exitCode !== null) return;
    stopping.kill("SIGTERM");
    await once(stopping, "exit");
  };
  await start();
  return {
    url: `http://localhost:${port}`,
    folder,
    start,
    stop,
    async sql(text, values = []) {
      if (running !== undefined) return queryAt({ ...portAndPassword(postgresDir), host: "127.0.0.1", user: "saldo", database: "saldo" }, text, values);
      const alone = await startPostgres({ dataDir: postgresDir, database: "saldo" });
      try {
        return await queryAt({ connectionString: alone.url }, text, values);
      } finally {
        await alone.stop();
      }
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function portAndPassword(postgresDir: string): { readonly port: number; readonly password: string } {
  const { password } = secrets.parse(JSON.parse(readFileSync(path.join(postgresDir, "postgres.json"), "utf8")));
  const port = Number(readFileSync(path.join(postgresDir, "cluster", "postmaster.pid"), "utf8").split("\n")[3]);
  return { port, password };
}

async function queryAt(config: pg.ClientConfig, text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
