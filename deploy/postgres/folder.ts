import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { sharedRoot } from "./binaries.ts";
import { type OsUser, reachableBy } from "./os-user.ts";
import { processStamp } from "../process/process-table.ts";

const stateFile = z.object({
  password: z.string().min(32),
  clusterDir: z.string(),
  port: z.number().int().optional(),
  owner: z.object({ pid: z.number().int(), stamp: z.string() }).optional(),
});

/** What is remembered between starts, in `postgres.json` (mode 0600) of the data folder. */
export type FolderState = z.infer<typeof stateFile>;

/** Opens (or makes) a data folder; as root the cluster goes elsewhere when Postgres' account cannot reach the folder. */
export function openFolder(dataDir: string, user: OsUser | undefined): FolderState {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  if (user !== undefined) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  const known = readState(dataDir);
  if (known !== undefined) {
    if (existsSync(path.join(known.clusterDir, "PG_VERSION"))) return known;
    if (path.dirname(known.clusterDir) !== dataDir) return save(dataDir, { ...known, clusterDir: placeCluster(dataDir, user) });
    return known;
  }
  return save(dataDir, { password: randomBytes(24).toString("hex"), clusterDir: placeCluster(dataDir, user) });
}

/** Takes the folder for this process. Throws when a living process (this one included) has it. */
export function takeFolder(dataDir: string, state: FolderState): FolderState {
  const owner = state.owner;
  if (owner !== undefined && processStamp(owner.pid) === owner.stamp) {
    throw new Error(`A running Saldo (process ${owner.pid}) uses ${dataDir}: stop it first, or choose another folder with --data.`);
  }
  return save(dataDir, { ...state, owner: { pid: process.pid, stamp: processStamp(process.pid) ?? "" } });
}

/** Writes the state atomically, readable by the owner only. */
export function save(dataDir: string, state: FolderState): FolderState {
  const file = path.join(dataDir, "postgres.json");
  writeFileSync(`${file}.draft`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.draft`, file);
  return state;
}

/** Makes the folder Postgres itself writes, owned by its account. */
export function makeClusterDir(clusterDir: string, user: OsUser | undefined): void {
  mkdirSync(clusterDir, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(clusterDir, user.uid, user.gid);
}

function readState(dataDir: string): FolderState | undefined {
  const file = path.join(dataDir, "postgres.json");
  return existsSync(file) ? stateFile.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

function placeCluster(dataDir: string, user: OsUser | undefined): string {
  if (reachableBy(user, dataDir)) return path.join(dataDir, "cluster");
  const clusters = path.join(sharedRoot, "clusters");
  mkdirSync(clusters, { recursive: true, mode: 0o755 });
  return path.join(clusters, randomBytes(8).toString("hex"));
}
