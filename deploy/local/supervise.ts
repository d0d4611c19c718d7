import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { portIsFree } from "../process/free-port.ts";
import { openDatabase } from "./database.ts";
import { type RunRecord, takeDataDir } from "./leftovers.ts";
import { keepRunning } from "./program.ts";
import { loadSecrets } from "./secrets.ts";

const healthWaitMsMax = 60_000;
const healthPollMs = 100;

/** What to run and where. */
export interface Installation {
  readonly port: number;
  readonly dataDir: string;
  readonly verbose: boolean;
  /** The bundled relay, which also serves the web app and answers `GET /health`. */
  readonly relayFile: string;
  /** The bundled worker. */
  readonly workerFile: string;
  /** Folder of the built web app. */
  readonly webDir: string;
  readonly databaseUrl: string | undefined;
  /** Aborted when the person does not want to wait for the start any more. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Saldo, running. */
export interface RunningSaldo {
  readonly url: string;
  /** Rejects when a part is broken for good; never resolves. */
  readonly broken: Promise<never>;
  /** Stops relay and worker, then the database. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts database, relay and worker, and waits until the relay answers.
 * Throws with a line for the person when the port is taken, the folder is in use or a part does not start, and the signal's reason when
 * aborted; nothing is left running then.
 */
export async function startSaldo(installation: Installation): Promise<RunningSaldo> {
  const { dataDir, port } = installation;
  for (const file of [installation.relayFile, installation.workerFile]) {
    if (!existsSync(file)) throw new Error(`${file} is not built: run npm run build.`);
  }
  for (const folder of ["", "logs", "files"]) mkdirSync(path.join(dataDir, folder), { recursive: true, mode: 0o711 });
  for (const folder of ["logs", "files"]) chmodSync(path.join(dataDir, folder), 0o700);
  const record = await takeDataDir(dataDir);
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of parts.splice(0).toReversed()) await part.stop();
    record.clear();
  };
  try {
    if (!(await portIsFree(port))) throw new Error(`Port ${port} is taken: choose another one with --port, or stop what listens there.`);
    installation.signal.throwIfAborted();
    const database = await openDatabase(path.join(dataDir, "postgres"), installation.databaseUrl);
    parts.push(database);
    const url = `http://localhost:${port}`;
    const programs = startPrograms(installation, record, database.url, url, parts);
    await programs.healthy;
    return { url, broken: heardByWhoeverWaits(Promise.race([database.broken, programs.broken])), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startPrograms(installation: Installation, record: RunRecord, databaseUrl: string, url: string, parts: { stop(): Promise<void> }[]) {
  const secrets = loadSecrets(installation.dataDir);
  const logDir = path.join(installation.dataDir, "logs");
  const env = {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    SALDO_AUTH_SECRET: secrets.authSecret,
    SALDO_TOKEN_PRIVATE_KEY: secrets.tokenPrivateKey,
    SALDO_PUBLIC_URL: url,
    SALDO_PORT: String(installation.port),
    SALDO_STORAGE_DIR: path.join(installation.dataDir, "files"),
    SALDO_WEB_DIR: installation.webDir,
    // One machine, one company: two processes are enough, and both leave before we lose patience.
    SALDO_WORKERS_MIN: "1",
    SALDO_WORKERS_MAX: "2",
    SALDO_DRAIN_SECONDS_MAX: "6",
  };
  const start = (name: string, file: string) => {
    const program = keepRunning({ name, file, env, logDir, verbose: installation.verbose }, record, installation.now);
    parts.push(program);
    return program;
  };
  const relay = start("relay", installation.relayFile);
  // The worker needs the tables that the relay makes.
  const workerStarted = answersHealth(url, relay.broken, installation.signal).then(() => start("worker", installation.workerFile));
  const workerBroken = workerStarted.then(({ broken }) => broken);
  return { healthy: workerStarted, broken: heardByWhoeverWaits(Promise.race([relay.broken, workerBroken])) };
}

/** A failure nobody waits for is not an unhandled one. */
function heardByWhoeverWaits(broken: Promise<never>): Promise<never> {
  broken.catch(() => undefined);
  return broken;
}

async function answersHealth(url: string, broken: Promise<never>, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const asking = async () => {
    for (let waitedMs = 0; waitedMs < healthWaitMsMax && !waiting.signal.aborted; waitedMs += healthPollMs) {
      signal.throwIfAborted();
      const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(healthPollMs);
    }
    throw new Error(`The relay did not answer ${url}/health within ${healthWaitMsMax / 1000} s; see logs/relay.log in the data folder.`);
  };
  try {
    await Promise.race([asking(), broken]);
  } finally {
    waiting.abort();
  }
}
