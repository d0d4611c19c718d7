import type { StoreSpace } from "@saldo/client-core/store/pglite";
import { isOutOfSpace } from "./out-of-space.ts";
import { openSyncFile, type SyncFile } from "./sync-file.ts";

/** Space kept back for each database: a segment of Postgres' log and what belongs to it. */
const reserveBytes = 24 * 1024 * 1024;
const reserveName = "reserve";
const lastByte = new Uint8Array(1);

/**
 * Space of the browser's share that a database keeps back. Postgres does not survive that its log cannot be written: a write that finds no space
 * left takes the reserve's instead, what is under way is rolled back, and nothing is written until the reserve is whole again:
 *
 *     whole ──no space left──► short (writes refused, reads work) ──there is space again──► whole
 */
export interface Reserve extends StoreSpace {
  /**
   * Runs a write; when there is no space left for it, once more with the reserve's. Throws {@link NoSpaceError} when that is too little. A browser says
   * that there is none, or writes a part: `isWhole` tells.
   */
  spend<Result>(write: () => Result, isWhole?: (result: Result) => boolean): Result;
  /** True when so much could be written now. */
  hasRoom(bytes: number): boolean;
  close(): void;
}

/** That there is no space left, as PGlite's file system tells Postgres: by its number of ENOSPC. */
class NoSpaceError extends Error {
  override readonly name = "NoSpaceError";
  readonly code = 51;
}

/** Opens the reserve of a database in its folder, and claims its space if there is that much. */
export async function openReserve(folder: FileSystemDirectoryHandle): Promise<Reserve> {
  const handle = await folder.getFileHandle(reserveName, { create: true });
  let file: SyncFile | undefined = await openSyncFile(handle);
  let isShort = false;
  /** Only what is written has to be there: a file may be made longer without. */
  const grow = (bytes: number): boolean => tried(() => file?.write(lastByte, { at: bytes - 1 }), (written) => written === 1).ok;
  const claim = () => file?.getSize() === reserveBytes || grow(reserveBytes);
  try {
    claim();
  } catch (cause) {
    // Held on to, it would keep this worker itself from trying again.
    file.close();
    throw cause;
  }
  return {
    isShort: () => isShort,
    async regain() {
      file ??= await openSyncFile(handle);
      if (claim()) isShort = false;
      return !isShort;
    },
    spend(write, isWhole = () => true) {
      const first = tried(write, isWhole);
      if (first.ok) return first.result;
      isShort = true;
      // A browser takes space back from files that are closed.
      file?.truncate(0);
      file?.close();
      file = undefined;
      const second = tried(write, isWhole);
      if (second.ok) return second.result;
      throw new NoSpaceError();
    },
    hasRoom(bytes) {
      const size = file?.getSize() ?? 0;
      const hasGrown = grow(size + bytes);
      file?.truncate(size);
      return hasGrown;
    },
    close: () => file?.close(),
  };
}

/** What a write came to, or that there was no space for it. */
function tried<Result>(write: () => Result, isWhole: (result: Result) => boolean): { readonly ok: true; readonly result: Result } | { readonly ok: false } {
  try {
    const result = write();
    return isWhole(result) ? { ok: true, result } : { ok: false };
  } catch (cause) {
    if (!isOutOfSpace(cause)) throw cause;
    return { ok: false };
  }
}
