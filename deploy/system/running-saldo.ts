import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { z } from "zod";
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
  /** Runs SQL on its Postgres, as its owner. */
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
      const { password } = secrets.parse(JSON.parse(readFileSync(path.join(dataDir, "postgres", "postgres.json"), "utf8")));
      const postgresPort = Number(readFileSync(path.join(dataDir, "postgres", "cluster", "postmaster.pid"), "utf8").split("\n")[3]);
      const client = new pg.Client({ host: "127.0.0.1", port: postgresPort, user: "saldo", password, database: "saldo" });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
