import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { formatOffset, type LogOffset, parseOffset } from "../../offset.ts";
import type { CompactedChunk } from "./compacted-chunk.ts";

const offset = z.string().transform((text, context): LogOffset => {
  const parsed = parseOffset(text);
  if (parsed?.kind === "after") return parsed.offset;
  context.addIssue({ code: "custom", message: "not an offset" });
  return z.NEVER;
});

const record = z.object({
  version: z.literal(1),
  log: z.string(),
  chunks: z.array(z.object({ name: z.string(), first: offset, last: offset, wholeBytes: z.number(), bytes: z.number() })),
});

/** Which files a log consists of: compacted chunks, then the log proper. */
export interface LogFiles {
  /** File name of the log proper, without ending. */
  readonly log: string;
  readonly chunks: readonly CompactedChunk[];
}

const manifestName = "compacted.json";
const ours = /^(?:log|compacted)(?:-\d+)?\.(?:json|idx)(?:\.new)?$/;

/** Reads which files count and removes what a compaction that was cut off left behind. Throws on a damaged manifest. */
export async function readLogFiles(dir: string): Promise<LogFiles> {
  const names = await readdir(dir);
  const files = names.includes(manifestName) ? record.parse(JSON.parse(await readFile(join(dir, manifestName), "utf8"))) : { log: "log", chunks: [] };
  const known = new Set([manifestName, ...[files.log, ...files.chunks.map(({ name }) => name)].flatMap((name) => [`${name}.json`, `${name}.idx`])]);
  for (const name of names) if (ours.test(name) && !known.has(name)) await rm(join(dir, name), { force: true });
  return { log: files.log, chunks: files.chunks };
}

/** Replaces the manifest durably, at once: from here on other files count. */
export function writeLogFilesSync(dir: string, { log, chunks }: LogFiles): void {
  const text = JSON.stringify({ version: 1, log, chunks: chunks.map((chunk) => ({ ...chunk, first: formatOffset(chunk.first), last: formatOffset(chunk.last) })) });
  const fresh = join(dir, `${manifestName}.new`);
  writeFileSync(fresh, text, { mode: 0o600, flush: true });
  renameSync(fresh, join(dir, manifestName));
  const folder = openSync(dir, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** A number no file of this log has yet. */
export function nextFileNumber({ log, chunks }: LogFiles): number {
  return 1 + Math.max(0, ...[log, ...chunks.map(({ name }) => name)].map((name) => Number(/-(\d+)$/.exec(name)?.[1] ?? 0)));
}
