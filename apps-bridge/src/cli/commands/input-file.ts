import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { SaldoError } from "@saldo/schema";

/** Most bytes of one file the command line takes. */
export const inputFileBytesMax = 256 * 1024 * 1024;

/** Reads one file whole. Throws `SaldoError` `cli.file_unreadable` or `cli.file_too_large`. */
export async function readInputFile(path: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  try {
    const { size } = await stat(path);
    if (size > inputFileBytesMax) throw new SaldoError("cli.file_too_large", { bytes: size, bytesMax: inputFileBytesMax });
    return { name: basename(path), bytes: new Uint8Array(await readFile(path)) };
  } catch (cause) {
    if (cause instanceof SaldoError) throw cause;
    throw new SaldoError("cli.file_unreadable", { path }, { cause });
  }
}
