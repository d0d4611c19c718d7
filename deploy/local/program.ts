import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { guard } from "../process/guard.ts";
import type { RunRecord } from "./leftovers.ts";

const restartsMax = 5;
const restartWindowMs = 60_000;
const restartDelayMs = 250;
const restartDelayMsMax = 4_000;
const stopWaitMsMax = 10_000;
const logBytesMax = 20 * 1024 * 1024;
const logTailLines = 15;

/** A program to keep running. */
export interface ProgramPlan {
  readonly name: string;
  /** The bundled file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logDir: string;
  /** True shows the log on our output as well. */
  readonly verbose: boolean;
}

/** A program that is kept running. */
export interface KeptProgram {
  readonly name: string;
  /** Rejects when it died too often to go on; never resolves. */
  readonly broken: Promise<never>;
  /** Asks it to leave, then makes it. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a program and starts it again with growing delays when it dies: at most 5 times a minute. */
export function keepRunning(plan: ProgramPlan, record: RunRecord, now: () => number): KeptProgram {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths: number[] = [];
  let giveUp: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => (giveUp = reject));
  broken.catch(() => undefined); // who waits for it hears it; nobody need wait

  const start = () => {
    child = launch(plan);
    const { pid } = child;
    if (pid !== undefined) record.add(plan.name, pid);
    child.once("error", (error) => giveUp(new Error(`The ${plan.name} could not be started: ${error.message}`)));
    child.once("exit", () => {
      child = undefined;
      if (pid !== undefined) record.remove(pid);
      if (!stopping) startAgain();
    });
  };
  const startAgain = () => {
    deaths = [...deaths.filter((at) => now() - at < restartWindowMs), now()];
    if (deaths.length > restartsMax) {
      giveUp(new Error(`The ${plan.name} keeps stopping. The end of its log (${logFile(plan)}):\n${logTail(plan)}`));
      return;
    }
    timer = setTimeout(start, Math.min(restartDelayMs * 2 ** (deaths.length - 1), restartDelayMsMax));
  };
  start();
  return {
    name: plan.name,
    broken,
    stop: () => {
      stopping = true;
      clearTimeout(timer);
      return child === undefined ? Promise.resolve() : endChild(child);
    },
  };
}

function launch(plan: ProgramPlan): ChildProcess {
  const log = logFile(plan);
  if (existsSync(log) && statSync(log).size > logBytesMax) renameSync(log, `${log}.old`);
  const stream = createWriteStream(log, { flags: "a", mode: 0o600 });
  const child = spawn(process.execPath, ["--enable-source-maps", plan.file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...plan.env },
    detached: true, // Ctrl-C in a terminal reaches only us; we stop the programs in order
  });
  guard(child, "TERM");
  for (const output of [child.stdout, child.stderr]) {
    output.pipe(stream, { end: false });
    if (plan.verbose) output.on("data", (text: Buffer) => process.stderr.write(text));
  }
  child.once("close", () => stream.end());
  return child;
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const force = setTimeout(() => child.kill("SIGKILL"), stopWaitMsMax);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(force);
}

function logFile(plan: ProgramPlan): string {
  return path.join(plan.logDir, `${plan.name}.log`);
}

/** The end of a program's log, for an error message. */
function logTail(plan: ProgramPlan): string {
  return existsSync(logFile(plan)) ? readFileSync(logFile(plan), "utf8").trimEnd().split("\n").slice(-logTailLines).join("\n") : "(no log)";
}
