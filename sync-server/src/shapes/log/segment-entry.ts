import { crc32 } from "node:zlib";
import type { LogOffset } from "../offset.ts";

/** Bytes of one entry of a log's index file. */
export const entryBytes = 48;

/** Index entry of a segment: a run of whole messages of one transaction, written at once. */
export interface SegmentEntry {
  /** Offset of the segment's last message. */
  readonly last: LogOffset;
  /** Operation of its first message. */
  readonly firstOp: number;
  /** Where the segment ends in the log file. */
  readonly endByte: number;
  /** Log bytes known to be on disk when the entry was written; recovery checks only what comes after. */
  readonly syncedBytes: number;
  readonly endsTransaction: boolean;
  readonly endsChunk: boolean;
  /** CRC-32 of the segment's bytes. */
  readonly checksum: number;
}

/** Encodes an entry, with its own checksum at the end. */
export function encodeEntry(entry: SegmentEntry): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  bytes.writeBigUInt64LE(entry.last.tx, 0);
  bytes.writeUIntLE(entry.last.op, 8, 6);
  bytes.writeUIntLE(entry.firstOp, 14, 6);
  bytes.writeUIntLE(entry.endByte, 20, 6);
  bytes.writeUIntLE(entry.syncedBytes, 26, 6);
  bytes.writeUInt8((entry.endsTransaction ? 1 : 0) | (entry.endsChunk ? 2 : 0), 32);
  bytes.writeUInt32LE(entry.checksum, 36);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, entryBytes - 4)), entryBytes - 4);
  return bytes;
}

/** Decodes the entry at byte `at`; `undefined` when it is torn. */
export function decodeEntry(bytes: Buffer, at: number): SegmentEntry | undefined {
  if (at + entryBytes > bytes.length) return undefined;
  const own = bytes.subarray(at, at + entryBytes);
  if (crc32(own.subarray(0, entryBytes - 4)) !== own.readUInt32LE(entryBytes - 4)) return undefined;
  const flags = own.readUInt8(32);
  return {
    last: { tx: own.readBigUInt64LE(0), op: own.readUIntLE(8, 6) },
    firstOp: own.readUIntLE(14, 6),
    endByte: own.readUIntLE(20, 6),
    syncedBytes: own.readUIntLE(26, 6),
    endsTransaction: (flags & 1) !== 0,
    endsChunk: (flags & 2) !== 0,
    checksum: own.readUInt32LE(36),
  };
}
