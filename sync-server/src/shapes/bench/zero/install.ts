import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BenchContext } from "../../../../../deploy/bench/bench.ts";

/** An installed zero. */
export interface ZeroInstallation {
  readonly folder: string;
  /** The Node it runs under. */
  readonly node: string;
  readonly version: string;
  /** The program zero-cache. */
  readonly zeroCache: string;
  /** Our programs beside it. */
  readonly programs: string;
}

const installMsMax = 900_000;

/**
 * Installs `node@24` and then, with it, `@rocicorp/zero` from the npm registry into a folder of their own. `programs` is copied beside them.
 * Throws, with npm's last words, when it cannot be.
 */
export function installZero(folder: string, npm: BenchContext["npm"], programs: string): ZeroInstallation {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module", allowScripts: { node: true, "@rocicorp/zero-sqlite3": true } }));
  const bin = path.join(folder, "node_modules", ".bin");
  const install = (what: string, npmUnder: string): void => {
    const flags = ["install", "--no-audit", "--no-fund", "--loglevel=error", what];
    const options = { cwd: folder, env: { ...npm.env, PATH: `${bin}${path.delimiter}${npm.env["PATH"] ?? ""}` }, encoding: "utf8", timeout: installMsMax } as const;
    const result = npm.file === undefined ? spawnSync("npm", flags, options) : spawnSync(npmUnder, [npm.file, ...flags], options);
    if (result.status !== 0) throw new Error(`${what} cannot be installed from the npm registry here: ${(result.stderr || String(result.error ?? "")).trim().split("\n").slice(-5).join("\n")}`);
  };
  install("node@24", process.execPath);
  const node = path.join(bin, "node");
  if (!existsSync(node)) throw new Error("node@24 was installed without its program: npm may be set to run no install scripts");
  install("@rocicorp/zero", node);
  const copied = path.join(folder, "programs.mjs");
  copyFileSync(programs, copied);
  const zero = path.join(folder, "node_modules", "@rocicorp", "zero");
  const manifest: unknown = JSON.parse(readFileSync(path.join(zero, "package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
  return { folder, node, version, zeroCache: path.join(bin, "zero-cache"), programs: copied };
}
