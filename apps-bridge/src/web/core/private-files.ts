import type { PGliteOptions } from "@electric-sql/pglite";

/** Files kept open for a transaction to take; it may make that many before it ends. */
const filesReadyMin = 50;

/** How Postgres is started on private files: a new segment of the log is not filled with zeros first, which would write the log twice. */
export const startParameters: readonly string[] = ["-c", "wal_init_zero=off"];

/**
 * Makes PGlite's file system on the browser's private files, flushed when a transaction has ended. PGlite itself flushes after every statement, also
 * within one, where nothing is promised yet: an import has a thousand.
 */
export async function privateFiles(): Promise<(folder: string) => NonNullable<PGliteOptions["fs"]>> {
  const { OpfsAhpFS } = await import("@electric-sql/pglite/opfs-ahp");
  class FlushedByTransaction extends OpfsAhpFS {
    override async syncToFs(relaxedDurability?: boolean): Promise<void> {
      if (this.pg?.isInTransaction() !== true) return super.syncToFs(relaxedDurability);
      if (this.state.pool.length < filesReadyMin) await this.maintainPool();
    }
  }
  return (folder) => new FlushedByTransaction(folder);
}
