import { existsSync, renameSync } from "node:fs";
import { isMutationName, isTableName, mutations, SaldoError, type BoundValue } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { thawBody } from "../../mutations/body.ts";
import { deviceRows } from "../../mutations/device-rows.ts";
import { refold, touch, type TouchedRows } from "../../sync/rebase.ts";
import { storeWorkspace, type StoreWorkspace } from "../../sync/workspace.ts";
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
async function restore(database: LocalDatabase, { settings, outbox, effects, workspaces }: Salvage): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.insertRows("device_setting", salvageColumns.settings, settings, "replace");
    await transaction.insertRows("workspace", salvageColumns.workspaces, workspaces, "replace");
    await transaction.insertRows("sync_outbox", salvageColumns.outbox, outbox, "fail");
    const workspace = await storeWorkspace(transaction);
    const batches = await transaction.query(sql`select "seq" from "sync_outbox" where "status" = 'pending' and "import_id" is not null order by "seq"`);
    let done = 0;
    // A batch of an import is run on what was there when it was recorded.
    for (const { seq } of batches) {
      await restoreEffects(transaction, effects, done, Number(seq));
      done = Number(seq);
      if (workspace) await insertBatch(transaction, workspace, done);
    }
    await restoreEffects(transaction, effects, done, Number.MAX_SAFE_INTEGER);
  });
}

/** Effects of the mutations from one number up to another. Until the server's rows are here again there is nothing beneath them. */
async function restoreEffects(transaction: LocalTransaction, effects: readonly (readonly BoundValue[])[], from: number, to: number): Promise<void> {
  const due = effects.filter(([seq]) => Number(seq) >= from && Number(seq) < to);
  const touched: TouchedRows = new Map();
  for (const [, , table, rowId] of due) {
    if (typeof table === "string" && isTableName(table) && typeof rowId === "string") touch(touched, table, rowId);
  }
  await transaction.insertRows("sync_effect", salvageColumns.effects, due, "fail");
  for (const [table, rowIds] of touched) {
    await transaction.insertRows("sync_base", ["table_name", "row_id", "row"], [...rowIds].map((rowId) => [table, rowId, null]), "ignore");
  }
  await refold(transaction, touched);
}

/** Rows of a bulk import have no effects of their own: the batch is run again. Where it does not fit, its rows come back from the server. */
async function insertBatch(transaction: LocalTransaction, workspace: StoreWorkspace, seq: number): Promise<void> {
  const [entry] = await transaction.query(sql`select "mutation", "encoding", "body" from "sync_outbox" where "seq" = ${seq}`);
  const { mutation, encoding, body } = entry ?? {};
  if (typeof mutation !== "string" || !isMutationName(mutation) || !(body instanceof Uint8Array)) return;
  try {
    const run = mutations[mutation].bind(await thawBody(encoding === "deflate" ? "deflate" : "json", new Uint8Array(body)));
    await transaction.savepoint(async () => {
      const rows = deviceRows(transaction, workspace.workspaceId, seq);
      await run(rows, workspace);
      await rows.finish();
    });
  } catch (error) {
    // What this store cannot hold (a full disk) is not for the server to bring back.
    if (error instanceof SaldoError && error.code.startsWith("store.")) throw error;
  }
}
