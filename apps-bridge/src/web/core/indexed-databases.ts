import { nothingSalvaged, restoreSalvage, type Salvage } from "@saldo/client-core/store/mended-pglite";
import type { StoreSpace } from "@saldo/client-core/store/pglite";
import { SaldoError } from "@saldo/schema";
import type { BrowserDatabases } from "./browser-databases.ts";
import type { BrowserRecords } from "./browser-records.ts";
import { asidePlaceOf, finishRemovals, keepAside, placeOf, placeRecord, removePlaces, writingNote } from "./database-records.ts";
import { indexedFiles } from "./database-files.ts";
import { filesInMemory } from "./files-in-memory.ts";
import { openKept, openNew, soundOr, startError, type Start } from "./opened-store.ts";
import { isOutOfSpace } from "./out-of-space.ts";
import { pgliteClass } from "./pglite-class.ts";

/** The name PGlite gives the browser's database for one of ours. */
function indexedName(place: string): string {
  return `/pglite/saldo-${place}`;
}

const probeRecord = "space";
const probeBytes = 24 * 1024 * 1024;

/** Databases in IndexedDB: a database of the browser's for each of ours. */
export async function indexedDatabases(records: BrowserRecords): Promise<BrowserDatabases> {
  await finishRemovals(records, removeIndexed);
  const takeNew = async (name: string, damaged: Parameters<BrowserDatabases["open"]>[1], of: string, salvage: Salvage) => {
    const made = `${name}-${crypto.randomUUID()}`;
    const database = await openNew(startOf(records, made), await writingNote(records, made));
    try {
      await restoreSalvage(database, salvage);
      await damaged(salvage.told, of);
      await keepAside(records, name, of);
      await records.write(placeRecord(name), made);
      return database;
    } catch (cause) {
      await database.close().catch(() => undefined);
      throw cause;
    }
  };
  return {
    async open(name, damaged, isAfresh = false) {
      const known = await placeOf(records, name);
      const place = known ?? name;
      if (isAfresh) return takeNew(name, damaged, place, nothingSalvaged);
      const note = await writingNote(records, place);
      const isThere = (await indexedDB.databases()).some((database) => database.name === indexedName(place));
      if (known !== undefined && !isThere) throw new SaldoError("store.not_started");
      const database = await soundOr(openKept(startOf(records, place), note), (salvage) => takeNew(name, damaged, place, salvage));
      if (known === undefined && (await placeOf(records, name)) === undefined) await records.write(placeRecord(name), place);
      return database;
    },
    prepare: () => undefined,
    async *files(name, which) {
      const place = which === "open" ? await placeOf(records, name) : await asidePlaceOf(records, name, which.aside);
      if (place !== undefined) yield* indexedFiles(indexedName(place));
    },
    async remove(name) {
      if ((await placeOf(records, name)) === undefined) await records.write(placeRecord(name), name);
      await removePlaces(records, name, removeIndexed);
    },
  };
}

function startOf(records: BrowserRecords, place: string): Start {
  return async (parameters) => {
    const start = async () => {
      const [PGlite, makeFiles] = await Promise.all([pgliteClass(), filesInMemory()]);
      const files = makeFiles(`saldo-${place}`);
      try {
        return { files, pglite: await PGlite.create({ fs: files, startParams: [...PGlite.defaultStartParams, ...parameters] }) };
      } catch (cause) {
        throw startError(cause);
      }
    };
    let running = await start();
    const isShort = () => isOutOfSpace(running.files.failure());
    const space: StoreSpace = {
      isShort,
      regain: async () => !isShort() || hasSpace(records),
      kept: {
        failure: () => running.files.failure(),
        async restart() {
          await running.pglite.close().catch(() => undefined);
          running = await start();
          return running.pglite;
        },
      },
    };
    return { pglite: running.pglite, space };
  };
}

/** True when so much can be kept as a change of the books takes, a segment of Postgres' log and what belongs to it: it is tried. */
async function hasSpace(records: BrowserRecords): Promise<boolean> {
  try {
    await records.write(probeRecord, new Uint8Array(probeBytes));
    return true;
  } catch {
    return false;
  } finally {
    await records.remove(probeRecord).catch(() => undefined);
  }
}

function removeIndexed(place: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(indexedName(place));
    request.addEventListener("success", () => resolve(true));
    request.addEventListener("blocked", () => resolve(false));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's database failed")));
  });
}
