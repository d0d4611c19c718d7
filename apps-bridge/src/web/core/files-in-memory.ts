import type { IdbFs } from "@electric-sql/pglite";

type Told = (error?: unknown) => void;

/** PGlite's files in memory, and what became of the copy that is kept of them. */
export interface FilesInMemory extends IdbFs {
  /** Why they could not be kept; undefined while they are. After that nothing more is. */
  failure(): unknown;
}

/**
 * Makes PGlite's file system for browsers without private files: in memory, and kept in IndexedDB in one transaction of its own, all that has changed since the
 * last time or nothing. That is done when a transaction of Postgres' has ended: PGlite would do it after every statement, and what is rolled back would be kept
 * as well. What could not be kept is not tried again, as it may be of a commit that was told to have failed.
 */
export async function filesInMemory(): Promise<(name: string) => FilesInMemory> {
  const { IdbFs: Files } = await import("@electric-sql/pglite");
  class KeptInMemory extends Files implements FilesInMemory {
    #failure: unknown;

    failure(): unknown {
      return this.#failure;
    }
    override async initialSyncFs(): Promise<void> {
      Object.assign(this.pg?.Module.IDBFS ?? {}, wholeOrNothing);
      await super.initialSyncFs();
    }
    override async syncToFs(): Promise<void> {
      if (this.#failure !== undefined || this.pg?.isInTransaction() === true) return;
      await super.syncToFs().catch((cause: unknown) => {
        this.#failure = cause ?? new Error("the browser's database failed");
      });
    }
  }
  return (name) => new KeptInMemory(name);
}

/** How a file is put into IndexedDB or taken out of it. Emscripten's way lets the files stay for which there was space, without those for which there was none. */
const wholeOrNothing = {
  storeRemoteEntry: (store: IDBObjectStore, path: string, file: unknown, tell: Told) => run(store, () => store.put(file, path), tell),
  removeRemoteEntry: (store: IDBObjectStore, path: string, tell: Told) => run(store, () => store.delete(path), tell),
};

function run(store: IDBObjectStore, ask: () => IDBRequest, tell: Told): void {
  const fail = (cause: unknown): void => {
    tell(cause);
    try {
      store.transaction.abort();
    } catch {
      // It ended with another file.
    }
  };
  try {
    const request = ask();
    request.addEventListener("success", () => tell());
    request.addEventListener("error", () => fail(request.error));
  } catch (cause) {
    fail(cause);
  }
}
