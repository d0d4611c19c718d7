import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { processStamp } from "../process/process-table.ts";

const runFile = z.object({
  supervisor: z.object({ pid: z.number().int(), stamp: z.string() }),
  programs: z.array(z.object({ name: z.string(), pid: z.number().int(), stamp: z.string() })),
});

type Run = z.infer<typeof runFile>;

const supervisorWaitMsMax = 2_000; // one whose npm was killed notices within half a second
const programWaitMsMax = 10_000;
const leavePollMs = 100;

/** The record of who runs on a data folder, kept in `run.json` so that a start after kill -9 knows what was left behind. */
export interface RunRecord {
  add(name: string, pid: number): void;
  remove(pid: number): void;
  /** Leaves the folder to the next start. */
  clear(): void;
}

/**
 * Takes a data folder: waits for a supervisor that is just leaving, ends programs a killed one left behind.
 * Throws when a living supervisor stays.
 */
export async function takeDataDir(dataDir: string): Promise<RunRecord> {
  const file = path.join(dataDir, "run.json");
  const before = existsSync(file) ? runFile.safeParse(JSON.parse(readFileSync(file, "utf8"))).data : undefined;
  if (before !== undefined) {
    if (!(await gone(before.supervisor, supervisorWaitMsMax))) {
      throw new Error(`Saldo already runs on ${dataDir} (process ${before.supervisor.pid}): stop it first, or choose another folder with --data.`);
    }
    await Promise.all(before.programs.map(endProgram));
  }
  const run: Run = { supervisor: { pid: process.pid, stamp: processStamp(process.pid) ?? "" }, programs: [] };
  const write = () => {
    writeFileSync(`${file}.draft`, JSON.stringify(run), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
  };
  write();
  return {
    add: (name, pid) => {
      run.programs.push({ name, pid, stamp: processStamp(pid) ?? "" });
      write();
    },
    remove: (pid) => {
      run.programs = run.programs.filter((program) => program.pid !== pid);
      write();
    },
    clear: () => {
      run.supervisor.stamp = "";
      run.programs = [];
      write();
    },
  };
}

async function endProgram(program: { pid: number; stamp: string }): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (processStamp(program.pid) !== program.stamp) return;
    process.kill(program.pid, signal);
    if (await gone(program, programWaitMsMax)) return;
  }
}

async function gone({ pid, stamp }: { pid: number; stamp: string }, waitMsMax: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= waitMsMax; waitedMs += leavePollMs) {
    if (processStamp(pid) !== stamp) return true;
    await sleep(leavePollMs);
  }
  return false;
}
