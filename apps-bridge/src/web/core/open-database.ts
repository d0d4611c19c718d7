import { openPglite } from "@saldo/client-core/store/pglite";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { SaldoError } from "@saldo/schema";

/** Tries at files that the tab before has not let go of yet. */
const openAttemptsMax = 20;
const openRetryDelayMs = 150;

/**
 * Opens the migrated database of this name in the browser's private files, or in IndexedDB where those cannot be written synchronously.
 * A database stays where it was made. Throws `SaldoError` `store.*`.
 */
export async function openBrowserDatabase(name: string): Promise<LocalDatabase> {
  const { PGlite } = await import("@electric-sql/pglite");
  const folder = `saldo/${name.replace(/[^\w-]/g, "_")}`;
  if (await hasSyncFiles()) {
    const { OpfsAhpFS } = await import("@electric-sql/pglite/opfs-ahp");
    const pglite = await patiently(() => PGlite.create({ fs: new OpfsAhpFS(folder), relaxedDurability: false }));
    return openStore(openPglite(pglite));
  }
  return openStore(openPglite(await PGlite.create({ dataDir: `idb://${folder.replace("/", "-")}` })));
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
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(name, { create: true });
    if (!canOpenSync(file)) return false;
    (await file.createSyncAccessHandle()).close();
    await root.removeEntry(name);
    return true;
  } catch {
    return false;
  }
}

/** Only workers have this, and the types of pages do not name it. */
function canOpenSync(file: object): file is { createSyncAccessHandle(): Promise<{ close(): void }> } {
  return "createSyncAccessHandle" in file && typeof file.createSyncAccessHandle === "function";
}
