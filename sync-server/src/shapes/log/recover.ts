import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { decodeEntry, entryBytes, type SegmentEntry } from "./segment-entry.ts";

/** A place where a chunk of the log ends. */
export interface ChunkEnd {
  readonly last: SegmentEntry["last"];
  readonly endByte: number;
  /** Number of segments up to here. */
  readonly segments: number;
}

/** What a log holds after its torn tail was cut off. */
export interface RecoveredLog {
  readonly segments: number;
  readonly endByte: number;
  readonly last: SegmentEntry["last"] | undefined;
  readonly chunkEnds: ChunkEnd[];
}

const indexReadBytes = 1_024 * entryBytes;

/** Yields entries up to the first torn or impossible one. */
async function* intactEntries(index: FileHandle, logBytes: number): AsyncGenerator<SegmentEntry> {
  const buffer = Buffer.alloc(indexReadBytes);
  let previousEnd = 0;
  for (let position = 0; ; ) {
    const { bytesRead } = await index.read(buffer, 0, indexReadBytes, position);
    const whole = bytesRead - (bytesRead % entryBytes);
    for (let at = 0; at < whole; at += entryBytes) {
      const entry = decodeEntry(buffer, at);
      if (entry === undefined || entry.endByte <= previousEnd || entry.endByte > logBytes) return;
      previousEnd = entry.endByte;
      yield entry;
    }
    if (whole < indexReadBytes) return;
    position += whole;
  }
}

async function isIntact(log: FileHandle, from: number, entry: SegmentEntry): Promise<boolean> {
  const bytes = Buffer.alloc(entry.endByte - from);
  const { bytesRead } = await log.read(bytes, 0, bytes.length, from);
  return bytesRead === bytes.length && crc32(bytes) === entry.checksum;
}

/**
 * Reads a log's index, verifies what was not yet known to be on disk, and truncates both files to the last whole transaction.
 * Idempotent. Throws when bytes are missing that were on disk before: that is damage, not a crash.
 */
export async function recoverLog(logPath: string, indexPath: string): Promise<RecoveredLog> {
  const log = await open(logPath, "a+");
  const index = await open(indexPath, "a+");
  try {
    const [{ size }, { size: indexBytes }] = await Promise.all([log.stat(), index.stat()]);
    if (size === 0 && indexBytes === 0) return { segments: 0, endByte: 0, last: undefined, chunkEnds: [] };
    let syncedBytes = 0;
    for await (const entry of intactEntries(index, Infinity)) syncedBytes = Math.max(syncedBytes, entry.syncedBytes);
    if (syncedBytes > size) throw new Error("a shape log is shorter than what was on disk");
    let good: RecoveredLog = { segments: 0, endByte: 0, last: undefined, chunkEnds: [] };
    const chunkEnds: ChunkEnd[] = [];
    let [segments, endByte] = [0, 0];
    for await (const entry of intactEntries(index, size)) {
      if (entry.endByte > syncedBytes && !(await isIntact(log, endByte, entry))) break;
      segments += 1;
      endByte = entry.endByte;
      if (entry.endsChunk) chunkEnds.push({ last: entry.last, endByte, segments });
      if (entry.endsTransaction) good = { segments, endByte, last: entry.last, chunkEnds };
    }
    await log.truncate(good.endByte);
    await index.truncate(good.segments * entryBytes);
    return { ...good, chunkEnds: chunkEnds.filter((end) => end.endByte <= good.endByte) };
  } finally {
    await log.close();
    await index.close();
  }
}
