// `npm run bench -- NAME` and `npm run eval -- NAME`: one benchmark or evaluation, with the machine it ran on.
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, cpus, platform, release, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { makeReady } from "./ready.mjs";
import { root, sourceFolders } from "./root.mjs";

function help(kind) {
  return `Usage: npm run ${kind} -- NAME [--json] [OPTIONS OF ITS OWN]
       npm run ${kind} -- --list

Runs the file NAME.${kind}.ts of whatever room has it. Anything else after NAME is for the ${kind} itself, e.g.
npm run bench -- shapes --peer zero; NAME --help lists what it takes.

  --json   the last line of the output is the result as JSON:
           {"bench": NAME, "machine": {…}, "figures": [{"name", "value", "unit", "reference", "hold", "ok"}]}
  --list   the names there are
  --help   this text

Exit code 0 when every figure holds, 1 when one does not, 2 for a wrong command line.
`;
}

const ownFlags = new Set(["--json", "--list", "--help", "--eval"]);

async function main(args) {
  const flags = new Set(args.filter((arg) => ownFlags.has(arg)));
  const [name, ...rest] = args.filter((arg) => !ownFlags.has(arg));
  const kind = flags.has("--eval") ? "eval" : "bench";
  const files = findFiles(kind);
  if (flags.has("--help") && name === undefined) {
    process.stdout.write(help(kind));
    return 0;
  }
  if (flags.has("--list")) {
    for (const [known, file] of files) process.stdout.write(`${known.padEnd(24)} ${file}\n`);
    return 0;
  }
  const file = name === undefined ? undefined : files.get(name);
  if (file === undefined) {
    process.stderr.write(name === undefined ? help(kind) : `There is no ${kind} "${name}": see npm run ${kind} -- --list.\n`);
    return 2;
  }
  await makeReady();
  const figures = await run(file, rest, flags.has("--help"));
  if (figures === undefined) return 0;
  process.stdout.write(flags.has("--json") ? `${JSON.stringify({ bench: name, machine: machine(), figures })}\n` : table(name, figures));
  return figures.every(({ ok }) => ok) ? 0 : 1;
}

/** Bundles the module into the repository, where its packages resolve, and runs its default export with the options it declares. */
async function run(file, args, helpAsked) {
  const { bundle, programs } = await import("./build.mjs");
  const outfile = path.join("deploy", "dist", "bench", `${path.basename(file, ".ts")}-${process.pid}.mjs`);
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-bench-"));
  chmodSync(folder, 0o711); // root's Postgres runs under another account
  try {
    await bundle({ entry: file, outfile });
    const { default: bench, options = {} } = await import(pathToFileURL(path.join(root, outfile)).href);
    if (helpAsked) {
      for (const [option, { type, help: what = "" }] of Object.entries(options)) process.stdout.write(`  --${`${option}${type === "string" ? " VALUE" : ""}`.padEnd(16)} ${what}\n`);
      return undefined;
    }
    const { values } = parseArgs({ args, options });
    return await bench({ now: () => performance.now(), note: (line) => process.stderr.write(`${line}\n`), folder, repository: root, npm: { file: process.env.npm_execpath, env: process.env }, program: (name) => programOf(programs, name), options: values });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const suffix of ["", ".map"]) rmSync(path.join(root, outfile + suffix), { force: true });
  }
}

/** How `npm run NAME` starts a program: the arguments of Node. */
function programOf(programs, name) {
  const { outfile, nodeFlags = [] } = programs.find((program) => program.name === name);
  return ["--enable-source-maps", ...nodeFlags, path.join(root, outfile)];
}

function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()}`,
    node: process.versions.node,
  };
}

function findFiles(kind) {
  const files = new Map();
  for (const room of sourceFolders) {
    for (const file of readdirSync(path.join(root, room), { recursive: true })) {
      if (!file.endsWith(`.${kind}.ts`) || /(^|[\\/])(node_modules|dist|canary)[\\/]/.test(file)) continue;
      files.set(path.basename(file, `.${kind}.ts`), path.join(room, file));
    }
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function table(name, figures) {
  const { cpu, cores, memoryGiB, node } = machine();
  const rows = [["figure", "value", "reference", "held to", ""]];
  for (const { name: figure, value, unit, reference, hold, ok } of figures) {
    rows.push([figure, `${short(value)} ${unit}`, reference === null ? "" : `${short(reference)} ${unit}`, hold ?? "", hold === null ? "" : ok ? "ok" : "FAIL"]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
  return `${name} on ${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}\n\n${lines.join("\n")}\n`;
}

function short(value) {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    const wrongUse = error?.code?.startsWith?.("ERR_PARSE_ARGS") === true;
    process.stderr.write(`${wrongUse ? error.message : (error?.stack ?? error)}\n`);
    process.exit(wrongUse ? 2 : 1);
  },
);
