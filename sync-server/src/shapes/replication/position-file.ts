import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const record = z.object({
  /** `system_identifier` and timeline of the database cluster. */
  cluster: z.string(),
  slot: z.string(),
  /** What Postgres was last told is safe; the slot may not be beyond it. */
  ackedLsn: z.string().regex(/^\d+$/).transform(BigInt),
  /** Names the process that wrote last. */
  writer: z.string(),
});

/** How far this storage directory is known to be complete, and for which slot. */
export type Position = z.output<typeof record>;

/** Reads the position of a storage directory; `undefined` when there is none or it is damaged. */
export async function readPosition(storageDir: string): Promise<Position | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(join(storageDir, "position.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Writes a file whole and durably: readers see the old or the new content, and after a power cut the new one. The names of files made
 * before in the same folder are durable then as well.
 */
export async function writeDurably(path: string, content: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Replaces the position durably. */
export async function writePosition(storageDir: string, position: Position): Promise<void> {
  await writeDurably(join(storageDir, "position.json"), JSON.stringify({ ...position, ackedLsn: position.ackedLsn.toString() }));
}

/** True when the storage directory knows of commits beyond `flushedLsn`: a database that has come no further is an older copy of itself. */
export async function knowsBeyond(storageDir: string, flushedLsn: bigint): Promise<boolean> {
  const position = await readPosition(storageDir);
  return position !== undefined && position.ackedLsn > flushedLsn;
}
