import type { Books } from "@saldo/client-core/books";
import { openFile } from "@saldo/client-core/files";
import { readRows } from "@saldo/client-core/store";
import { systemClock, type Relay } from "@saldo/client-core/sync";
import { SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";

/** The file an import was made of, as it was. */
export interface Original {
  /** As its owner named it: to be shown, never to be used as a path. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/**
 * The original of an import: from this device, or through the relay. Throws `SaldoError`: `file.not_kept`, `file.not_here`, `file.damaged`,
 * `sync.unreachable`.
 */
export async function openOriginal(books: Books, importId: string, relay: Relay | null, signal: AbortSignal): Promise<Original> {
  const { originals } = books;
  const [imported] = await readRows(books.database, "import", sql`where "id" = ${importId}`);
  const file = imported === undefined ? undefined : await originals?.find(imported.fileSha256);
  if (imported === undefined || originals === null || file === undefined) throw new SaldoError("file.not_kept");
  return { fileName: imported.fileName, bytes: await openFile({ originals, relay, clock: systemClock() }, file, signal) };
}
