import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openBooks, systemEnvironment, undoUnfinishedImport, type Books } from "@saldo/client-core/books";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";

const databaseName = "saldo.db";
const sessionName = "session.json";

/** A fresh store's currency and language until the person signs in or says otherwise. */
export interface FreshBooks {
  readonly currency: string;
  readonly locale: "en" | "ru";
}

/** Runs work on the books in a folder and closes them, whatever happens. `create` makes the folder; without it a missing store is refused. */
export async function withBooks<Result>(
  folder: string,
  options: { readonly create: boolean; readonly fresh: FreshBooks },
  work: (books: Books) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, databaseName);
  if (!options.create && !existsSync(path)) throw new SaldoError("cli.store_missing", { store: folder });
  await mkdir(folder, { recursive: true });
  const database = await openStore(openBetterSqlite3({ path }));
  try {
    const books = await openBooks(database, systemEnvironment(), options.fresh);
    await undoUnfinishedImport(books);
    return await work(books);
  } finally {
    await database.close();
  }
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
