// `npm run shapes` and `npm run worker`: one program alone, its settings from the environment.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { makeReady } from "./ready.mjs";
import { root } from "./root.mjs";

/** What a program is for; its settings and their defaults are in its `config.ts`. */
const purposes = {
  api: "the relay: sign-in, shapes, mutations, web app (settings: sync-server/src/config.ts)",
  shapes: "the shape service alone, for any PostgreSQL with wal_level=logical (settings: npm run shapes -- --help)",
  worker: "the cloud worker (settings: compute/src/config.ts)",
};

/** Programs with flags of their own: they answer `--help` themselves. */
const withFlags = ["shapes"];

const [name, ...rest] = process.argv.slice(2);
const purpose = Object.hasOwn(purposes, name ?? "") ? purposes[name] : undefined;
if (purpose === undefined || (rest.includes("--help") && !withFlags.includes(name))) {
  const lines = Object.entries(purposes).map(([known, what]) => `  ${known.padEnd(8)} ${what}`);
  const usage = `Usage: node deploy/run.mjs NAME\n\nRuns one program in the foreground, with its settings from environment variables:\n\n${lines.join("\n")}\n`;
  (purpose === undefined ? process.stderr : process.stdout).write(usage);
  process.exit(purpose === undefined ? 2 : 0);
}
await makeReady();
const { programs } = await import("./build.mjs");
const program = programs.find((each) => each.name === name);
const file = path.join(root, program?.outfile ?? "");
if (!existsSync(file)) {
  process.stderr.write(`${file} is not built: run npm run build.\n`);
  process.exit(1);
}
const child = spawn(process.execPath, ["--enable-source-maps", ...(program?.nodeFlags ?? []), file, ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
