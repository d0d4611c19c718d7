import { chownSync, closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Offsets in PostgreSQL 18's `pg_control` (`ControlFileData`), little-endian. */
const control = { systemId: 0, version: 8, state: 16, checkPoint: 32, checkPointCopy: 40, checkPointBytes: 88 } as const;
const controlVersion = 1800;
const shutDown = 1;
/** Offsets in `CheckPoint`. */
const redoAt = 0;
const timelineAt = 8;
const nextXidAt = 24;
const pageBytes = 8_192;
const longHeaderBytes = 40;
const longHeaderFlag = 2;
const recordHeaderBytes = 24;
const recordCrcAt = 20;
const shortDataBlock = 255;
const xidsInSegment = 1_048_576;
const xactSegmentBytes = 262_144;

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), as Postgres checks its files. */
function crc32c(...parts: readonly Buffer[]): number {
  let crc = 0xffff_ffff;
  for (const part of parts) for (const byte of part) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** Where `pg_control` keeps its checksum: behind the last field, found by trying, because the fields between have changed often. */
function crcOffset(bytes: Buffer): number {
  for (let at = 200; at < 400; at += 4) if (crc32c(bytes.subarray(0, at)) === bytes.readUInt32LE(at)) return at;
  throw new Error("pg_control has no checksum where one was looked for");
}

/**
 * Makes a stopped cluster (in order, without slots) go on at another transaction id and WAL position, as `pg_resetwal` does, which is not
 * among the packaged programs. `nextXid` is at most 2^31 after the present one, and everything must be frozen. Throws when the cluster is not
 * of the release whose files it knows.
 */
export function resetWal(clusterDir: string, nextXid: bigint, redo: bigint): void {
  const path = join(clusterDir, "global", "pg_control");
  const bytes = readFileSync(path);
  if (bytes.readUInt32LE(control.version) !== controlVersion || bytes.readUInt32LE(control.state) !== shutDown) throw new Error("not a cluster of PostgreSQL 18 that was stopped in order");
  const crcAt = crcOffset(bytes);
  const walDir = join(clusterDir, "pg_wal");
  const segments = readdirSync(walDir).filter((name) => /^[0-9A-F]{24}$/.test(name));
  const [first] = segments;
  if (first === undefined) throw new Error("there is no WAL");
  const segmentBytes = statSync(join(walDir, first)).size;
  const magic = firstBytes(join(walDir, first));
  const segmentStart = redo - (redo % BigInt(segmentBytes));
  const recordAt = segmentStart + BigInt(longHeaderBytes);

  bytes.writeBigUInt64LE(recordAt, control.checkPoint);
  bytes.writeBigUInt64LE(recordAt, control.checkPointCopy + redoAt);
  bytes.writeBigUInt64LE(nextXid, control.checkPointCopy + nextXidAt);
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, crcAt)), crcAt);

  const checkPoint = bytes.subarray(control.checkPointCopy, control.checkPointCopy + control.checkPointBytes);
  const segment = Buffer.alloc(segmentBytes);
  segment.writeUInt16LE(magic, 0);
  segment.writeUInt16LE(longHeaderFlag, 2);
  segment.writeUInt32LE(checkPoint.readUInt32LE(timelineAt), 4);
  segment.writeBigUInt64LE(segmentStart, 8);
  segment.writeBigUInt64LE(bytes.readBigUInt64LE(control.systemId), 24);
  segment.writeUInt32LE(segmentBytes, 32);
  segment.writeUInt32LE(pageBytes, 36);
  const record = Buffer.alloc(recordHeaderBytes + 2 + checkPoint.length);
  record.writeUInt32LE(record.length, 0);
  record.writeUInt8(shortDataBlock, recordHeaderBytes);
  record.writeUInt8(checkPoint.length, recordHeaderBytes + 1);
  checkPoint.copy(record, recordHeaderBytes + 2);
  record.writeUInt32LE(crc32c(record.subarray(recordHeaderBytes), record.subarray(0, recordCrcAt)), recordCrcAt);
  record.copy(segment, longHeaderBytes);

  for (const name of readdirSync(walDir)) if (/^[0-9A-F]{24}/.test(name)) rmSync(join(walDir, name));
  const number = segmentStart / BigInt(segmentBytes);
  const perFile = 0x1_0000_0000n / BigInt(segmentBytes);
  const hex = (value: bigint): string => value.toString(16).toUpperCase().padStart(8, "0");
  writeLike(path, join(walDir, `${hex(BigInt(checkPoint.readUInt32LE(timelineAt)))}${hex(number / perFile)}${hex(number % perFile)}`), segment);
  const xact = join(clusterDir, "pg_xact", Math.floor(Number(nextXid & 0xffff_ffffn) / xidsInSegment).toString(16).toUpperCase().padStart(4, "0"));
  if (!existsSync(xact)) writeLike(path, xact, Buffer.alloc(xactSegmentBytes));
  writeFileSync(path, bytes);
}

function firstBytes(path: string): number {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(2);
  readSync(file, bytes, 0, 2, 0);
  closeSync(file);
  return bytes.readUInt16LE(0);
}

/** Writes a file that belongs to whoever owns another one. */
function writeLike(model: string, path: string, bytes: Buffer): void {
  writeFileSync(path, bytes, { mode: 0o600 });
  const { uid, gid } = statSync(model);
  chownSync(path, uid, gid);
}
