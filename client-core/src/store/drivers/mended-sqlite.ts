import { existsSync, renameSync } from "node:fs";
import { SaldoError } from "@saldo/schema";
import type { LocalDatabase } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { openBetterSqlite3, type BetterSqlite3Options } from "./better-sqlite3.ts";
import { restoreSalvage, type SalvageTold } from "./salvage.ts";
import { salvageSqlite } from "./salvage-sqlite.ts";

/** What happened to a damaged store. */
export interface StoreDamage extends SalvageTold {
  /** Where the damaged file is kept. */
  readonly setAsidePath: string;
}

/** An open store, and what was done to get it. */
export interface MendedStore {
  readonly database: LocalDatabase;
  /** Null when the file was sound. */
  readonly damage: StoreDamage | null;
}

/** How a store is opened with mending: `stamp` is put into the name of a damaged file, and must not repeat. */
export interface MendingOptions extends BetterSqlite3Options {
  readonly stamp: string;
}

/**
 * Opens a store of a device, brought to this code's schema. A damaged file is set aside and kept, and a new one takes its place with what was
 * not sent; its rows come with the next sync, whole. Throws `SaldoError` `store.*` for anything but damage.
 */
export async function openMendedStore({ path, stamp }: MendingOptions): Promise<MendedStore> {
  try {
    const database = openBetterSqlite3({ path });
    return { database: await openStore(database).catch((error: unknown) => closeAndThrow(database, error)), damage: null };
  } catch (error) {
    if (!(error instanceof SaldoError) || error.code !== "store.damaged") throw error;
  }
  const setAsidePath = `${path}.damaged-${stamp}`;
  for (const suffix of ["-wal", "-shm", ""]) if (existsSync(path + suffix)) renameSync(path + suffix, setAsidePath + suffix);
  const salvage = await salvageSqlite(setAsidePath);
  const database = await openStore(openBetterSqlite3({ path }));
  await restoreSalvage(database, salvage);
  return { database, damage: { setAsidePath, ...salvage.told } };
}

async function closeAndThrow(database: LocalDatabase, error: unknown): Promise<never> {
  await database.close();
  throw error;
}
