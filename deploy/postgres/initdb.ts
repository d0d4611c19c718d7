import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PostgresBinaries } from "./binaries.ts";
import { makeClusterDir } from "./folder.ts";
import type { OsUser } from "./os-user.ts";

/** The release that has a locale provider of its own; tests of the shape service also run on older ones. */
const builtinProviderSince = 17;

/** The superuser of every cluster made here. */
export const superuser = "saldo";

/** The environment Postgres programs run in: nothing of ours leaks in, messages are English whatever LANG says. */
export const postgresEnv = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" };

/** What {@link initCluster} works with. */
export interface ClusterPlan {
  readonly binaries: PostgresBinaries;
  readonly clusterDir: string;
  readonly password: string;
  readonly user: OsUser | undefined;
  /** False skips flushing the new files to disk: for clusters that live minutes. */
  readonly durable: boolean;
}

/**
 * Makes a cluster in `clusterDir` unless it holds one: UTF-8 whatever the environment, text ordered by code point.
 * The collation is Postgres' own C.UTF-8, so that an upgrade of the C library cannot break an index.
 * The cluster is made beside and renamed, so an interrupted start leaves none. Throws with initdb's own words.
 */
export function initCluster(plan: ClusterPlan): void {
  if (existsSync(path.join(plan.clusterDir, "PG_VERSION"))) return;
  const secretDir = mkdtempSync(path.join(tmpdir(), "saldo-initdb-"));
  const draftDir = `${plan.clusterDir}.draft`;
  try {
    const passwordFile = path.join(secretDir, "password");
    writeFileSync(passwordFile, `${plan.password}\n`, { mode: 0o600 });
    if (plan.user !== undefined) for (const item of [secretDir, passwordFile]) chownSync(item, plan.user.uid, plan.user.gid);
    const complaint = runInitdb(plan, draftDir, passwordFile, "C.UTF-8");
    // A C library may have no C.UTF-8; Postgres' own provider does not need it.
    if (complaint !== undefined && runInitdb(plan, draftDir, passwordFile, "C") !== undefined) {
      throw new Error(`initdb failed: ${complaint}`);
    }
    rmSync(plan.clusterDir, { recursive: true, force: true });
    renameSync(draftDir, plan.clusterDir);
  } finally {
    for (const folder of [secretDir, draftDir]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns undefined on success, else what initdb complained about. */
function runInitdb(plan: ClusterPlan, folder: string, passwordFile: string, locale: string): string | undefined {
  rmSync(folder, { recursive: true, force: true });
  makeClusterDir(folder, plan.user);
  const result = spawnSync(
    path.join(plan.binaries.binDir, "initdb"),
    [
      `--pgdata=${folder}`,
      "--encoding=UTF8",
      `--locale=${locale}`,
      ...(Number.parseInt(plan.binaries.version, 10) >= builtinProviderSince ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : []),
      `--username=${superuser}`,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      ...(plan.durable ? [] : ["--no-sync"]),
    ],
    { encoding: "utf8", env: postgresEnv, cwd: "/", ...(plan.user && { uid: plan.user.uid, gid: plan.user.gid }) },
  );
  if (result.status === 0) return undefined;
  return (result.error?.message ?? result.stderr).trim();
}
