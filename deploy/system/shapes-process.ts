import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../process/free-port.ts";
import type { TestDatabase } from "../testing/postgres.ts";

const program = path.join(import.meta.dirname, "../../sync-server/src/shapes/main.ts");
const readyPollMs = 50;
const readyWaitMsMax = 120_000;

/** The shape service as a process of its own (`npm run shapes`). */
export interface ShapesProcess {
  readonly url: string;
  readonly secret: string;
  /** Ends it as a power cut would, and starts it again on the same storage and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the service on a database; resolves once it follows it. */
export async function startShapes(database: TestDatabase, storageDir: string): Promise<ShapesProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const secret = "the secret of the service behind";
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    ELECTRIC_PORT: String(port),
    ELECTRIC_SECRET: secret,
    ELECTRIC_STORAGE_DIR: storageDir,
    ELECTRIC_REPLICATION_STREAM_ID: database.name,
  };
  const launch = () => spawn(process.execPath, ["--import", "tsx", program], { env, stdio: "ignore" });
  let child = launch();
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  await active(url, child);
  return {
    url,
    secret,
    async restart() {
      await ended(child, "SIGKILL");
      child = launch();
      await active(url, child);
    },
    async stop() {
      process.off("exit", onExit);
      await ended(child, "SIGTERM");
    },
  };
}

async function active(url: string, child: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < readyWaitMsMax; waitedMs += readyPollMs) {
    const answer = await fetch(`${url}/v1/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (child.exitCode !== null) break;
    await sleep(readyPollMs);
  }
  throw new Error("the shape service did not start");
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
