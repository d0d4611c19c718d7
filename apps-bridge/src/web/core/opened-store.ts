import type { PGlite } from "@electric-sql/pglite";
import type { LocalDatabase } from "@saldo/client-core/store";
import { isDamage, nothingSalvaged, openCheckedPglite, salvageParameters, salvagePglite, type OpenedPglite, type Salvage } from "@saldo/client-core/store/mended-pglite";
import type { StoreSpace, WritingNote } from "@saldo/client-core/store/pglite";
import { SaldoError } from "@saldo/schema";
import type { PlaceNote } from "./database-records.ts";
import { isOutOfSpace } from "./out-of-space.ts";

/** A running instance, and the space its files have where it can run out. */
export interface Started {
  readonly pglite: PGlite;
  readonly space?: StoreSpace;
}

/** Starts Postgres on a store's files, with more parameters than usual. Throws `store.not_started` for files it does not start on. */
export type Start = (parameters: readonly string[]) => Promise<Started>;

/**
 * Opens a store that was kept, or saves what can be read of one that is damaged: one that does not start for its files is started once more, to be read only,
 * and is never taken for sound after that, since pages that were read as empty ones may have been written so. Throws `store.not_started` where nothing tells
 * which changes were not sent, or the fault may pass: what becomes of the files is for the person to say.
 */
export async function openKept(start: Start, note: PlaceNote): Promise<OpenedPglite> {
  const opening = note.wasSalvaged ? Promise.reject(new SaldoError("store.not_started")) : openStarted(start, note);
  const opened = await opening.catch(async (cause: unknown) => {
    if (!isDamage(originOf(cause))) throw cause;
    const reading = async ({ pglite }: Started) => {
      const read = await salvagePglite(pglite);
      await note.writeSalvaged();
      return read;
    };
    const salvage = await start(salvageParameters).then(reading, () => nothingSalvaged);
    return { ok: false, cause, salvage } as const;
  });
  if (opened.ok || opened.salvage.told.changesLost !== null) return opened;
  throw new SaldoError("store.not_started", {}, { cause: opened.cause });
}

/** Opens a store that is being made. */
export async function openNew(start: Start, note: WritingNote): Promise<LocalDatabase> {
  const opened = await openStarted(start, note);
  if (!opened.ok) throw opened.cause;
  return opened.database;
}

async function openStarted(start: Start, note: WritingNote): Promise<OpenedPglite> {
  const { pglite, space } = await start([]);
  return openCheckedPglite(pglite, note, space);
}

/** The database that is opened, or a new one where it is damaged. Where a new one cannot be had either, the fault is not that of the files. */
export async function soundOr(opening: Promise<OpenedPglite>, takeNew: (salvage: Salvage) => Promise<LocalDatabase>): Promise<LocalDatabase> {
  const opened = await opening;
  if (opened.ok) return opened.database;
  console.error("core.database_damaged", opened.cause, opened.salvage.told);
  return takeNew(opened.salvage).catch(() => {
    throw opened.cause;
  });
}

/** What {@link startError} made an error for screens of. */
function originOf(cause: unknown): unknown {
  return cause instanceof SaldoError && cause.code === "store.not_started" ? (cause.cause ?? cause) : cause;
}

/** What starting Postgres failed with, as an error screens can tell. What another worker holds is left as it is: that passes. */
export function startError(cause: unknown, space?: StoreSpace): unknown {
  if (cause instanceof SaldoError || isHeld(cause)) return cause;
  const isFull = space?.isShort() === true || isOutOfSpace(cause);
  return new SaldoError(isFull ? "store.disk_full" : "store.not_started", {}, { cause });
}

/** True for what a browser throws while another worker holds a private file. */
export function isHeld(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "NoModificationAllowedError";
}
