import type { PGliteOptions } from "@electric-sql/pglite";

type Filesystem = NonNullable<PGliteOptions["fs"]>;
type Init = Filesystem["init"];

/** Files kept open for a statement to take; each of them is opened at a start. */
const filesReady = 60;
/** Below this many more are made in the middle of a transaction. */
const filesReadyMin = 50;
/** Files of a new store: those of the archive it is unpacked from, or of one that is made from nothing. */
const filesAtFirst = { archive: 500, nothing: 1_000 } as const;

/** How Postgres is started on private files: a new segment of the log is not filled with zeros first, which would write the log twice. */
export const startParameters: readonly string[] = ["-c", "wal_init_zero=off"];

/**
 * Makes PGlite's file system on the browser's private files. They are opened while PGlite itself is compiled, and flushed when a transaction has ended:
 * PGlite does the one before the other, and flushes after every statement, also within a transaction, where nothing is promised yet: an import has a
 * thousand.
 */
export async function privateFiles(): Promise<(folder: string, from: keyof typeof filesAtFirst) => Filesystem> {
  const [{ OpfsAhpFS }, { BaseFilesystem }] = await Promise.all([import("@electric-sql/pglite/opfs-ahp"), import("@electric-sql/pglite/basefs")]);
  class PrivateFiles extends OpfsAhpFS {
    #opening: Promise<unknown> = Promise.resolve();

    override async init(...parts: Parameters<Init>): Promise<Awaited<ReturnType<Init>>> {
      this.#opening = super.init(...parts);
      // Whoever waits for the files hears of the failure.
      this.#opening.catch(() => undefined);
      return BaseFilesystem.prototype.init.apply(this, parts);
    }
    /** PGlite's first look at its files comes after this. */
    override async initialSyncFs(): Promise<void> {
      await this.#opening;
    }
    override async syncToFs(relaxedDurability?: boolean): Promise<void> {
      if (this.pg?.isInTransaction() !== true) return super.syncToFs(relaxedDurability);
      if (this.state.pool.length < filesReadyMin) await this.maintainPool();
    }
  }
  return (folder, from) => new PrivateFiles(folder, { initialPoolSize: filesAtFirst[from], maintainedPoolSize: filesReady });
}
