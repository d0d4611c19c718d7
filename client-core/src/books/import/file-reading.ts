import { SaldoError, searchTextOf, textLengthMax } from "@saldo/schema";
import { readRows, type FileBytes, type ReadBatch, type ReadRow, type Understanding } from "../../import/index.ts";
import type { Books } from "../books.ts";

/** Rows read between two turns of the event loop. */
const rowsPerTurn = 5_000;

/** A file and how to read it. */
export interface FileToRead {
  readonly books: Books;
  readonly bytes: FileBytes;
  readonly understanding: Understanding;
}

/** Progress and end of a long reading. */
export interface ReadingOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesRead: number) => void;
}

/** Reads a file batch by batch until `take` says false, giving way after each. Throws what reading throws, and `import.cancelled`. */
export async function eachBatch({ books, bytes, understanding }: FileToRead, options: ReadingOptions, take: (batch: ReadBatch) => boolean | void): Promise<void> {
  for await (const batch of readRows(bytes, understanding, { batchRows: rowsPerTurn })) {
    if (take(batch) === false) return;
    options.onProgress?.(batch.bytesRead);
    await pauseUnlessEnded(books, options);
  }
}

/** Gives way to other work. Throws `import.cancelled` after the signal. */
export async function pauseUnlessEnded(books: Books, { signal }: ReadingOptions): Promise<void> {
  await books.pause();
  if (signal?.aborted === true) throw new SaldoError("import.cancelled");
}

/** The text of a row as the books keep it. */
export function keptText({ description, counterparty }: ReadRow): string {
  return searchTextOf(clip(description, textLengthMax), counterparty === null ? null : clip(counterparty, textLengthMax));
}

/** Shortens a text to at most `lengthMax` UTF-16 units without cutting a surrogate pair. */
export function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax);
}
