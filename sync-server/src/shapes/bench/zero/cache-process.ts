import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../../../deploy/process/free-port.ts";
import { guard } from "../../../../../deploy/process/guard.ts";
import { residentMb } from "../service-process.ts";
import type { ZeroInstallation } from "./install.ts";

/** A running zero-cache: several processes. */
export interface ZeroCache {
  readonly url: string;
  /** Resident memory of all its processes together, in MB (10^6 bytes). */
  residentMb(): number;
  stop(): Promise<void>;
}

const startWaitMsMax = 120_000;
const startPollMs = 200;

/** Starts zero-cache on a publication of the database and waits until it answers. Throws with the end of its log. */
export async function startZeroCache(zero: ZeroInstallation, source: { readonly databaseUrl: string; readonly publication: string; readonly queryUrl: string; readonly folder: string }): Promise<ZeroCache> {
  const [port, streamerPort] = [await freePort(), await freePort()];
  const logFile = path.join(source.folder, "zero-cache.log");
  const log = openSync(logFile, "w");
  const child = spawn(zero.node, [zero.zeroCache], {
    stdio: ["ignore", log, log],
    cwd: zero.folder,
    env: {
      PATH: `${path.dirname(zero.node)}${path.delimiter}/usr/bin${path.delimiter}/bin`,
      HOME: source.folder,
      NODE_ENV: "development",
      DO_NOT_TRACK: "1",
      ZERO_ENABLE_TELEMETRY: "false",
      ZERO_UPSTREAM_DB: source.databaseUrl,
      ZERO_APP_PUBLICATIONS: source.publication,
      ZERO_REPLICA_FILE: path.join(source.folder, "zero-replica.db"),
      ZERO_PORT: String(port),
      ZERO_CHANGE_STREAMER_PORT: String(streamerPort),
      ZERO_QUERY_URL: source.queryUrl,
      ZERO_LOG_LEVEL: "warn",
    },
  });
  guard(child, "TERM");
  const url = `http://127.0.0.1:${port}`;
  await answers(child, url, () => readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-10).join("\n"));
  const { pid = -1 } = child;
  return {
    url,
    residentMb: () => processTree(pid).reduce((sum, each) => sum + residentMb(each).now, 0),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      const tree = processTree(pid);
      child.kill("SIGTERM");
      const timer = setTimeout(() => {
        for (const each of tree) {
          try {
            process.kill(each, "SIGKILL");
          } catch {
            // already gone
          }
        }
      }, 5_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function answers(child: ChildProcess, url: string, logTail: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < startWaitMsMax; waitedMs += startPollMs) {
    if (child.exitCode !== null) break;
    if (await fetch(`${url}/keepalive`).then((answer) => answer.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, startPollMs));
  }
  throw new Error(`zero-cache did not start:\n${logTail()}`);
}

/** A process and all its descendants. */
function processTree(root: number): number[] {
  const pairs = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) for (const [pid, ppid] of pairs) if (ppid === parent && pid !== undefined) found.push(pid);
  return found;
}
