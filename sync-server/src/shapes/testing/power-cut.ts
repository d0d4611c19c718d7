import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const entry = z.union([z.object({ synced: z.string(), bytes: z.number() }), z.object({ renamed: z.string(), to: z.string() })]);

/** Settings of the code in `power-cut.main.ts`, by the environment variable it reads. */
export interface PowerSettings {
  /** File that gets a line for every sync and rename. */
  readonly journal: string;
  readonly syncDelayMs: number;
  readonly killAt?: { readonly what: "before sync" | "after sync" | "before rename" | "after rename" | "within write"; readonly file: string; readonly nth: number } | undefined;
}

/** How many bytes of each file are certain to be on disk, by path. */
function syncedBytes(journal: string): Map<string, number> {
  const synced = new Map<string, number>();
  const lines = existsSync(journal) ? readFileSync(journal, "utf8").split("\n") : [];
  for (const line of lines.filter((text) => text !== "")) {
    const parsed = entry.parse(JSON.parse(line));
    if ("synced" in parsed) synced.set(parsed.synced, parsed.bytes);
    else synced.set(parsed.to, synced.get(parsed.renamed) ?? 0);
  }
  return synced;
}

/**
 * Leaves a killed service's directory as a power cut might have: of each file, what was synced is kept; of the rest all, nothing, a part,
 * or the length with zeros in it, as `random` (0 to 1) says. With `bodiesOnly` every log and snapshot has zeros where it was not synced, and
 * all other files are whole.
 */
export function cutPower(storageDir: string, journal: string, random: () => number, bodiesOnly = false): void {
  const synced = syncedBytes(journal);
  for (const file of readdirSync(storageDir, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const { size } = statSync(path);
    const certain = Math.min(size, synced.get(path) ?? 0);
    const isBody = /(?:log|snapshot)\.json$/.test(file.name);
    const fate = bodiesOnly ? (isBody ? 0.7 : 1) : random();
    if (fate < 0.4) truncateSync(path, certain);
    else if (fate < 0.6) truncateSync(path, certain + Math.floor((size - certain) * random()));
    else if (fate < 0.8) wipe(path, certain, size);
  }
}

function wipe(path: string, fromByte: number, toByte: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(toByte - fromByte), 0, toByte - fromByte, fromByte);
  closeSync(file);
}
