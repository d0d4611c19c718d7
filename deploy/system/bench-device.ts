import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { z } from "zod";
import type { BenchContext } from "../bench/bench.ts";
import type { DeviceReport } from "./bench-device.main.ts";

const run = promisify(execFile);
const report: z.ZodType<DeviceReport> = z.object({
  task: z.string(),
  ms: z.number(),
  rows: z.number(),
  cpuMs: z.number(),
  peakMegabytes: z.number(),
  backMs: z.number().optional(),
  longestWaitMs: z.number().optional(),
});

/** Runs one task of a device in a process of its own, so that its memory is only its own. */
export type RunDevice = (task: string, store: string, ...rest: readonly string[]) => Promise<DeviceReport>;

/** Bundles the device's program, as those of the product are, for as long as `use` takes. Throws what `use` throws, and when a task fails. */
export async function withDevice<Result>({ repository, note }: Pick<BenchContext, "repository" | "note">, use: (device: RunDevice) => Promise<Result>): Promise<Result> {
  const program = path.join(repository, "deploy", "dist", "bench", `bench-device-${process.pid}.mjs`);
  await bundle(repository, program);
  try {
    return await use(async (...args) => {
      const { stdout } = await run(process.execPath, [program, ...args]);
      const told = report.parse(JSON.parse(stdout));
      note(`${told.task}: ${Math.round(told.ms)} ms, ${told.cpuMs} ms of processor time, ${told.rows} rows, ${told.peakMegabytes} MB`);
      return told;
    });
  } finally {
    for (const suffix of ["", ".map"]) rmSync(program + suffix, { force: true });
  }
}

async function bundle(repository: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(repository, "deploy", "system", "bench-device.main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    external: ["better-sqlite3", "@electric-sql/pglite"],
    banner: { js: 'import { createRequire as nodeRequireFrom } from "node:module"; const require = nodeRequireFrom(import.meta.url);' },
  });
}
