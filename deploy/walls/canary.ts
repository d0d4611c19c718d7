import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

/** What the linter was to say about one canary file, and what it said. */
export interface CanaryVerdict {
  readonly file: string;
  /** The code its first line asks for; undefined when it is to be accepted. */
  readonly wanted: string | undefined;
  readonly found: readonly string[];
}

const lintReport = z.object({ diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })) });
const typescriptConfig = z.object({ compilerOptions: z.record(z.string(), z.unknown()) });

/**
 * Lints `deploy/walls/canary/`, files that each break one wall or keep to all, with the repository's own configuration.
 * They are copied to a folder of their own first, since the configuration leaves the canary out of everyday lint.
 */
export function judgeCanary(repository: string): CanaryVerdict[] {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-walls-"));
  try {
    cpSync(path.join(repository, "deploy", "walls", "canary"), folder, { recursive: true });
    const config = z.record(z.string(), z.unknown()).parse(readJson(path.join(repository, ".oxlintrc.json")));
    writeFileSync(path.join(folder, ".oxlintrc.json"), JSON.stringify({ ...config, $schema: undefined, ignorePatterns: [] }));
    const { compilerOptions } = typescriptConfig.parse(readJson(path.join(repository, "tsconfig.json")));
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] } }));
    const found = lint(folder, repository);
    return sourceFiles(folder).map((file) => ({ file, wanted: wantedOf(path.join(folder, file)), found: found.get(file) ?? [] }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wantedOf(file: string): string | undefined {
  const [firstLine = ""] = readFileSync(file, "utf8").split("\n");
  const match = /^\/\/ (?:accepts|rejects: (\S+))$/.exec(firstLine);
  if (match === null) throw new Error(`${file} does not begin with "// accepts" or "// rejects: CODE".`);
  return match[1];
}

/** The codes found in each file. */
function lint(folder: string, repository: string): Map<string, string[]> {
  const modules = path.join(repository, "node_modules");
  const env = { ...process.env, PATH: `${path.join(modules, ".bin")}${path.delimiter}${process.env["PATH"] ?? ""}` };
  const program = path.join(modules, "oxlint", "bin", "oxlint");
  const result = spawnSync(process.execPath, [program, "--type-aware", "--format", "json"], { cwd: folder, env, encoding: "utf8" });
  const codes = new Map<string, string[]>();
  for (const { filename, code } of lintReport.parse(JSON.parse(result.stdout)).diagnostics) {
    const file = path.relative(folder, path.resolve(folder, filename));
    codes.set(file, [...(codes.get(file) ?? []), code]);
  }
  return codes;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
