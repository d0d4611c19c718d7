import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../../deploy/process/free-port.ts";
import { guard } from "../../../../deploy/process/guard.ts";

/** The real program (`npm run shapes`) in a process of its own. */
export interface ServiceProcess {
  /** Address of `/v1/shape`. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const startWaitMsMax = 30_000;
const startPollMs = 50;

/** Starts the service on an empty storage folder and waits until it is active. Throws when it does not become so. */
export async function startService(place: { readonly program: readonly string[]; readonly folder: string; readonly databaseUrl: string; readonly name: string }, nodeFlags: readonly string[] = []): Promise<ServiceProcess> {
  const port = await freePort();
  const folder = path.join(place.folder, place.name);
  mkdirSync(folder);
  const log = openSync(path.join(place.folder, `${place.name}.log`), "w");
  const child = spawn(process.execPath, [...nodeFlags, ...place.program], {
    stdio: ["ignore", log, log],
    cwd: place.folder,
    env: { DATABASE_URL: place.databaseUrl, ELECTRIC_PORT: String(port), ELECTRIC_INSECURE: "true", ELECTRIC_STORAGE_DIR: folder, ELECTRIC_REPLICATION_STREAM_ID: place.name },
  });
  guard(child, "TERM");
  await becomesActive(child, `http://127.0.0.1:${port}/v1/health`);
  return {
    url: `http://127.0.0.1:${port}/v1/shape`,
    pid: child.pid ?? -1,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function becomesActive(child: ChildProcess, url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < startWaitMsMax; waitedMs += startPollMs) {
    if (child.exitCode !== null) throw new Error(`the shape service ended with ${child.exitCode}`);
    const status = await fetch(url).then((answer) => answer.status, () => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, startPollMs));
  }
  throw new Error("the shape service did not become active");
}

/** Resident memory of a process in MB (10^6 bytes): now, and the most it ever was (where the system tells, else now). */
export function residentMb(pid: number): { readonly now: number; readonly peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]);
    return { now: (kib("VmRSS") * 1024) / 1e6, peak: (kib("VmHWM") * 1024) / 1e6 };
  } catch {
    const now = (Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024) / 1e6;
    return { now, peak: now };
  }
}
