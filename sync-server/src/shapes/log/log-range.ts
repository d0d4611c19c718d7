import { type CompactedChunk, compactedPath, readChunkAfter } from "./compaction/compacted-chunk.ts";
import { compareOffsets, type LogOffset } from "../offset.ts";

/** Bytes `[fromByte, toByte)` of a log file: whole messages, each followed by `,\n`. */
export interface LogRange {
  readonly path: string;
  readonly fromByte: number;
  readonly toByte: number;
  /** Offset of the last message in the range (the requested one when the range is empty). */
  readonly last: LogOffset;
  /** True when the range reaches the end of what is visible. */
  readonly reachesEnd: boolean;
  /** The bytes, when they are still in memory. */
  readonly bytes: Buffer | undefined;
  /** Makes the messages, where they are not bytes of the file as it is. May make none. */
  readonly load: (() => Promise<Buffer>) | undefined;
}

/** What follows `after` in a compacted chunk, which `after` lies before or in. */
export function compactedRange(dir: string, chunk: CompactedChunk, after: LogOffset): LogRange {
  const range = { path: compactedPath(dir, chunk), fromByte: 0, last: chunk.last, reachesEnd: false, bytes: undefined };
  if (compareOffsets(after, chunk.first) >= 0) return { ...range, toByte: chunk.bytes, load: () => readChunkAfter(dir, chunk, after) };
  if (chunk.wholeBytes === 0) return { ...range, toByte: chunk.bytes, load: () => Promise.resolve(Buffer.alloc(0)) };
  return { ...range, toByte: chunk.wholeBytes, load: undefined };
}
