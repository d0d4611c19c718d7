// `npm run shapes` and `npm run worker`: one program alone, its settings from the environment.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { makeReady } from "./ready.mjs";
import { root } from "./root.mjs";

const [name, ...rest] = process.argv.slice(2);
await makeReady();
const { programs } = await import("./build.mjs");
const program = programs.find((one) => one.name === name);
const file = program && path.join(root, program.outfile);
if (file === undefined || !existsSync(file)) {
  process.stderr.write(`Usage: node deploy/run.mjs ${programs.map((one) => one.name).join("|")} [arguments]\n`);
  process.exit(2);
}
const child = spawn(process.execPath, ["--enable-source-maps", file, ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
