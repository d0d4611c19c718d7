import { existsSync, renameSync } from "node:fs";
import { isTableName, SaldoError, type BoundValue } from "@saldo/schema";
import { refold, touch, type TouchedRows } from "../../sync/rebase.ts";
import type { LocalDatabase, LocalTransaction } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { openBetterSqlite3, type BetterSqlite3Options } from "./better-sqlite3.ts";
import { salvageColumns, salvageSqlite, type Salvage } from "./salvage-sqlite.ts";

/** What happened to a damaged store. */
export interface StoreDamage {
  /** Where the damaged file is kept. */
  readonly setAsidePath: string;
  /** Unsent changes that were saved from it. */
  readonly unsentSaved: number;
  /** Changes that were recorded and could not be saved from it, sent ones among them; null when it cannot be told how many there were. */
  readonly changesLost: number | null;
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
  const salvage = salvageSqlite(setAsidePath);
  const database = await openStore(openBetterSqlite3({ path }));
  await restore(database, salvage);
  const unsentSaved = salvage.outbox.filter((row) => row[salvageColumns.outbox.indexOf("status")] === "pending").length;
  return { database, damage: { setAsidePath, unsentSaved, changesLost: salvage.lost } };
}

async function closeAndThrow(database: LocalDatabase, error: unknown): Promise<never> {
  await database.close();
  throw error;
}

/** Puts what was saved into a new store: the same device, its outbox, and the rows its unsent changes made. */
async function restore(database: LocalDatabase, { settings, outbox, effects }: Salvage): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.insertRows("device_setting", salvageColumns.settings, settings, "replace");
    await transaction.insertRows("sync_outbox", salvageColumns.outbox, outbox, "fail");
    await transaction.insertRows("sync_effect", salvageColumns.effects, effects, "fail");
    await hideRows(transaction, effects);
  });
}

/** Until the server's rows are here again there is nothing beneath the unsent changes. */
async function hideRows(transaction: LocalTransaction, effects: readonly (readonly BoundValue[])[]): Promise<void> {
  const touched: TouchedRows = new Map();
  for (const [, , table, rowId] of effects) {
    if (typeof table === "string" && isTableName(table) && typeof rowId === "string") touch(touched, table, rowId);
  }
  for (const [table, rowIds] of touched) {
    await transaction.insertRows("sync_base", ["table_name", "row_id", "row"], [...rowIds].map((rowId) => [table, rowId, null]), "ignore");
  }
  await refold(transaction, touched);
}
