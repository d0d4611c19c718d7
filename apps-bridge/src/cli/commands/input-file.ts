import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
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
    return { name: basename(path), bytes: new Uint8Array(await readFile(path)) };
  } catch (cause) {
    if (cause instanceof SaldoError) throw cause;
    throw new SaldoError("cli.file_unreadable", { path }, { cause });
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
