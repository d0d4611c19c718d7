import type { ZippedFile } from "@saldo/client-core/export";
import type { LocalDatabase } from "@saldo/client-core/store";
import { nothingSalvaged, restoreSalvage, type Salvage, type SalvageTold } from "@saldo/client-core/store/mended-pglite";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { BrowserRecords } from "./browser-records.ts";
import { folderFiles } from "./database-files.ts";
import { asidePlaceOf, finishRemovals, keepAside, placeOf, placeRecord, removePlaces, writingNote } from "./database-records.ts";
import { emptyDatabaseArchive } from "./empty-database.ts";
import { indexedDatabases } from "./indexed-databases.ts";
import { mendNote } from "./mended-note.ts";
import { isHeld, openKept, openNew, soundOr, startError, type Start } from "./opened-store.ts";
import { pgliteClass } from "./pglite-class.ts";
import { privateFiles, startParameters } from "./private-files.ts";
import { openReserve } from "./reserve.ts";
import { canOpenSync } from "./sync-file.ts";

/** Tries at files that the tab before has not let go of yet. */
const openAttemptsMax = 20;
const openRetryDelayMs = 150;

/** Folder of all databases among the browser's private files. */
const root = "saldo";

/** The databases of this browser. */
export interface BrowserDatabases {
  /**
   * Opens (or makes) the migrated database of this name. One that is known to be damaged is set aside, and a new one takes its place with what was not sent,
   * once `damaged` has resolved; so is one that cannot be opened, when a new one is wanted: without what was in it. Throws `SaldoError` `store.*`.
   */
  open(name: string, damaged: (told: SalvageTold, place: string) => Promise<void>, isAfresh?: boolean): Promise<LocalDatabase>;
  /**
   * Makes a database ahead of its name: a new one takes seconds, and a person who is about to sign up needs one soon. At most one is kept,
   * also over restarts.
   */
  prepare(): void;
  /** The files of the database of a name that is not open, or of a damaged one that was set aside (the newest where no place is told), as they lie. */
  files(name: string, which: "open" | { readonly aside: string | undefined }): AsyncIterable<ZippedFile>;
  /** Removes a closed database, files and all. Idempotent; noted before it begins, so that a start after an interruption finishes it. */
  remove(name: string): Promise<void>;
}

/** A database that has no name yet. */
const spareRecord = z.object({ folder: z.string(), ready: z.boolean() });

/**
 * Databases in the browser's private files, or in IndexedDB where those cannot be written synchronously. Which folder has which name is a
 * record of its own, written before the database is first used.
 */
export async function browserDatabases(records: BrowserRecords): Promise<BrowserDatabases> {
  // Needed whatever is found: it is fetched meanwhile, and whoever opens a database hears of a failure.
  for (const program of [pgliteClass(), privateFiles()]) program.catch(() => undefined);
  if (!(await hasSyncFiles())) return indexedDatabases(records);
  await finishRemovals(records, removeFolder);
  let spare: Promise<{ readonly folder: string; readonly database: LocalDatabase }> | undefined;
  const takeSpare = async (): Promise<{ readonly folder: string; readonly database: LocalDatabase }> => {
    const taken = spare ?? makeSpare(records);
    spare = undefined;
    return taken;
  };
  return {
    async open(name, damaged, isAfresh = false) {
      const folder = await placeOf(records, name);
      const takeNew = async (instead?: { readonly of: string; readonly salvage: Salvage }) => {
        const made = await takeSpare();
        try {
          if (instead) {
            // An interruption from here on leaves one that is not as new.
            await records.write("spare", { folder: made.folder, ready: false });
            await restoreSalvage(made.database, instead.salvage);
            await damaged(instead.salvage.told, instead.of);
            await keepAside(records, name, instead.of);
          }
          await records.write(placeRecord(name), made.folder);
          await records.remove("spare");
          return made.database;
        } catch (cause) {
          await made.database.close().catch(() => undefined);
          throw cause;
        }
      };
      if (folder === undefined) return takeNew();
      if (isAfresh) return takeNew({ of: folder, salvage: nothingSalvaged });
      if (spare !== undefined) await (await takeSpare()).database.close();
      return soundOr(openKept(startOf(folder, "kept"), await writingNote(records, folder)), (salvage) => takeNew({ of: folder, salvage }));
    },
    prepare() {
      if (spare !== undefined) return;
      spare = makeSpare(records);
      // Whoever takes it hears of the failure.
      spare.catch(() => undefined);
    },
    async *files(name, which) {
      const place = which === "open" ? await placeOf(records, name) : await asidePlaceOf(records, name, which.aside);
      const folder = place === undefined ? undefined : await (await databasesFolder()).getDirectoryHandle(place).catch(() => undefined);
      if (folder !== undefined) yield* folderFiles(folder);
    },
    remove: (name) => removePlaces(records, name, removeFolder),
  };
}

/** One that was not finished before is thrown away. */
async function makeSpare(records: BrowserRecords): Promise<{ readonly folder: string; readonly database: LocalDatabase }> {
  const before = spareRecord.safeParse(await records.read("spare")).data;
  if (before?.ready === true) {
    const database = await openNew(startOf(before.folder, "kept"), await writingNote(records, before.folder)).catch(() => undefined);
    if (database !== undefined) return { folder: before.folder, database };
  }
  if (before !== undefined) await removeFolder(before.folder);
  const folder = crypto.randomUUID();
  await records.write("spare", { folder, ready: false });
  const beginning = await emptyDatabaseArchive(import.meta.env.VITE_EMPTY_DATABASE);
  const database = await openNew(startOf(folder, beginning ?? "nothing"), await writingNote(records, folder));
  await records.write("spare", { folder, ready: true });
  return { folder, database };
}

/** Starts Postgres in a folder: on what was kept there, on an archive that is unpacked first, or on nothing. */
function startOf(name: string, from: "kept" | "nothing" | Blob): Start {
  return async (parameters) => {
    const [PGlite, files] = await Promise.all([pgliteClass(), privateFiles()]);
    const startParams = [...PGlite.defaultStartParams, ...startParameters, ...parameters];
    const started = patiently(async () => {
      const folder = await (await databasesFolder()).getDirectoryHandle(name, { create: from !== "kept" });
      if (from === "kept") await mendNote(folder);
      const space = await openReserve(folder);
      const fs = files({ path: `${root}/${name}`, folder, from: from instanceof Blob ? "archive" : from, reserve: space });
      try {
        return { pglite: await PGlite.create({ fs, relaxedDurability: false, startParams, ...(from instanceof Blob ? { loadDataDir: from } : {}) }), space };
      } catch (cause) {
        // Lets go of the files; what else there is to close was never there.
        await fs.closeFs().catch(() => undefined);
        throw startError(cause, space);
      }
    });
    return started.catch((cause: unknown) => {
      throw startError(cause);
    });
  };
}

async function databasesFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true });
}

async function removeFolder(folder: string): Promise<boolean> {
  const databases = await databasesFolder();
  await patiently(async () => {
    await databases.removeEntry(folder, { recursive: true }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
    });
  });
  return true;
}

/** Files are let go of a moment after the worker that held them has ended. */
async function patiently<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (cause) {
      if (!isHeld(cause)) throw cause;
      if (attempt >= openAttemptsMax) throw new SaldoError("store.in_use", {}, { cause });
      await new Promise((resolve) => setTimeout(resolve, openRetryDelayMs));
    }
  }
}

/** True when this worker may write private files synchronously: that is what the fast store needs. */
async function hasSyncFiles(): Promise<boolean> {
  const name = "saldo-probe";
  try {
    const files = await navigator.storage.getDirectory();
    const file = await files.getFileHandle(name, { create: true });
    if (!canOpenSync(file)) return false;
    (await file.createSyncAccessHandle()).close();
    await files.removeEntry(name);
    return true;
  } catch {
    return false;
  }
}
