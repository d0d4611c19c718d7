import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
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
 * Leaves a killed service's directory as a power cut might have: of each file, what was synced is kept; of the rest all, nothing or a
 * part, as `random` (0 to 1) says.
 */
export function cutPower(storageDir: string, journal: string, random: () => number): void {
  const synced = syncedBytes(journal);
  for (const file of readdirSync(storageDir, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const { size } = statSync(path);
    const certain = Math.min(size, synced.get(path) ?? 0);
    const fate = random();
    const kept = fate < 1 / 3 ? certain : fate < 1 / 2 ? size : certain + Math.floor((size - certain) * random());
    if (kept < size) truncateSync(path, kept);
  }
}
