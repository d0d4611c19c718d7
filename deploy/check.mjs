// `npm run check`: types, lint, walls and dead code, side by side, and one line for each.
import { spawn } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkNode, installPackages } from "./ready.mjs";
import { root } from "./root.mjs";

const help = `Usage: npm run check

Checks everything that needs no running: types, lint, walls, dead code.
Exit code 0 when all is well, 1 when something was found (told below the table), 2 for a wrong command line.
`;

/** What is checked, and by which program of node_modules. */
const checks = [
  { name: "types", what: "TypeScript, strict", program: "typescript/bin/tsc", args: ["--noEmit", "--pretty"] },
  { name: "lint", what: "oxlint with types: cycles, any, promises, walls between rooms", program: "oxlint/bin/oxlint", args: ["--type-aware"] },
  { name: "walls", what: "the canary: each forbidden import is refused", program: "vitest/vitest.mjs", args: ["run", "deploy/walls", "--silent"] },
  { name: "dead code", what: "knip: unused files, exports, packages", program: "knip/bin/knip.js", args: ["--no-config-hints"] },
];

async function main() {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  checkNode();
  installPackages();
  const results = await Promise.all(checks.map(run));
  for (const { name, output } of results.filter(({ ok }) => !ok)) process.stdout.write(`── ${name} ${"─".repeat(60 - name.length)}\n${output.trim()}\n\n`);
  for (const { name, what, ok, seconds } of results) {
    process.stdout.write(`${ok ? "ok  " : "FAIL"}  ${name.padEnd(10)} ${`${seconds.toFixed(1)} s`.padStart(7)}  ${what}\n`);
  }
  return results.every(({ ok }) => ok) ? 0 : 1;
}

function run({ program, args, ...check }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const bin = path.join(root, "node_modules", ".bin");
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    const child = spawn(process.execPath, [path.join(root, "node_modules", program), ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => resolve({ ...check, ok: code === 0, output, seconds: (performance.now() - started) / 1000 }));
  });
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
