import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";

/**
 * The bytes of a file of a disk, of which only what is being looked at is held. Throws what `node:fs` throws, and when the file was changed
 * since this was made.
 */
export function fileOnDisk(path: string): FileBytes {
  const { size: byteLength, mtimeMs } = statSync(path);
  const bytes = {
    byteLength,
    subarray(from: number, to: number): Uint8Array {
      const slice = new Uint8Array(Math.max(0, Math.min(to, byteLength) - from));
      const descriptor = openSync(path, "r");
      try {
        let filled = 0;
        while (filled < slice.length) {
          const read = readSync(descriptor, slice, filled, slice.length - filled, from + filled);
          if (read === 0) break;
          filled += read;
        }
        if (filled < slice.length || fstatSync(descriptor).mtimeMs !== mtimeMs) throw new Error(`${path} was changed while it was read`);
        return slice;
      } finally {
        closeSync(descriptor);
      }
    },
    async sha256() {
      const hash = createHash("sha256");
      for (const { bytes: slice } of slicesOf(bytes, 0)) hash.update(slice);
      return hash.digest("hex");
    },
  };
  return bytes;
}
