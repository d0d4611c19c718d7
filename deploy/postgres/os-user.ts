import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The operating-system account Postgres runs under; undefined means "the account we already are". */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const userNameOfOurs = "saldo-postgres";

/**
 * Chooses the account for Postgres, which refuses to run as root.
 * As an ordinary user (or on Windows) there is nothing to choose. As root: an existing `postgres` or `saldo-postgres`
 * account, else a system account made now, else `nobody`. Throws when none of these can be had.
 */
export function chooseOsUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = lookUp("postgres") ?? lookUp(userNameOfOurs);
  if (existing !== undefined) return existing;
  spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/bin/false", userNameOfOurs], { stdio: "ignore" });
  const chosen = lookUp(userNameOfOurs) ?? lookUp("nobody");
  if (chosen === undefined) {
    throw new Error("Postgres cannot run as root and no other account could be made: create a user named postgres.");
  }
  return chosen;
}

/** True when the account can enter the folder and read it (or its nearest existing parent). Always true without an account. */
export function reachableBy(user: OsUser | undefined, folder: string): boolean {
  if (user === undefined) return true;
  const test = 'd="$1"; while [ ! -e "$d" ]; do p="${d%/*}"; d="${p:-/}"; [ -x "$d" ] && break; done; [ -x "$d" ]';
  const shell = existsSync("/bin/sh") ? "/bin/sh" : "sh";
  return spawnSync(shell, ["-c", test, "sh", folder], { uid: user.uid, gid: user.gid, stdio: "ignore", cwd: "/" }).status === 0;
}

function lookUp(name: string): OsUser | undefined {
  try {
    const read = (flag: string) => Number.parseInt(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }), 10);
    return { name, uid: read("-u"), gid: read("-g") };
  } catch {
    return undefined;
  }
}
