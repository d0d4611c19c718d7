import { createHash, randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";

/**
 * The bytes of a file of a disk, of which only what is being looked at is held. Throws what `node:fs` throws, and when the file was changed
 * since this was made.
 */
export function fileOnDisk(path: string): FileBytes {
  const { size: byteLength, mtimeMs } = statSync(path);
  return hashed(byteLength, (from, to) => {
    const descriptor = openSync(path, "r");
    try {
      const slice = sliceOf(descriptor, from, Math.min(to, byteLength));
      if (slice === undefined || fstatSync(descriptor).mtimeMs !== mtimeMs) throw new Error(`${path} was changed while it was read`);
      return slice;
    } finally {
      closeSync(descriptor);
    }
  });
}

/**
 * Writes what comes in pieces to a temporary file that only this process can read: it has no name any more once it is open, so that
 * nothing is left of it when the process ends, however it ends. Throws what `onPiece`, told of the bytes so far, the pieces and `node:fs` throw.
 */
export async function spooledFile(pieces: AsyncIterable<Uint8Array>, onPiece: (bytesSoFar: number) => void): Promise<FileBytes> {
  const path = join(tmpdir(), `saldo-${randomUUID()}`);
  const descriptor = openSync(path, "wx+", 0o600);
  try {
    unlinkSync(path);
    let byteLength = 0;
    for await (const piece of pieces) {
      byteLength += piece.byteLength;
      onPiece(byteLength);
      for (let written = 0; written < piece.byteLength; ) written += writeSync(descriptor, piece, written);
    }
    return hashed(byteLength, (from, to) => {
      const slice = sliceOf(descriptor, from, Math.min(to, byteLength));
      if (slice === undefined) throw new Error("a temporary file was cut");
      return slice;
    });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Bytes of an open file; undefined when it ends before. */
function sliceOf(descriptor: number, from: number, to: number): Uint8Array | undefined {
  const slice = new Uint8Array(Math.max(0, to - from));
  for (let filled = 0; filled < slice.length; ) {
    const read = readSync(descriptor, slice, filled, slice.length - filled, from + filled);
    if (read === 0) return undefined;
    filled += read;
  }
  return slice;
}

function hashed(byteLength: number, subarray: FileBytes["subarray"]): FileBytes {
  const file: FileBytes = { byteLength, subarray };
  return {
    ...file,
    async sha256() {
      const hash = createHash("sha256");
      for (const { bytes } of slicesOf(file, 0)) hash.update(bytes);
      return hash.digest("hex");
    },
  };
}
