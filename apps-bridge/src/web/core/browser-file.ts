import { sha256 } from "@noble/hashes/sha2.js";
import type { FileBytes } from "@saldo/client-core/import";
import { SaldoError } from "@saldo/schema";

/** What workers have and windows have not; the types of the page's own scope do not know it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(file: Blob): ArrayBuffer };

const hashedBytesMax = 1024 * 1024;

/**
 * The bytes of a file that was chosen in a window, for a worker: only what is being looked at is held. Throws `SaldoError`
 * `import.file_changed` when the browser cannot give them any more.
 */
export function browserFile(file: Blob): FileBytes {
  const reader = new FileReaderSync();
  let hash: Promise<string> | undefined;
  return {
    blob: file,
    byteLength: file.size,
    subarray: (from, to) => {
      try {
        return new Uint8Array(reader.readAsArrayBuffer(file.slice(from, to)));
      } catch (cause) {
        throw changed(cause);
      }
    },
    sha256: () => (hash ??= hashOf(file)),
  };
}

/** Other work goes on between two slices. */
async function hashOf(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let from = 0; from < file.size; from += hashedBytesMax) {
    const slice = await file.slice(from, from + hashedBytesMax).arrayBuffer().catch((cause: unknown) => Promise.reject(changed(cause)));
    hash.update(new Uint8Array(slice));
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function changed(cause: unknown): SaldoError {
  return new SaldoError("import.file_changed", {}, { cause });
}
