import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processCommand, processStamp } from "../process/process-table.ts";

const stopWaitMsMax = 30_000;
const stopPollMs = 25;

/** What a cluster's `postmaster.pid` says. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number | undefined;
}

/** Reads `postmaster.pid`; undefined when there is none or it is not one. */
export function readPostmasterFile(clusterDir: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(path.join(clusterDir, "postmaster.pid"), "utf8").split("\n");
    const pid = Number.parseInt(lines[0] ?? "", 10);
    const port = Number.parseInt(lines[3] ?? "", 10);
    return Number.isInteger(pid) && pid > 1 ? { pid, port: Number.isInteger(port) ? port : undefined } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Leaves the cluster free to be started: stops a postmaster whose owner died, and defuses a pid file whose number now belongs to
 * another process. Postgres would refuse both. Throws when an orphan does not stop in 30 s.
 */
export async function clearOrphan(clusterDir: string): Promise<"none" | "stopped" | "stale"> {
  const file = readPostmasterFile(clusterDir);
  if (file === undefined) return "none";
  if (processStamp(file.pid) !== undefined && servesCluster(file.pid, clusterDir)) {
    await stopProcess(file.pid);
    return "stopped";
  }
  defuse(clusterDir);
  return "stale";
}

/** Stops a process with a fast Postgres shutdown (SIGINT), then an immediate one (SIGQUIT), and waits until it is gone. */
export async function stopProcess(pid: number): Promise<void> {
  const stamp = processStamp(pid);
  if (stamp === undefined) return;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    process.kill(pid, signal);
    for (let waitedMs = 0; waitedMs < stopWaitMsMax / 2; waitedMs += stopPollMs) {
      if (processStamp(pid) !== stamp) return;
      await sleep(stopPollMs);
    }
  }
  throw new Error(`Postgres process ${pid} did not stop within ${stopWaitMsMax / 1000} s.`);
}

function servesCluster(pid: number, clusterDir: string): boolean {
  const command = processCommand(pid);
  return command.includes("postgres") && command.includes(clusterDir);
}

/**
 * Writes our own number into the stale pid file: Postgres takes its parent's number for stale, and still checks by the file's
 * shared-memory line that no old backend is alive, which deleting the file would skip.
 */
function defuse(clusterDir: string): void {
  const file = path.join(clusterDir, "postmaster.pid");
  const rest = readFileSync(file, "utf8").split("\n").slice(1);
  writeFileSync(file, [String(process.pid), ...rest].join("\n"));
}
