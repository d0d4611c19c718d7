// What every command does first: the right Node, the npm packages of the lock file, the programs built.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

const oldestNode = [20, 19];

/** Ends the process with a clear line when Node is too old. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  process.stderr.write(`Saldo needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

/**
 * Runs npm when what is installed differs from the lock file. Compares contents, because a checkout gives files new times.
 * Not `npm ci`: it wants every platform's optional packages in the lock file, and a registry need not have all of them.
 */
export function installPackages() {
  const missing = missingPackage();
  if (missing === undefined) return;
  process.stderr.write(`Installing npm packages (${missing})…\n`);
  const npm = process.env.npm_execpath;
  const flags = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...headersOfNode() } };
  const result = npm === undefined ? spawnSync("npm", flags, { ...options, shell: process.platform === "win32" }) : spawnSync(process.execPath, [npm, ...flags], options);
  if (result.status === 0) return;
  process.stderr.write(`npm install failed: run it by hand to see why.\n`);
  process.exit(1);
}

/**
 * Points the compiling of native packages at the headers that came with Node, when they did: then a machine that reaches a
 * package registry and nothing else can compile what has no ready binary for it.
 */
function headersOfNode() {
  const prefix = path.resolve(path.dirname(process.execPath), "..");
  if (process.env.npm_config_nodedir || !existsSync(path.join(prefix, "include", "node", "node.h"))) return {};
  return { npm_config_nodedir: prefix, npm_package_config_node_gyp_nodedir: prefix };
}

/** Checks Node, installs packages and builds what is stale. */
export async function makeReady({ web = false, programs = true } = {}) {
  checkNode();
  installPackages();
  if (!programs && !web) return;
  const { buildPrograms, buildWeb } = await import("./build.mjs");
  if (programs) await buildPrograms();
  if (web) buildWeb();
}

/** The first package of the lock file that is absent or of another version, in words; undefined when all are there. */
function missingPackage() {
  const installedFile = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return "none are installed";
  const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  for (const [place, { version, optional, peer, link }] of Object.entries(wanted)) {
    if (!place.includes("node_modules/") || link) continue;
    const found = installed[place];
    if (found === undefined ? !optional && !peer : found.version !== version) return `${place.replace(/^.*node_modules\//, "")} ${version}`;
  }
  return undefined;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === path.join(root, "deploy", "ready.mjs")) await makeReady({ programs: false });
