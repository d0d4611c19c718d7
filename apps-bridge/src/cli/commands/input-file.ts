import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { understandFile } from "@saldo/client-core/import";
import { SaldoError } from "@saldo/schema";
import type { FreshBooks } from "../store-folder.ts";
import type { Terminal } from "../terminal.ts";

/** Most bytes of one file the command line takes. */
export const inputFileBytesMax = 256 * 1024 * 1024;

/** Reads one file whole, or standard input for `-`. Throws `SaldoError` `cli.file_unreadable` or `cli.file_too_large`. */
export async function readInputFile(terminal: Terminal, path: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  try {
    if (path === "-") return { name: "stdin", bytes: await readAll(terminal) };
    const { size } = await stat(path);
    if (size > inputFileBytesMax) throw new SaldoError("cli.file_too_large", { bytes: size, bytesMax: inputFileBytesMax });
    return { name: basename(path), bytes: await readFile(path) };
  } catch (cause) {
    if (cause instanceof SaldoError) throw cause;
    throw new SaldoError("cli.file_unreadable", { path }, { cause });
  }
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
export async function freshFor(file: { readonly name: string; readonly bytes: Uint8Array }, fresh: FreshBooks): Promise<FreshBooks> {
  if (fresh.currency !== undefined) return fresh;
  const { currency } = await understandFile(file.bytes, { fileName: file.name });
  return { ...fresh, currency: currency.value };
}

async function readAll({ stdin }: Terminal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of stdin) {
    const chunk = typeof piece === "string" ? new TextEncoder().encode(piece) : new Uint8Array(piece);
    bytes += chunk.byteLength;
    if (bytes > inputFileBytesMax) throw new SaldoError("cli.file_too_large", { bytesMax: inputFileBytesMax });
    pieces.push(chunk);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
