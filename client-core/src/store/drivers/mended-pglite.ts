import type { PGlite } from "@electric-sql/pglite";
import { SaldoError } from "@saldo/schema";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { openPglite, quickBytes, type StoreSpace, type WritingNote } from "./pglite.ts";
import { checkPages } from "./pglite-pages.ts";
import { nothingSalvaged, salvage, type Salvage } from "./salvage.ts";

export { findDamage } from "./pglite-pages.ts";
export { nothingSalvaged, restoreSalvage, type Salvage, type SalvageTold } from "./salvage.ts";

/**
 * How Postgres is started on files on which it does not start otherwise: pages that are not what was written are read as far as they can be, and the indexes of
 * its catalogue are not used. For reading what can be saved, and nothing else.
 */
export const salvageParameters: readonly string[] = ["-P", "-c", "ignore_checksum_failure=on", "-c", "zero_damaged_pages=on"];

/** A store that was opened, or what could be saved of one that is damaged; then its instance is closed. */
export type OpenedPglite = { readonly ok: true; readonly database: LocalDatabase } | { readonly ok: false; readonly cause: unknown; readonly salvage: Salvage };

/**
 * Opens a store of a device on an instance made elsewhere, brought to this code's schema. Where damage was seen every page of it is looked at first. After
 * an unclean end whoever opens it lets {@link findDamage} look while it is used: Postgres compares each page with its checksum whenever it reads one.
 * Throws, with the instance closed, what is not damage: a full disk, a newer schema.
 */
export async function openCheckedPglite(pglite: PGlite, note: WritingNote, space?: StoreSpace): Promise<OpenedPglite> {
  try {
    if (note.wasDamaged) await checkPages(pglite);
    return { ok: true, database: await openStore(openPglite(pglite, note, space)) };
  } catch (cause) {
    if (isDamage(cause)) return { ok: false, cause, salvage: await salvagePglite(pglite) };
    await pglite.close().catch(() => undefined);
    throw cause;
  }
}

/**
 * True when what an instance threw, also while it was made, speaks of its files: Postgres that does not start for them fails in many ways. Files that
 * another holds, a full disk and a program that could not be fetched are no damage.
 */
export function isDamage(cause: unknown): boolean {
  if (cause instanceof SaldoError) return damageCodes.has(cause.code);
  return !(cause instanceof DOMException) && !(cause instanceof TypeError);
}

const damageCodes: ReadonlySet<string> = new Set(["store.damaged", "store.io_failed", "store.not_started"]);

/** Reads what can be read of a damaged instance and closes it; never throws. Pages that are not what was written are read as empty ones, indexes are not trusted. */
export async function salvagePglite(pglite: PGlite): Promise<Salvage> {
  try {
    await pglite.exec("rollback");
    await pglite.exec("set zero_damaged_pages = on; set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off");
    return await salvage(async (text) => {
      try {
        return { rows: (await pglite.query<SqlRow>(text, [], quickBytes)).rows, isWhole: true };
      } catch {
        return { rows: [], isWhole: false };
      }
    });
  } catch {
    return nothingSalvaged;
  } finally {
    await pglite.close().catch(() => undefined);
  }
}
