import { signOut } from "@saldo/client-core/session";
import { countUnsent, storeWorkspace } from "@saldo/client-core/sync";
import { SaldoError } from "@saldo/schema";
import { exportUnsentTo, hasBooks, readSession, removeBooks, removeSession, withBooks } from "../store-folder.ts";
import { printJson, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** How to sign out while changes are unsent. */
export interface SignOutOptions extends StoreOptions {
  /** File to write the unsent changes to. */
  readonly exportFile?: string;
  /** True to lose them. */
  readonly discard: boolean;
}

/**
 * Ends the sign-in of a store, here and on the server, and removes the books, which come back with the next sync. Books that never were a
 * server's are left as they are: there is nothing they could come back from. Throws `SaldoError` `sync.unsent_changes` before anything happens.
 */
export async function signOutStore(terminal: Terminal, options: SignOutOptions): Promise<void> {
  const { store, exportFile, discard, fresh } = options;
  const known = await readSession(store);
  const left = (await hasBooks(store)) ? await withBooks(store, { create: false, fresh }, async ({ database, nowInstant }) => {
    const bound = (await storeWorkspace(database))?.serverUrl ?? null;
    if (bound === null) return undefined;
    const changes = await countUnsent(database);
    if (changes > 0 && exportFile === undefined && !discard) throw new SaldoError("sync.unsent_changes", { changes, options: "--export FILE, --discard" });
    return exportFile === undefined ? { changes, exported: 0 } : { changes, exported: await exportUnsentTo(exportFile, database, nowInstant()) };
  }) : undefined;
  if (left === undefined) await removeSession(store);
  else await removeBooks(store);
  if (options.json) printJson(terminal, { booksRemoved: left !== undefined, unsentExported: left?.exported ?? 0, unsentLost: left ? left.changes - left.exported : 0 });
  else terminal.stdout.write(`${wordsOf(left, options)}\n`);
  if (known) await signOut({ serverUrl: known.server, fetch }, known.sessionToken);
}

function wordsOf(left: { readonly changes: number; readonly exported: number } | undefined, { fresh, exportFile }: SignOutOptions): string {
  const ru = fresh.locale === "ru";
  if (left === undefined) return ru ? "Вход забыт; учёт остался: он не связан с сервером." : "The sign-in is forgotten; the books stay: they belong to no server.";
  const done = ru ? "Вы вышли, учёт удалён из этой папки." : "Signed out, and the books are removed from this folder.";
  if (left.exported > 0) return `${done} ${ru ? "Неотправленных правок выгружено" : "Unsent changes exported"}: ${left.exported} (${exportFile ?? ""}).`;
  return left.changes > 0 ? `${done} ${ru ? "Неотправленных правок потеряно" : "Unsent changes discarded"}: ${left.changes}.` : done;
}
