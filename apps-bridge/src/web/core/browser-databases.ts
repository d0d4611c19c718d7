import type { LocalDatabase } from "@saldo/client-core/store";
import { isDamage, nothingSalvaged, openCheckedPglite, restoreSalvage, type OpenedPglite, type Salvage, type SalvageTold } from "@saldo/client-core/store/mended-pglite";
import type { WritingNote } from "@saldo/client-core/store/pglite";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { BrowserRecords } from "./browser-records.ts";
import { emptyDatabaseArchive } from "./empty-database.ts";
import { privateFiles, startParameters } from "./private-files.ts";
import { openReserve } from "./reserve.ts";

/** Tries at files that the tab before has not let go of yet. */
const openAttemptsMax = 20;
const openRetryDelayMs = 150;

/** Folder of all databases among the browser's private files. */
const root = "saldo";

/** The databases of this browser. */
export interface BrowserDatabases {
  /**
   * Opens (or makes) the migrated database of this name. One that is known to be damaged, or cannot be opened though a new one can, is set aside, and the
   * new one takes its place with what was not sent, once `damaged` has resolved. Throws `SaldoError` `store.*`.
   */
  open(name: string, damaged: (told: SalvageTold) => Promise<void>): Promise<LocalDatabase>;
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
  // Needed whatever is found: it is fetched meanwhile, and whoever opens a database hears of a failure.
  for (const program of [pgliteClass(), privateFiles()]) program.catch(() => undefined);
  if (!(await hasSyncFiles())) return indexedDatabases(records);
  for (const folder of await removalsOf(records)) await finishRemoval(records, folder, removeFolder);
  let spare: Promise<{ readonly folder: string; readonly database: LocalDatabase }> | undefined;
  const takeSpare = async (): Promise<{ readonly folder: string; readonly database: LocalDatabase }> => {
    const taken = spare ?? makeSpare(records);
    spare = undefined;
    return taken;
  };
  return {
    async open(name, damaged) {
      const folder = await records.read(folderRecord(name));
      const takeNew = async (instead?: { readonly of: string; readonly salvage: Salvage }) => {
        const made = await takeSpare();
        if (instead) {
          // An interruption from here on leaves one that is not as new.
          await records.write("spare", { folder: made.folder, ready: false });
          await restoreSalvage(made.database, instead.salvage);
          await damaged(instead.salvage.told);
          await keepAside(records, name, instead.of);
        }
        await records.write(folderRecord(name), made.folder);
        await records.remove("spare");
        return made.database;
      };
      if (typeof folder !== "string") return takeNew();
      if (spare !== undefined) await (await takeSpare()).database.close();
      return soundOr(openFolder(records, folder), (salvage) => takeNew({ of: folder, salvage }));
    },
    prepare() {
      if (spare !== undefined) return;
      spare = makeSpare(records);
      // Whoever takes it hears of the failure.
      spare.catch(() => undefined);
    },
    remove: (name) => removePlaces(records, name, removeFolder),
  };
}

/** The same in IndexedDB: a database of the browser's for each of ours. */
async function indexedDatabases(records: BrowserRecords): Promise<BrowserDatabases> {
  for (const name of await removalsOf(records)) await finishRemoval(records, name, removeIndexed);
  const openPlace = async (place: string) => {
    const pglite = await (await pgliteClass()).create({ dataDir: `idb://${root}-${place}` });
    return openCheckedPglite(pglite, await writingNote(records, place));
  };
  return {
    async open(name, damaged) {
      const known = await records.read(folderRecord(name));
      const place = typeof known === "string" ? known : name;
      return soundOr(openPlace(place), async (salvage) => {
        const made = `${name}-${crypto.randomUUID()}`;
        const database = await newOf(openPlace(made));
        await restoreSalvage(database, salvage);
        await damaged(salvage.told);
        await keepAside(records, name, place);
        await records.write(folderRecord(name), made);
        return database;
      });
    },
    prepare: () => undefined,
    async remove(name) {
      if ((await records.read(folderRecord(name))) === undefined) await records.write(folderRecord(name), name);
      await removePlaces(records, name, removeIndexed);
    },
  };
}

/** The database that is opened, or a new one where it is damaged. Where a new one cannot be had either, the fault is not that of the files. */
async function soundOr(opening: Promise<OpenedPglite>, takeNew: (salvage: Salvage) => Promise<LocalDatabase>): Promise<LocalDatabase> {
  const opened = await opening.catch((cause: unknown) => {
    if (!isDamage(cause)) throw cause;
    return { ok: false, cause, salvage: nothingSalvaged } as const;
  });
  if (opened.ok) return opened.database;
  console.error("core.database_damaged", opened.cause, opened.salvage.told);
  return takeNew(opened.salvage).catch(() => {
    throw opened.cause;
  });
}

/** A database that has just been made. */
async function newOf(opening: Promise<OpenedPglite>): Promise<LocalDatabase> {
  const opened = await opening;
  if (!opened.ok) throw opened.cause;
  return opened.database;
}

/** Keeps a damaged database, the newest of each name, until its books leave this browser. */
async function keepAside(records: BrowserRecords, name: string, place: string): Promise<void> {
  const before = await records.read(asideRecord(name));
  if (typeof before === "string" && before !== place) await noteRemoval(records, before);
  await records.write(asideRecord(name), place);
}

/** Removes the database of a name, and the damaged one that was kept. */
async function removePlaces(records: BrowserRecords, name: string, remove: (place: string) => Promise<boolean>): Promise<void> {
  for (const record of [folderRecord(name), asideRecord(name)]) {
    const place = await records.read(record);
    if (typeof place !== "string") continue;
    await noteRemoval(records, place);
    await records.remove(record);
    await finishRemoval(records, place, remove);
  }
}

function asideRecord(name: string): string {
  return `damaged ${name}`;
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
  if (before?.ready === true) {
    const opened = await openFolder(records, before.folder).catch(() => undefined);
    if (opened?.ok === true) return { folder: before.folder, database: opened.database };
  }
  if (before !== undefined) await removeFolder(before.folder);
  const folder = crypto.randomUUID();
  await records.write("spare", { folder, ready: false });
  const database = await newOf(openFolder(records, folder, await emptyDatabaseArchive(import.meta.env.VITE_EMPTY_DATABASE)));
  await records.write("spare", { folder, ready: true });
  return { folder, database };
}

/** Opens the database in a folder. A new one is unpacked from `beginning`, or made from nothing without it. */
async function openFolder(records: BrowserRecords, folder: string, beginning?: Blob): Promise<OpenedPglite> {
  const [PGlite, files] = await Promise.all([pgliteClass(), privateFiles()]);
  const loadDataDir = beginning === undefined ? {} : { loadDataDir: beginning };
  const startParams = [...PGlite.defaultStartParams, ...startParameters];
  const { pglite, reserve } = await patiently(async () => {
    await failIfHeld(folder);
    const space = await openReserve(await (await databasesFolder()).getDirectoryHandle(folder, { create: true }));
    const fs = files(`${root}/${folder}`, beginning === undefined ? "nothing" : "archive", space);
    try {
      return { pglite: await PGlite.create({ fs, relaxedDurability: false, startParams, ...loadDataDir }), reserve: space };
    } catch (cause) {
      // Lets go of the files; what else there is to close was never there.
      await fs.closeFs().catch(() => undefined);
      throw cause;
    }
  });
  return openCheckedPglite(pglite, await writingNote(records, folder), reserve);
}

/** Fails while another worker holds the files, by the one that is opened first: PGlite, which is not small, would only find out when it is made. */
async function failIfHeld(folder: string): Promise<void> {
  const file = await (await (await databasesFolder()).getDirectoryHandle(folder, { create: true })).getFileHandle("state.txt", { create: true });
  if (canOpenSync(file)) (await file.createSyncAccessHandle()).close();
}

/** That the database in a place is being written, as a record of its own. */
async function writingNote(records: BrowserRecords, place: string): Promise<WritingNote> {
  const name = noteRecord(place);
  const kept = await records.read(name);
  return {
    wasThere: kept !== undefined,
    wasDamaged: kept === damaged,
    write: () => records.write(name, true),
    writeDamaged: () => records.write(name, damaged),
    remove: () => records.remove(name),
  };
}

/** What a note holds of a database in which damage was seen. */
const damaged = "damaged";

function noteRecord(place: string): string {
  return `writing ${place}`;
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
