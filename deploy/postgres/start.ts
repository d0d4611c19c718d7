import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort, portIsFree } from "../process/free-port.ts";
import { guard } from "../process/guard.ts";
import { findBinaries, type PostgresBinaries } from "./binaries.ts";
import { type FolderState, openFolder, save, takeFolder } from "./folder.ts";
import { initCluster, postgresEnv, superuser } from "./initdb.ts";
import { chooseOsUser, type OsUser } from "./os-user.ts";
import { clearOrphan, stopProcess } from "./postmaster.ts";

const startAttemptsMax = 5;
const retryDelayMs = 400;
const readyWaitMsMax = 60_000;
const readyPollMs = 40;
const logBytesMax = 10 * 1024 * 1024;
const wrongPassword = "28P01";

/** What {@link startPostgres} needs to know. */
export interface PostgresOptions {
  /** Folder that keeps the cluster, its password and its port; made when missing. */
  readonly dataDir: string;
  /** Loopback port; without it the one of the last start, or a free one. */
  readonly port?: number;
  /** Database to make when missing and to name in `url`. */
  readonly database?: string;
  /** Server settings over ours, e.g. `{ fsync: "off" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** False leaves the server running when this process is killed; it is then stopped by the next start. Default true. */
  readonly diesWithUs?: boolean;
}

/** A running embedded Postgres. */
export interface RunningPostgres {
  /** Connection URL of the superuser, password included: never print it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** Where the cluster's files are; under /var/lib/saldo when root's Postgres cannot reach the data folder. */
  readonly clusterDir: string;
  /** Resolves when the server process ends, asked for or not. */
  readonly exited: Promise<void>;
  /** Fast shutdown: sessions are cut, everything committed is kept. Idempotent. */
  stop(): Promise<void>;
}

const serverSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  wal_level: "logical",
  max_replication_slots: "20",
  max_wal_senders: "20",
  max_connections: "200",
  max_slot_wal_keep_size: "4GB", // a relay that is down cannot fill the disk
  wal_sender_timeout: "60s",
  log_checkpoints: "off",
  log_min_messages: "warning",
  logging_collector: "off",
};

/**
 * Starts an embedded PostgreSQL on loopback: makes the cluster on the first start, finds it on later ones, also after this process
 * or the server was killed. Throws when another living process uses the folder, the given port is taken, or the server does not start
 * (with the end of its log).
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const user = chooseOsUser();
  const binaries = findBinaries(user);
  const opened = openFolder(dataDir, user);
  const state = takeFolder(dataDir, opened);
  try {
    await clearOrphan(state.clusterDir);
    const durable = options.settings?.["fsync"] !== "off";
    initCluster({ binaries, clusterDir: state.clusterDir, password: state.password, user, durable });
    return await startServer(options, dataDir, state, binaries, user);
  } catch (error) {
    save(dataDir, { ...state, owner: undefined });
    throw error;
  }
}

async function startServer(
  options: PostgresOptions,
  dataDir: string,
  state: FolderState,
  binaries: PostgresBinaries,
  user: OsUser | undefined,
): Promise<RunningPostgres> {
  let complaint = "";
  for (let attempt = 1; attempt <= startAttemptsMax; attempt++) {
    const port = await choosePort(options.port, state.port);
    const child = spawnServer({ ...serverSettings, ...options.settings, port: String(port) }, dataDir, state, binaries, user);
    const url = urlOf(state.password, port);
    if (await becomesReady(child, url)) {
      save(dataDir, { ...state, port });
      if (options.diesWithUs !== false) guard(child, "INT");
      if (options.database !== undefined) await makeDatabase(url("postgres"), options.database);
      return running(child, { url: url(options.database ?? "postgres"), port, version: binaries.version, state, dataDir });
    }
    complaint = logTail(dataDir);
    await sleep(retryDelayMs * attempt); // old backends may still be leaving, or someone took the port between looking and listening
  }
  throw new Error(`Postgres did not start. The end of its log:\n${complaint}`);
}

async function choosePort(asked: number | undefined, remembered: number | undefined): Promise<number> {
  if (asked !== undefined) {
    if (await portIsFree(asked)) return asked;
    throw new Error(`Port ${asked} is taken: choose another one for Postgres.`);
  }
  return remembered !== undefined && (await portIsFree(remembered)) ? remembered : freePort();
}

function spawnServer(
  settings: Readonly<Record<string, string>>,
  dataDir: string,
  state: FolderState,
  binaries: PostgresBinaries,
  user: OsUser | undefined,
): ChildProcess {
  const log = path.join(dataDir, "postgres.log");
  if (existsSync(log) && statSync(log).size > logBytesMax) renameSync(log, `${log}.old`);
  const logFd = openSync(log, "a", 0o600);
  try {
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return spawn(path.join(binaries.binDir, "postgres"), ["-D", state.clusterDir, ...flags], {
      stdio: ["ignore", logFd, logFd],
      env: postgresEnv,
      cwd: "/",
      detached: true, // Ctrl-C in a terminal reaches only us; we stop the server after those who use it
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } finally {
    closeSync(logFd);
  }
}

async function becomesReady(child: ChildProcess, url: (database: string) => string): Promise<boolean> {
  let ended = child.pid === undefined;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  for (let waitedMs = 0; !ended && waitedMs < readyWaitMsMax; waitedMs += readyPollMs) {
    if (await answers(url("postgres"))) return true;
    await sleep(readyPollMs);
  }
  if (child.pid !== undefined && !ended) await stopProcess(child.pid);
  return false;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === wrongPassword) {
      throw new Error("The kept password does not open this cluster: postgres.json belongs to another one.", { cause: error });
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function running(
  child: ChildProcess,
  server: { url: string; port: number; version: string; state: FolderState; dataDir: string },
): RunningPostgres {
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  const pid = child.pid ?? -1;
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) await stopProcess(pid);
    await exited;
    save(server.dataDir, { ...server.state, port: server.port, owner: undefined });
  };
  const { url, port, version } = server;
  return { url, port, pid, version, clusterDir: server.state.clusterDir, exited, stop: () => (stopping ??= stop()) };
}

function urlOf(password: string, port: number): (database: string) => string {
  return (database) => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function logTail(dataDir: string): string {
  const log = path.join(dataDir, "postgres.log");
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").slice(-8).join("\n");
  } catch {
    return "(no log)";
  }
}
