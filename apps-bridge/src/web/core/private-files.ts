import type { PGliteOptions } from "@electric-sql/pglite";
import { noteCopyName } from "./files-note.ts";
import { heldPages } from "./held-pages.ts";
import type { Reserve } from "./reserve.ts";
import { openSyncFile, writeText, type SyncFile } from "./sync-file.ts";

type Filesystem = NonNullable<PGliteOptions["fs"]>;
type Init = Filesystem["init"];

/** Files kept open for a statement to take; each of them is opened at a start. */
const filesReady = 60;
/** Below this many more are made in the middle of a transaction. */
const filesReadyMin = 50;
/** Files of a store that is opened: those of the archive a new one is unpacked from, or of one that is made from nothing. */
const filesAtFirst = { archive: 500, nothing: 1_000, kept: filesReady } as const;
/** More than noting the files that are kept open takes. */
const notingBytesMax = 256 * 1024;

/**
 * How Postgres is started on private files: a new segment of the log is not filled with zeros first, which would write the log twice; and what a transaction
 * of an import logs is written at its end in a few large pieces, where no process beside it writes the log meanwhile.
 */
export const startParameters: readonly string[] = ["-c", "wal_init_zero=off", "-c", "wal_buffers=16MB"];

/** Where Postgres notes up to where its tables hold what its log tells; it takes up the log behind that anew at a start, and uses what is before it again. */
const controlFile = "/global/pg_control";

/** Where Postgres keeps tables and indexes, page by page: what is written there may be lost until a checkpoint notes it, as its log tells it too. */
const pagesFolder = "/base/";
const pageBytes = 8_192;
/** Longer pieces are as quick by themselves. */
const heldBytesMax = 64 * 1024;

/** A name for a file that has none, for a moment. */
const unnamed = ".unnamed";

/** Where a database's files are, and what they are made from. */
export interface FilesPlace {
  /** The folder's path among the browser's private files. */
  readonly path: string;
  readonly folder: FileSystemDirectoryHandle;
  readonly from: keyof typeof filesAtFirst;
  readonly reserve: Reserve;
}

/** That there is no such file, as PGlite's file system tells Postgres: by its number of ENOENT. */
const notThere = Object.assign(new Error("no such file or directory"), { code: 44 });

/**
 * Makes PGlite's file system on the browser's private files. They are opened while PGlite itself is compiled, and flushed when a transaction has ended:
 * PGlite does the one before the other, and flushes after every statement, also within a transaction, where nothing is promised yet: an import has a
 * thousand. What finds no space left takes the reserve's. Postgres asks for its files to be flushed at a checkpoint, which PGlite answers with nothing: so all
 * that was written is flushed before the note that the log is no longer needed, and that note before the log is used again. Pages of tables are held until they
 * make a longer piece, the end of a transaction or that note; new lengths of their files until that note. While there is no space they are not held. Files a new store is unpacked
 * from hold nothing of anybody's yet, and are left to the system: a person who signs up would wait for hundreds of flushes.
 */
export async function privateFiles(): Promise<(place: FilesPlace) => Filesystem> {
  const [{ OpfsAhpFS }, { BaseFilesystem }] = await Promise.all([import("@electric-sql/pglite/opfs-ahp"), import("@electric-sql/pglite/basefs")]);
  class PrivateFiles extends OpfsAhpFS {
    readonly #reserve: Reserve;
    readonly #folder: FileSystemDirectoryHandle;
    #noteCopy: SyncFile | undefined;
    #opening: Promise<unknown> = Promise.resolve();
    readonly #openPaths = new Map<number, string>();
    readonly #unflushed = new Set<string>();
    readonly #held = heldPages({
      write: (path, bytes, at) => this.#writePiece(path, bytes, at),
      lengthen: (path, bytes) => this.#reserve.spend(() => super.truncate(path, bytes)),
      size: (path) => super.lstat(path).size,
    });

    constructor({ path, folder, from, reserve }: FilesPlace) {
      super(path, { initialPoolSize: filesAtFirst[from], maintainedPoolSize: filesReady });
      this.#folder = folder;
      this.#reserve = reserve;
    }

    override async init(...parts: Parameters<Init>): Promise<Awaited<ReturnType<Init>>> {
      this.#opening = this.#open(() => super.init(...parts));
      // Whoever waits for the files hears of the failure.
      this.#opening.catch(() => undefined);
      return BaseFilesystem.prototype.init.apply(this, parts);
    }
    async #open(open: () => Promise<unknown>): Promise<void> {
      this.#noteCopy = await openSyncFile(await this.#folder.getFileHandle(noteCopyName, { create: true }));
      await open();
      this.#emptyPool();
    }
    /** A file that was made in the moment before a power cut, and not noted, is kept for use with what it held: whoever took it would take that for its own. */
    #emptyPool(): void {
      const { children } = this.state.root;
      for (const backingFilename of this.state.pool) {
        children[unnamed] = { type: "file", backingFilename, lastModified: 0, mode: 0 };
        if (super.lstat(`/${unnamed}`).size > 0) super.truncate(`/${unnamed}`);
      }
      delete children[unnamed];
    }
    /** PGlite's first look at its files comes after this. */
    override async initialSyncFs(): Promise<void> {
      await this.#opening;
    }
    override async syncToFs(relaxedDurability?: boolean): Promise<void> {
      if (this.pg?.isInTransaction() !== true) {
        // The log first; what is committed is, and held on where there is no space.
        await super.syncToFs(relaxedDurability);
        return this.#writeHeldWhereThereIsSpace();
      }
      if (this.state.pool.length < filesReadyMin) await this.maintainPool();
    }
    /** PGlite would wait for ever for a file that there is no space to note. */
    override async maintainPool(files?: number): Promise<void> {
      if (this.state.pool.length === (files ?? this.maintainedPoolSize) || this.#reserve.hasRoom(notingBytesMax)) await super.maintainPool(files);
    }
    /** PGlite empties its note of all files before it writes the new one: by then the new one is in another file. */
    override async checkpointState(): Promise<void> {
      const text = JSON.stringify(this.state);
      if (this.#noteCopy === undefined || !this.#reserve.hasRoom(2 * text.length)) return;
      writeText(this.#noteCopy, text);
      await super.checkpointState();
    }
    /** Postgres asks for files that are not there, one for each page of some tables; PGlite would take a trace of the stack each time. */
    override lstat(path: string): ReturnType<InstanceType<typeof OpfsAhpFS>["lstat"]> {
      let node: typeof this.state.root | { readonly type: "file" } = this.state.root;
      for (const name of path.split("/")) {
        if (name === "") continue;
        if (node.type !== "directory" || !Object.hasOwn(node.children, name)) throw notThere;
        node = node.children[name] ?? this.state.root;
      }
      const stats = super.lstat(path);
      return { ...stats, size: this.#held.length(path, stats.size) };
    }
    override open(...[path, flags, mode]: Parameters<InstanceType<typeof OpfsAhpFS>["open"]>): number {
      const fd = super.open(path, flags, mode);
      this.#openPaths.set(fd, path);
      return fd;
    }
    override close(fd: number): void {
      this.#openPaths.delete(fd);
      super.close(fd);
    }
    override read(...[fd, buffer, offset, length, position]: Parameters<InstanceType<typeof OpfsAhpFS>["read"]>): number {
      const read = super.read(fd, buffer, offset, length, position);
      const path = this.#openPaths.get(fd);
      return path === undefined ? read : this.#held.over(path, new Uint8Array(buffer.buffer, offset, length), position, read);
    }
    override write(...[fd, buffer, offset, length, position]: Parameters<InstanceType<typeof OpfsAhpFS>["write"]>): number {
      const path = this.#openPaths.get(fd);
      // PGlite gives its memory, whatever its types say.
      const memory: unknown = buffer;
      const isPages = path?.startsWith(pagesFolder) === true && length <= heldBytesMax && length % pageBytes === 0;
      if (isPages && memory instanceof ArrayBuffer && !this.#reserve.isShort()) {
        this.#held.write(path, new Uint8Array(memory, offset, length), position);
        this.#unflushed.add(path);
        return length;
      }
      if (path !== undefined) this.#held.release(path);
      if (path === controlFile) this.#flushAll();
      const bytes = this.#reserve.spend(
        () => super.write(fd, buffer, offset, length, position),
        (written) => written === length,
      );
      if (path !== undefined) this.#unflushed.add(path);
      if (path === controlFile) this.#flushAll();
      if (this.#reserve.isShort()) this.#writeHeldWhereThereIsSpace();
      return bytes;
    }
    #writeHeldWhereThereIsSpace(): void {
      try {
        this.#held.releaseBytes();
      } catch (cause) {
        if (!this.#reserve.isShort()) throw cause;
      }
    }
    #writePiece(path: string, bytes: Uint8Array, at: number): void {
      const fd = super.open(path);
      try {
        this.#reserve.spend(
          () => super.write(fd, bytes, 0, bytes.length, at),
          (written) => written === bytes.length,
        );
      } finally {
        super.close(fd);
      }
    }
    #flushAll(): void {
      this.#held.releaseAll();
      for (const path of this.#unflushed) {
        // PGlite flushes the files of the log and those that were cut: to as long as it is, this one.
        if (this.#has(path)) super.truncate(path, super.lstat(path).size);
      }
      this.#unflushed.clear();
      this.flush();
    }
    #has(path: string): boolean {
      try {
        return this.lstat(path).size > 0;
      } catch {
        return false;
      }
    }
    override truncate(path: string, bytes = 0): void {
      if (path.startsWith(pagesFolder) && bytes >= this.lstat(path).size && !this.#reserve.isShort()) return this.#held.lengthen(path, bytes);
      this.#held.release(path);
      this.#reserve.spend(() => super.truncate(path, bytes));
    }
    /** When a file was written last is nobody's question: PGlite would note it at each new length of a table. */
    override utimes(...[path, atime, mtime]: Parameters<InstanceType<typeof OpfsAhpFS>["utimes"]>): void {
      this._utimesState(path, atime, mtime);
    }
    override writeFile(...[path, content, options]: Parameters<InstanceType<typeof OpfsAhpFS>["writeFile"]>): void {
      const wasShort = this.#reserve.isShort();
      this.#reserve.spend(() => super.writeFile(path, content, options));
      // A file that was made before there was no space to note it is noted with all others.
      if (!wasShort && this.#reserve.isShort()) this.lastCheckpoint = 0;
    }
    override mkdir(...[path, options]: Parameters<InstanceType<typeof OpfsAhpFS>["mkdir"]>): void {
      this.#reserve.spend(() => super.mkdir(path, options));
    }
    override rename(from: string, to: string): void {
      this.#held.release(from);
      this.#held.forget(to);
      this.#reserve.spend(() => super.rename(from, to));
      if (this.#unflushed.delete(from)) this.#unflushed.add(to);
    }
    override unlink(path: string): void {
      this.#held.forget(path);
      this.#reserve.spend(() => super.unlink(path));
    }
    override async closeFs(): Promise<void> {
      // Those that are still being opened would stay open.
      await this.#opening.catch(() => undefined);
      this.#reserve.close();
      this.#noteCopy?.close();
      await super.closeFs();
    }
  }
  return (place) => new PrivateFiles(place);
}
