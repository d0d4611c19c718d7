import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SaldoError } from "@saldo/schema";
import { errorCode } from "../../http/errors.ts";
import { exactly, type ByteStream, type FileStorage, type StoredObject } from "./file-storage.ts";

const keyForm = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
/** What is being written; no key ends so. */
const unfinishedSuffix = ".tmp";
/** The disk, this user's share of it, or what a process may write is used up. */
const fullCodes = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Files in a folder, readable by this program's user only. An object is written beside its place, flushed and then moved there, so that a
 * power cut leaves it whole or not at all. `nextId` names what is being written.
 */
export function diskStorage(folder: string, nextId: () => string): FileStorage {
  const pathOf = (key: string) => {
    if (!keyForm.test(key)) throw new RangeError("not a key");
    return join(folder, ...key.split("/"));
  };
  return {
    async write(key, byteCount, bytes) {
      const path = pathOf(key);
      const unfinished = `${path}.${nextId()}${unfinishedSuffix}`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFlushed(unfinished, exactly(byteCount, bytes));
        await rename(unfinished, path);
        await flushFolder(dirname(path));
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw fullCodes.has(errorCode(error) ?? "") ? new SaldoError("file.storage_full", {}, { cause: error }) : error;
      }
    },
    async read(key, fromByte = 0) {
      const path = pathOf(key);
      const found = await stat(path).catch(missing);
      return found?.isFile() === true ? createReadStream(path, { start: fromByte }) : undefined;
    },
    async remove(keys) {
      for (const key of keys) await rm(pathOf(key), { force: true });
    },
    list: (prefix) => listed(folder, prefix),
    async tidy(beforeMs) {
      for (const path of (await pathsUnder(folder, "")).filter((one) => one.endsWith(unfinishedSuffix))) {
        const found = await stat(join(folder, path)).catch(missing);
        if (found && found.mtimeMs < beforeMs) await rm(join(folder, path), { force: true });
      }
    },
    close: () => Promise.resolve(),
  };
}

async function writeFlushed(path: string, bytes: ByteStream): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const piece of bytes) await file.appendFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The move itself survives a power cut only once the folder is on the disk. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function* listed(folder: string, prefix: string): AsyncIterable<StoredObject> {
  const above = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const keys = await pathsUnder(folder, above.replace(/\/$/, ""));
  for (const key of keys.filter((one) => one.startsWith(prefix) && keyForm.test(one)).toSorted()) {
    const found = await stat(join(folder, ...key.split("/"))).catch(missing);
    if (found) yield { key, byteCount: found.size, writtenAtMs: found.mtimeMs };
  }
}

/** Paths of all files, relative and with slashes. */
async function pathsUnder(folder: string, above: string): Promise<string[]> {
  const entries = await readdir(join(folder, ...above.split("/")), { withFileTypes: true }).catch(missing);
  const paths: string[] = [];
  for (const entry of entries ?? []) {
    const path = above === "" ? entry.name : `${above}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await pathsUnder(folder, path)));
    else paths.push(path);
  }
  return paths;
}

function missing(error: unknown): undefined {
  if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR") throw error;
}
