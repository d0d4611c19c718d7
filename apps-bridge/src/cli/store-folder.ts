import { existsSync } from "node:fs";
import { chmod, mkdir, open, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openBooks, systemEnvironment, undoUnfinishedImport, type Books } from "@saldo/client-core/books";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { openBetterSqlite3, removeSqliteStore } from "@saldo/client-core/store/better-sqlite3";
import { blobFolder } from "@saldo/client-core/store/blob-folder";
import { openMendedStore, type StoreDamage } from "@saldo/client-core/store/mended-sqlite";
import { exportUnsent } from "@saldo/client-core/sync";
import { errorEntry, SaldoError, systemIds } from "@saldo/schema";
import { z } from "zod";

const databaseName = "saldo.db";
const sessionName = "session.json";
/** Is there while books are being removed: a command that finds it finishes that. */
const leavingName = "leaving";
const originalsName = "originals";

/** Currency of books nobody named one for and whose first file shows none. */
export const currencyDefault = "USD";

/** A fresh store's currency and language until the person signs in. Without a currency the first file tells it, else {@link currencyDefault}. */
export interface FreshBooks {
  readonly currency?: string;
  readonly locale: "en" | "ru";
}

/** How a store is opened: `create` makes a missing one, else it is refused; `discardNew` removes what was made when the work fails. */
export interface StoreOpening {
  readonly create: boolean;
  readonly discardNew?: boolean;
  /** A damaged store is set aside and made anew, for a command that can fetch its rows again; else it is told and left alone. */
  readonly mend?: boolean;
  /** Gives books that are made the default chart of categories in their language. */
  readonly chart?: boolean;
  readonly fresh: FreshBooks;
}

/** True when the folder holds books. A removal that was interrupted is finished first. */
export async function hasBooks(folder: string): Promise<boolean> {
  if (existsSync(join(folder, leavingName))) await removeBooks(folder);
  return existsSync(databasePath(folder));
}

/** Path of the books' database in a folder. */
export function databasePath(folder: string): string {
  return join(folder, databaseName);
}

/**
 * Removes the books, originals of their imports and the sign-in of a folder, damaged copies that were set aside too; other files stay. Idempotent; an interruption is made
 * good by the next command. Throws `SaldoError` `store.in_use`.
 */
export async function removeBooks(folder: string): Promise<void> {
  const mark = join(folder, leavingName);
  const made = await open(mark, "w");
  await made.sync();
  await made.close();
  removeSqliteStore(databasePath(folder));
  await rm(join(folder, originalsName), { recursive: true, force: true });
  await removeSession(folder);
  await rm(mark, { force: true });
}

/** Writes the unsent changes of a store to a file, whole or not at all; returns how many there are. Throws `cli.output_failed`. */
export async function exportUnsentTo(file: string, database: LocalDatabase, exportedAt: string): Promise<number> {
  const partial = `${file}.part`;
  try {
    const output = await open(partial, "w", 0o600);
    let changes: number;
    try {
      changes = await exportUnsent(database, exportedAt, async (text) => void (await output.write(text)));
      await output.sync();
    } finally {
      await output.close();
    }
    await rename(partial, file);
    return changes;
  } catch (cause) {
    await rm(partial, { force: true });
    if (cause instanceof SaldoError) throw cause;
    throw new SaldoError("cli.output_failed", { system: systemCode(cause) }, { cause });
  }
}

/** Runs work on the books in a folder and closes them, whatever happens. Throws `SaldoError` `cli.store_missing`, `store.*`. */
export async function withBooks<Result>(folder: string, options: StoreOpening, work: (books: Books) => Promise<Result>): Promise<Result> {
  const isNew = !(await hasBooks(folder));
  const path = databasePath(folder);
  if (!options.create && isNew) throw new SaldoError("cli.store_missing", { store: folder });
  const madeFolders = await makeFolder(resolve(folder)).catch((cause: unknown) => {
    throw cannotMake(folder, cause);
  });
  const { database, damage } = options.mend
    ? await openMendedStore({ path, stamp: systemIds().next() })
    : { database: await openStore(openBetterSqlite3({ path })), damage: null };
  if (damage) process.stderr.write(damageReport(damage, options.fresh.locale));
  let isDone = false;
  try {
    const books = await openBooks(database, systemEnvironment(), { currency: currencyDefault, ...options.fresh }, blobFolder(join(folder, originalsName)));
    await undoUnfinishedImport(books);
    if (isNew && options.chart === true) await books.record("category.addChart", { locale: options.fresh.locale, createdAt: books.nowInstant() });
    const result = await work(books);
    isDone = true;
    return result;
  } finally {
    await database.close();
    if (!isDone && isNew && options.discardNew === true) await removeStore(path, madeFolders);
  }
}

/** What was damaged, saved and lost, in a person's words. */
function damageReport({ setAsidePath, unsentSaved, changesLost }: StoreDamage, locale: "en" | "ru"): string {
  const { meaning, remedy } = errorEntry("store.mended");
  const lost = {
    en: changesLost === null ? "Unsent changes could not be read." : `Unsent changes saved: ${unsentSaved}; recorded changes that could not be read: ${changesLost}.`,
    ru: changesLost === null ? "Неотправленные правки прочесть не удалось." : `Неотправленных правок сохранено: ${unsentSaved}; записанных правок, которые не удалось прочесть: ${changesLost}.`,
  };
  return `${meaning[locale]} ${lost[locale]} ${remedy[locale]}\n${setAsidePath}\n`;
}

/**
 * Makes a folder and those above it; returns the ones it made, the deepest last. (Node's own `recursive` never ends where a folder can
 * neither be made nor found, as under /proc.)
 */
async function makeFolder(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return [];
    const above = dirname(folder);
    if (code !== "ENOENT" || above === folder) throw error;
    const made = await makeFolder(above);
    await mkdir(folder);
    return [...made, folder];
  }
}

async function removeStore(path: string, folders: readonly string[]): Promise<void> {
  for (const suffix of ["-wal", "-shm", "", "-lock"]) await rm(`${path}${suffix}`, { force: true });
  await rm(join(dirname(path), originalsName), { recursive: true, force: true });
  // A folder someone has put something into meanwhile stays.
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

function cannotMake(folder: string, cause: unknown): SaldoError {
  const system = systemCode(cause);
  return new SaldoError(system === "ENOSPC" ? "store.disk_full" : "store.cannot_open", { store: folder, system }, { cause });
}

const savedSession = z.object({ server: z.string(), email: z.string(), sessionToken: z.string() });

/** The open sign-in of a store: kept beside the database, readable by its owner only. */
export type SavedSession = z.infer<typeof savedSession>;

/** The saved sign-in of a store; undefined when there is none or it cannot be read. */
export async function readSession(folder: string): Promise<SavedSession | undefined> {
  try {
    return savedSession.parse(JSON.parse(await readFile(join(folder, sessionName), "utf8")));
  } catch {
    return undefined;
  }
}

/** Saves a sign-in for the next command. */
export async function writeSession(folder: string, session: SavedSession): Promise<void> {
  const path = join(folder, sessionName);
  await writeFile(path, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}

/** Forgets a sign-in. */
export async function removeSession(folder: string): Promise<void> {
  await rm(join(folder, sessionName), { force: true });
}
