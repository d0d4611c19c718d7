import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pino } from "pino";
import { createProcessPool, type ProcessPool } from "../supervisor/processes.ts";

const room = fileURLToPath(new URL("../..", import.meta.url));

/** Programs of this room, built for real processes and threads, in a folder of their own. */
export interface BuiltPrograms<Name extends string> {
  /** Where a program lies. */
  file(name: Name): string;
  /** Starts a program with these settings and no others of ours; its output is kept. */
  start(name: Name, settings: Readonly<Record<string, string>>, argv?: readonly string[]): RunningProgram;
  /** Processes of a program that start again when they die; none at first. They hear of our end. */
  pool(name: Name, settings: Readonly<Record<string, string>>): ProcessPool;
  remove(): void;
}

/** A process and what it said. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Everything written to both outputs so far. */
  said(): string;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Builds programs from their entries (relative to this room), npm packages staying outside. `folder` names this use of them. */
export async function buildPrograms<Name extends string>(entries: Readonly<Record<Name, string>>, folder: string): Promise<BuiltPrograms<Name>> {
  const outdir = path.join(room, "dist", `test-${folder}`);
  await build({
    entryPoints: Object.fromEntries(Object.entries<string>(entries).map(([name, entry]) => [name, path.join(room, entry)])),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    plugins: [
      {
        name: "npm-packages-stay-outside",
        setup(bundling) {
          bundling.onResolve({ filter: /^[^./]/ }, ({ path: asked, kind }) => (kind === "entry-point" || asked.startsWith("@saldo/") ? undefined : { path: asked, external: true }));
        },
      },
    ],
  });
  const file = (name: Name) => path.join(outdir, `${name}.mjs`);
  return {
    file,
    start: (name, settings, argv = []) => startProgram([file(name), ...argv], settings),
    pool: (name, settings) => {
      const env = { PATH: process.env["PATH"], ...settings };
      return createProcessPool({ file: file(name), argv: [], env, stopMsMax: 10_000, nowMs: Date.now, random: () => 0, log: pino({ level: "silent" }) });
    },
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

function startProgram(argv: readonly string[], settings: Readonly<Record<string, string>>): RunningProgram {
  const child = spawn(process.execPath, argv, { env: { PATH: process.env["PATH"], ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (text: Buffer) => (said += text.toString("utf8")));
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => {
      process.off("exit", onExit);
      resolve(code ?? signal ?? "unknown");
    }),
  );
  return { child, said: () => said, ended };
}
