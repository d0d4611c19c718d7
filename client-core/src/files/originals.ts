import { fileBytesMax, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { FileBytes } from "../file-bytes.ts";
import { insertTableRows, readRows, type LocalDatabase } from "../store/index.ts";
import type { BlobStore } from "./blob-store.ts";
import { sha256Hex } from "./sha256.ts";

/** Most bytes of files kept here that the server holds too; what it does not hold is kept whatever its size. */
export const cachedBytesMax = 256 * 1024 * 1024;
/** Name of the device's note of when each file was last used. */
const usedSetting = "files.used";
/** Most files whose last use is noted. */
const usedEntriesMax = 2_000;

/** Where the original of a file is. */
export type OriginalPlace = "here" | "server" | "elsewhere" | "none";

/** Files of one company on this device: what is to be sent, and a bounded store of what was. */
export interface Originals {
  /** Keeps the bytes of a file before it is registered; a file past the largest a company may keep is left out: false. Throws `store.disk_full`. */
  keep(sha256: string, bytes: FileBytes): Promise<boolean>;
  /** Lets go of bytes kept for an import that did not come to be. */
  discardUnregistered(sha256: string): Promise<void>;
  /** The whole bytes of a file that is here and sound; one that was damaged is removed. Undefined when it is not here. */
  read(file: Row<"file">): Promise<Uint8Array | undefined>;
  /** A piece of a file as it is kept, not compared; undefined when it is not here. */
  piece(file: Row<"file">, fromByte: number, toByte: number): Promise<Uint8Array | undefined>;
  /** Keeps what was fetched, and makes room for it. */
  keepFetched(file: Row<"file">, bytes: Uint8Array): Promise<void>;
  /** Files that are here and that the server does not hold yet, oldest first. */
  waiting(): Promise<Row<"file">[]>;
  /** Where files with these hashes are. */
  places(hashes: readonly string[]): Promise<ReadonlyMap<string, OriginalPlace>>;
  /** The registered file with this hash. */
  find(sha256: string): Promise<Row<"file"> | undefined>;
}

/** Makes {@link Originals} over the rows of a database and the bytes beside it. */
export function createOriginals(database: LocalDatabase, blobs: BlobStore, nowInstant: () => string): Originals {
  const noteUse = (sha256: string) =>
    database.transaction(async (transaction) => {
      const [row] = await readRows(transaction, "device_setting", sql`where "name" = ${usedSetting}`);
      const used = { ...lastUses(row?.value), [sha256]: nowInstant() };
      const newest = Object.entries(used).toSorted(([, a], [, b]) => (a < b ? 1 : -1)).slice(0, usedEntriesMax);
      await insertTableRows(transaction, "device_setting", [{ name: usedSetting, value: Object.fromEntries(newest) }], "replace");
    });

  /** Removes the least recently used of what the server holds, or nobody registered, until the rest fits. */
  const makeRoom = async (keptId: string) => {
    const uploaded = new Map((await readRows(database, "file")).map((file) => [file.sha256, file.status === "uploaded"]));
    const [row] = await readRows(database, "device_setting", sql`where "name" = ${usedSetting}`);
    const used = lastUses(row?.value);
    const spare = (await blobs.list()).filter(({ id }) => uploaded.get(id) !== false).toSorted((a, b) => ((used[a.id] ?? "") < (used[b.id] ?? "") ? -1 : 1));
    let excess = spare.reduce((sum, { byteCount }) => sum + byteCount, 0) - cachedBytesMax;
    for (const { id, byteCount } of spare) {
      if (excess <= 0) return;
      if (id === keptId) continue;
      await blobs.remove(id);
      excess -= byteCount;
    }
  };

  const find = async (sha256: string) => (await readRows(database, "file", sql`where "id" = ${sha256}`))[0];

  return {
    find,
    async discardUnregistered(sha256) {
      if ((await find(sha256)) === undefined) await blobs.remove(sha256);
    },
    async keep(sha256, bytes) {
      if (bytes.byteLength > fileBytesMax) return false;
      await blobs.write(sha256, bytes);
      await noteUse(sha256);
      await makeRoom(sha256);
      return true;
    },
    async read(file) {
      const bytes = await blobs.read(file.sha256, 0, file.byteCount);
      if (bytes === undefined) return undefined;
      if ((await sha256Hex(bytes)) === file.sha256) {
        await noteUse(file.sha256);
        return bytes;
      }
      await blobs.remove(file.sha256);
      return undefined;
    },
    piece: (file, fromByte, toByte) => blobs.read(file.sha256, fromByte, toByte),
    async keepFetched(file, bytes) {
      await blobs.write(file.sha256, bytes);
      await noteUse(file.sha256);
      await makeRoom(file.sha256);
    },
    async waiting() {
      const files = await readRows(database, "file", sql`where "status" = 'local' order by "created_at", "id"`);
      const here = new Set((await blobs.list()).map(({ id }) => id));
      return files.filter(({ sha256 }) => here.has(sha256));
    },
    async places(hashes) {
      const files = new Map((await readRows(database, "file")).map((file) => [file.sha256, file]));
      const here = new Set((await blobs.list()).map(({ id }) => id));
      return new Map(hashes.map((hash) => [hash, placeOf(files.get(hash), here)]));
    },
  };
}

function placeOf(file: Row<"file"> | undefined, here: ReadonlySet<string>): OriginalPlace {
  if (file === undefined) return "none";
  if (here.has(file.sha256)) return "here";
  return file.status === "uploaded" ? "server" : "elsewhere";
}

function lastUses(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
