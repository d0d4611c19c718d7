import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

const room = join(import.meta.dirname, "..", "..", "..");

/** The program as `npm run shapes` starts it. */
export interface ShapeProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Bundles `main.ts` beside the other programs, so that it finds its packages. */
export async function buildShapeProgram(): Promise<ShapeProgram> {
  const dir = join(room, "dist", `testing-${randomBytes(6).toString("hex")}`);
  const file = join(dir, "shapes.mjs");
  await build({ entryPoints: [join(room, "src", "shapes", "main.ts")], outfile: file, bundle: true, platform: "node", format: "esm", target: "node20", packages: "external", logLevel: "warning" });
  return { file, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** One line of the program's log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [detail: string]: unknown;
}

/** A running shape service. */
export interface ShapeProcess {
  readonly child: ChildProcess;
  readonly lines: readonly LogLine[];
  /** What it wrote to standard output that is no log. */
  readonly printed: readonly string[];
  /** What it wrote to standard error. */
  readonly complaints: readonly string[];
  /** The first line, past or future, with this message, or a later one; rejects when the process ends before. */
  line(message: string, occurrence?: number): Promise<LogLine>;
  /** Address it listens at, without path. */
  origin(): Promise<string>;
  /** Sends a signal and waits for the end; answers the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === "object" && value !== null && "msg" in value && typeof value.msg === "string" && "level" in value && typeof value.level === "number";
}

/** Starts the program with settings from `env` and flags from `args`. */
export function startShapeProcess(program: ShapeProgram, env: Readonly<Record<string, string>>, args: readonly string[] = []): ShapeProcess {
  const child = spawn(process.execPath, [program.file, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env["PATH"] ?? "", ...env } });
  const lines: LogLine[] = [];
  const printed: string[] = [];
  const complaints: string[] = [];
  const checks = new Set<() => void>();
  const recheck = (): void => {
    for (const check of checks) check();
  };
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line: unknown = text.startsWith("{") ? JSON.parse(text) : text;
    if (isLogLine(line)) lines.push(line);
    else printed.push(text);
    recheck();
  });
  createInterface({ input: child.stderr }).on("line", (text) => complaints.push(text));
  child.once("close", recheck);
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const waitForLine = (message: string, occurrence = 1): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = lines.filter(({ msg }) => msg === message)[occurrence - 1];
        if (found !== undefined) resolve(found);
        else if (ended()) reject(new Error(`the process ended before "${message}": ${complaints.join("\n")}`));
        else return;
        checks.delete(check);
      };
      checks.add(check);
      check();
    });
  return {
    child,
    lines,
    printed,
    complaints,
    line: waitForLine,
    origin: async () => `http://127.0.0.1:${String((await waitForLine("shape service listening"))["port"])}`,
    async end(signal) {
      if (ended()) return child.exitCode;
      // Its last lines may come after it has ended.
      const closed = once(child, "close");
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}
