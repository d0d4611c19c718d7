import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const room = fileURLToPath(new URL("../..", import.meta.url));

/** A program of this room, built for real processes. */
export interface BuiltProgram {
  /** Starts it with these settings and no others of ours; its output is kept. */
  start(settings: Readonly<Record<string, string>>): RunningProgram;
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

/** Builds a program from its entry (relative to this room), npm packages staying outside. */
export async function buildProgram(entry: string, name: string): Promise<BuiltProgram> {
  const file = path.join(room, "dist", `${name}.test.mjs`);
  await build({
    entryPoints: [path.join(room, entry)],
    outfile: file,
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
  return { start: (settings) => startProgram(file, settings), remove: () => rmSync(file, { force: true }) };
}

function startProgram(file: string, settings: Readonly<Record<string, string>>): RunningProgram {
  const child = spawn(process.execPath, [file], { env: { PATH: process.env["PATH"], ...settings }, stdio: ["ignore", "pipe", "pipe"] });
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
