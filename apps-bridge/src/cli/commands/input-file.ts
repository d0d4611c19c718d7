import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { sha256Hex } from "@saldo/client-core/files";
import { understandFile, wholeOf, type FileBytes } from "@saldo/client-core/import";
import { fileOnDisk, spooledFile } from "@saldo/client-core/store/file-on-disk";
import { SaldoError } from "@saldo/schema";
import type { FreshBooks } from "../store-folder.ts";
import type { Terminal } from "../terminal.ts";

/** Most bytes of one file the command line takes. */
export const inputFileBytesMax = 256 * 1024 * 1024;

/** A file of the command line. */
export interface InputFile {
  readonly name: string;
  readonly bytes: FileBytes;
}

/**
 * Opens one file, which is then read piece by piece; what is no plain file, and standard input for `-`, is first written to a temporary file
 * that ends with the process. Throws `SaldoError` `cli.file_unreadable`, also while it is read, `cli.file_too_large` and `store.disk_full`.
 */
export async function openInputFile(terminal: Terminal, path: string): Promise<InputFile> {
  try {
    if (path === "-") return { name: "stdin", bytes: await spooled(terminal.stdin) };
    const found = await stat(path);
    if (found.size > inputFileBytesMax) throw new SaldoError("cli.file_too_large", { bytes: found.size, bytesMax: inputFileBytesMax });
    return { name: basename(path), bytes: found.isFile() ? speakingFile(path) : await spooled(createReadStream(path)) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Reads one file whole, or standard input for `-`. Throws what {@link openInputFile} throws. */
export async function readInputFile(terminal: Terminal, path: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const { name, bytes } = await openInputFile(terminal, path);
  return { name, bytes: wholeOf(bytes) };
}

function speakingFile(path: string): FileBytes {
  const file = fileOnDisk(path);
  // One that may not be read is told at once.
  file.subarray(0, 1);
  return {
    byteLength: file.byteLength,
    subarray(from, to) {
      try {
        return file.subarray(from, to);
      } catch (cause) {
        throw unreadable(path, cause);
      }
    },
    sha256: () => sha256Hex(file).catch((cause: unknown) => Promise.reject(unreadable(path, cause))),
  };
}

function unreadable(path: string, cause: unknown): SaldoError {
  if (isFull(cause)) return new SaldoError("store.disk_full", { part: "files" }, { cause });
  return cause instanceof SaldoError ? cause : new SaldoError("cli.file_unreadable", { path }, { cause });
}

/** Most files one folder may stand for. */
const folderFilesMax = 1_000;

/**
 * The files some paths stand for: a folder stands for every file in it and in its folders, by name, hidden ones left out. Throws
 * `SaldoError` `cli.file_unreadable`, `cli.folder_empty` and `cli.folder_too_large`.
 */
export async function filesOfPaths(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...((await isFolder(path)) ? await filesOfFolder(path) : [path]));
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  if (path === "-") return false;
  // What is not there is told when it is read, beside the others.
  return stat(path).then((found) => found.isDirectory(), () => false);
}

async function filesOfFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
    if (files.length === 0) throw new SaldoError("cli.folder_empty", { path: folder });
    if (files.length > folderFilesMax) throw new SaldoError("cli.folder_too_large", { path: folder, filesMax: folderFilesMax });
    return files;
  } catch (cause) {
    if (cause instanceof SaldoError) throw cause;
    throw new SaldoError("cli.file_unreadable", { path: folder }, { cause });
  }
}

/** What books made for this file start with: the currency the file shows unless one was asked for. Throws `SaldoError` `import.*`. */
export async function freshFor(file: InputFile, fresh: FreshBooks): Promise<FreshBooks> {
  if (fresh.currency !== undefined) return fresh;
  const { currency } = await understandFile(file.bytes, { fileName: file.name });
  return { ...fresh, currency: currency.value };
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
}

function spooled(input: AsyncIterable<unknown>): Promise<FileBytes> {
  return spooledFile(bytesOf(input), (bytes) => {
    if (bytes > inputFileBytesMax) throw new SaldoError("cli.file_too_large", { bytesMax: inputFileBytesMax });
  });
}

async function* bytesOf(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of input) {
    if (piece instanceof Uint8Array) yield piece;
    else if (typeof piece === "string") yield new TextEncoder().encode(piece);
  }
}
