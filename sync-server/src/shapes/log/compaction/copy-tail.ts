import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { decodeEntry, encodeEntry, entryBytes } from "../segment-entry.ts";

/** Paths of a log proper and its index. */
export interface LogPaths {
  readonly log: string;
  readonly index: string;
}

/** A place in a log: how many bytes and segments lie before it. */
export interface Place {
  readonly endByte: number;
  readonly segments: number;
}

const pieceBytes = 1024 * 1024;

/** Index entries as they read once everything before `base` is gone from the log. */
function rebased(entries: Buffer, base: Place): Buffer {
  const moved: Buffer[] = [];
  for (let at = 0; at < entries.length; at += entryBytes) {
    const entry = decodeEntry(entries, at);
    if (entry === undefined) throw new Error("a shape log's index is damaged");
    moved.push(encodeEntry({ ...entry, endByte: entry.endByte - base.endByte, syncedBytes: Math.max(0, entry.syncedBytes - base.endByte) }));
  }
  return Buffer.concat(moved);
}

async function copyRange(from: FileHandle, to: FileHandle, fromByte: number, toByte: number, atByte: number): Promise<void> {
  const buffer = Buffer.alloc(Math.min(pieceBytes, Math.max(1, toByte - fromByte)));
  for (let done = 0; fromByte + done < toByte; ) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, toByte - fromByte - done), fromByte + done);
    if (bytesRead === 0) throw new Error("a shape log is shorter than its index says");
    await to.write(buffer, 0, bytesRead, atByte + done);
    done += bytesRead;
  }
}

/** Copies what lies between two places of a log into fresh files, durably. */
export async function copyTail(from: LogPaths, to: LogPaths, base: Place, end: Place): Promise<void> {
  const handles: FileHandle[] = [];
  const opened = async (path: string, flags: string): Promise<FileHandle> => {
    const handle = await open(path, flags, 0o600);
    handles.push(handle);
    return handle;
  };
  try {
    const [log, index] = [await opened(to.log, "w"), await opened(to.index, "w")];
    await copyRange(await opened(from.log, "r"), log, base.endByte, end.endByte, 0);
    const entries = Buffer.alloc((end.segments - base.segments) * entryBytes);
    await (await opened(from.index, "r")).read(entries, 0, entries.length, base.segments * entryBytes);
    await index.write(rebased(entries, base), 0, undefined, 0);
    await log.datasync();
    await index.datasync();
  } finally {
    for (const handle of handles) await handle.close();
  }
}

function readAllSync(path: string, fromByte: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(path, "r");
  try {
    for (let done = 0; done < length; ) {
      const read = readSync(descriptor, bytes, done, length - done, fromByte + done);
      if (read === 0) throw new Error("a shape log is shorter than its index says");
      done += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

function writeAllSync(path: string, bytes: Buffer, atByte: number): void {
  const descriptor = openSync(path, "r+");
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, atByte + done);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Adds what was written since {@link copyTail} came to `copied`: at once, so that nothing is written in between. */
export function copyRestSync(from: LogPaths, to: LogPaths, base: Place, copied: Place, end: Place): void {
  if (end.segments === copied.segments) return;
  writeAllSync(to.log, readAllSync(from.log, copied.endByte, end.endByte - copied.endByte), copied.endByte - base.endByte);
  const entries = readAllSync(from.index, copied.segments * entryBytes, (end.segments - copied.segments) * entryBytes);
  writeAllSync(to.index, rebased(entries, base), (copied.segments - base.segments) * entryBytes);
}
