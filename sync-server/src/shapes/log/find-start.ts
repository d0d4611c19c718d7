import { readSync } from "node:fs";
import { compareOffsets, type LogOffset } from "../offset.ts";
import type { LogPaths } from "./compaction/copy-tail.ts";
import type { OpenFiles } from "./open-files.ts";
import type { ChunkEnd } from "./recover.ts";
import { decodeEntry, entryBytes, type SegmentEntry } from "./segment-entry.ts";

/** First chunk end behind `after`; `undefined` when there is none, or none before `visibleBytes`. */
export function chunkAfter(chunkEnds: readonly ChunkEnd[], visibleBytes: number, after: LogOffset): ChunkEnd | undefined {
  let [low, high] = [0, chunkEnds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = chunkEnds[middle];
    if (end !== undefined && compareOffsets(end.last, after) <= 0) low = middle + 1;
    else high = middle;
  }
  const found = chunkEnds[low];
  return found !== undefined && found.endByte <= visibleBytes ? found : undefined;
}

/**
 * Byte where the first message behind `after` starts in a log of so many segments, by binary search over the index file. Throws when the
 * index is damaged.
 */
export function startAfter(files: OpenFiles, paths: LogPaths, after: LogOffset, segments: number): number {
  let [low, high] = [0, segments];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entryAt(files, paths, middle);
    if (entry === undefined) throw new Error("a shape log's index is damaged");
    if (compareOffsets(entry.last, after) <= 0) low = middle + 1;
    else high = middle;
  }
  const start = entryAt(files, paths, low - 1)?.endByte ?? 0;
  const entry = entryAt(files, paths, low);
  if (entry === undefined || entry.last.tx !== after.tx || entry.firstOp > after.op) return start;
  return start + bytesUpTo(files, paths, start, entry.endByte, after.op);
}

function entryAt(files: OpenFiles, { index }: LogPaths, segment: number): SegmentEntry | undefined {
  if (segment < 0) return undefined;
  const bytes = Buffer.alloc(entryBytes);
  readSync(files.descriptor(index), bytes, 0, entryBytes, segment * entryBytes);
  return decodeEntry(bytes, 0);
}

/** Bytes of a segment's messages up to operation `op`; messages are lines, and say their own position. */
function bytesUpTo(files: OpenFiles, { log }: LogPaths, start: number, end: number, op: number): number {
  const bytes = Buffer.alloc(end - start);
  readSync(files.descriptor(log), bytes, 0, bytes.length, start);
  let skipped = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\n", skipped);
    if (lineEnd < 0) return skipped;
    const line = bytes.toString("utf8", skipped, lineEnd);
    const position = /"op_position":(\d+)(?:,"[a-z_]+":(?:true|"(?:[^"\\]|\\.)*"))*\}\},$/.exec(line)?.[1];
    if (position === undefined || Number(position) > op) return skipped;
    skipped = lineEnd + 1;
  }
}
