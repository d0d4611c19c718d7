import { openPglite, type WritingNote } from "@saldo/client-core/store/pglite";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { BrowserRecords } from "./browser-records.ts";
import { emptyDatabaseArchive } from "./empty-database.ts";
import { privateFiles, startParameters } from "./private-files.ts";

/** Tries at files that the tab before has not let go of yet. */
const openAttemptsMax = 20;
const openRetryDelayMs = 150;

/** Folder of all databases among the browser's private files. */
const root = "saldo";

/** The databases of this browser. */
export interface BrowserDatabases {
  /** Opens (or makes) the migrated database of this name. Throws `SaldoError` `store.*`. */
  open(name: string): Promise<LocalDatabase>;
  /**
   * Makes a database ahead of its name: a new one takes seconds, and a person who is about to sign up needs one soon. At most one is kept,
   * also over restarts.
   */
  prepare(): void;
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
  if (!(await hasSyncFiles())) return indexedDatabases(records);
  for (const folder of await removalsOf(records)) await finishRemoval(records, folder, removeFolder);
  let spare: Promise<{ readonly folder: string; readonly database: LocalDatabase }> | undefined;
  const takeSpare = async (): Promise<{ readonly folder: string; readonly database: LocalDatabase }> => {
    const taken = spare ?? makeSpare(records);
    spare = undefined;
    return taken;
  };
  return {
    async open(name) {
      const folder = await records.read(folderRecord(name));
      if (typeof folder === "string") {
        if (spare !== undefined) await (await takeSpare()).database.close();
        return openFolder(records, folder);
      }
      const made = await takeSpare();
      await records.write(folderRecord(name), made.folder);
      await records.remove("spare");
      return made.database;
    },
    prepare() {
      if (spare !== undefined) return;
      spare = makeSpare(records);
      // Whoever takes it hears of the failure.
      spare.catch(() => undefined);
    },
    async remove(name) {
      const folder = await records.read(folderRecord(name));
      if (typeof folder !== "string") return;
      await noteRemoval(records, folder);
      await records.remove(folderRecord(name));
      await finishRemoval(records, folder, removeFolder);
    },
  };
}

/** The same in IndexedDB: a database of the browser's for each of ours. */
async function indexedDatabases(records: BrowserRecords): Promise<BrowserDatabases> {
  for (const name of await removalsOf(records)) await finishRemoval(records, name, removeIndexed);
  return {
    async open(name) {
      const pglite = await (await pgliteClass()).create({ dataDir: `idb://${root}-${name}` });
      return openStore(openPglite(pglite, await writingNote(records, name)));
    },
    prepare: () => undefined,
    async remove(name) {
      await noteRemoval(records, name);
      await finishRemoval(records, name, removeIndexed);
    },
  };
}

const removalsRecord = "databases to remove";
const removals = z.array(z.string());

async function removalsOf(records: BrowserRecords): Promise<readonly string[]> {
  return removals.safeParse(await records.read(removalsRecord)).data ?? [];
}

async function noteRemoval(records: BrowserRecords, place: string): Promise<void> {
  await records.write(removalsRecord, [...new Set([...(await removalsOf(records)), place])]);
}

/** `remove` answers false when it will only be done once everything of ours has ended. */
async function finishRemoval(records: BrowserRecords, place: string, remove: (place: string) => Promise<boolean>): Promise<void> {
  if (!(await remove(place))) return;
  await records.remove(noteRecord(place));
  await records.write(removalsRecord, (await removalsOf(records)).filter((known) => known !== place));
}

/** Under the name PGlite gives it. */
function removeIndexed(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`/pglite/${root}-${name}`);
    request.addEventListener("success", () => resolve(true));
    request.addEventListener("blocked", () => resolve(false));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's database failed")));
  });
}

function folderRecord(name: string): string {
  return `database ${name}`;
}

/** One that was not finished before is thrown away. */
async function makeSpare(records: BrowserRecords): Promise<{ readonly folder: string; readonly database: LocalDatabase }> {
  const before = spareRecord.safeParse(await records.read("spare")).data;
  if (before?.ready === true) return { folder: before.folder, database: await openFolder(records, before.folder) };
  if (before !== undefined) await removeFolder(before.folder);
  const folder = crypto.randomUUID();
  await records.write("spare", { folder, ready: false });
  const database = await openFolder(records, folder, await emptyDatabaseArchive(import.meta.env.VITE_EMPTY_DATABASE));
  await records.write("spare", { folder, ready: true });
  return { folder, database };
}

/** Opens the database in a folder. A new one is unpacked from `beginning`, or made from nothing without it. */
async function openFolder(records: BrowserRecords, folder: string, beginning?: Blob): Promise<LocalDatabase> {
  const [PGlite, files] = await Promise.all([pgliteClass(), privateFiles()]);
  const loadDataDir = beginning === undefined ? {} : { loadDataDir: beginning };
  const startParams = [...PGlite.defaultStartParams, ...startParameters];
  const pglite = await patiently(() => PGlite.create({ fs: files(`${root}/${folder}`), relaxedDurability: false, startParams, ...loadDataDir }));
  return openStore(openPglite(pglite, await writingNote(records, folder)));
}

/** That the database in a place is being written, as a record of its own. */
async function writingNote(records: BrowserRecords, place: string): Promise<WritingNote> {
  const name = noteRecord(place);
  return { wasThere: (await records.read(name)) !== undefined, write: () => records.write(name, true), remove: () => records.remove(name) };
}

function noteRecord(place: string): string {
  return `writing ${place}`;
}

async function removeFolder(folder: string): Promise<boolean> {
  const files = await navigator.storage.getDirectory();
  const databases = await files.getDirectoryHandle(root, { create: true });
  await patiently(async () => {
    await databases.removeEntry(folder, { recursive: true }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
    });
  });
  return true;
}

async function pgliteClass() {
  const { PGlite } = await import("@electric-sql/pglite");
  return PGlite;
}

/** Files are let go of a moment after the worker that held them has ended. */
async function patiently<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (cause) {
      const held = cause instanceof DOMException && cause.name === "NoModificationAllowedError";
      if (!held) throw cause;
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

/** Only workers have this, and the types of pages do not name it. */
function canOpenSync(file: object): file is { createSyncAccessHandle(): Promise<{ close(): void }> } {
  return "createSyncAccessHandle" in file && typeof file.createSyncAccessHandle === "function";
}
