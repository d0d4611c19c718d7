import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { SaldoError } from "@saldo/schema";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";
import { isBlobId, type BlobStore, type KeptBlob } from "../../files/blob-store.ts";

const unfinishedSuffix = ".tmp";

/**
 * Blobs as files of a folder, which is made (not those above it) when there is something to keep; only its owner can read them. A blob is written beside its place,
 * flushed and moved there. One process at a time uses the folder, as it does the database beside it.
 */
export function blobFolder(folder: string): BlobStore {
  const pathOf = (id: string) => {
    if (!isBlobId(id)) throw new RangeError("not a blob's id");
    return join(folder, id);
  };
  return {
    write: (id, bytes) =>
      speaking(async () => {
        const path = pathOf(id);
        if ((await sizeOf(path)) === bytes.byteLength) return;
        await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
          if (codeOf(error) !== "EEXIST") throw error;
        });
        const unfinished = `${path}${unfinishedSuffix}`;
        try {
          await writeFlushed(unfinished, bytes);
          await rename(unfinished, path);
        } catch (error) {
          await rm(unfinished, { force: true }).catch(() => undefined);
          throw error;
        }
      }),
    read: (id, fromByte, toByte) =>
      speaking(async () => {
        const path = pathOf(id);
        const byteCount = await sizeOf(path);
        if (byteCount === undefined) return undefined;
        const file = await open(path, "r");
        try {
          const bytes = new Uint8Array(Math.max(0, Math.min(toByte, byteCount) - fromByte));
          let filled = 0;
          while (filled < bytes.byteLength) {
            const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, fromByte + filled);
            if (bytesRead === 0) break;
            filled += bytesRead;
          }
          return bytes.subarray(0, filled);
        } finally {
          await file.close();
        }
      }),
    remove: (id) => speaking(() => rm(pathOf(id), { force: true })),
    list: () =>
      speaking(async () => {
        const names = await readdir(folder).catch(missing);
        const found: KeptBlob[] = [];
        for (const id of (names ?? []).filter(isBlobId)) {
          const byteCount = await sizeOf(join(folder, id));
          if (byteCount !== undefined) found.push({ id, byteCount });
        }
        return found;
      }),
  };
}

async function writeFlushed(path: string, bytes: FileBytes): Promise<void> {
  // What a crash left half-written is written over.
  const file = await open(path, "w", 0o600);
  try {
    for (const { bytes: slice } of slicesOf(bytes, 0)) await file.writeFile(slice);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(missing);
  return found?.isFile() === true ? found.size : undefined;
}

function missing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

async function speaking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const system = codeOf(cause);
    throw new SaldoError(["ENOSPC", "EDQUOT", "EFBIG"].includes(system) ? "store.disk_full" : "store.io_failed", { part: "files", system }, { cause });
  }
}
