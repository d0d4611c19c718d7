import { SaldoError, scopeOfDevice, sqlName, tableCodec, tableNames, tables, type DeviceScope, type IdSource, type JsonValue, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase, LocalTransaction, SqlReader } from "../store/local-database.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** The company a store holds and who works in it: the context mutations are recorded with. */
export interface StoreWorkspace {
  readonly workspaceId: string;
  /** Null on a store that was never signed in. */
  readonly userId: string | null;
  readonly serverUrl: string | null;
}

/** What a company is called and counts in before it was ever synced. */
export interface NewWorkspace {
  readonly name: string;
  readonly currency: string;
  readonly locale: "en" | "ru";
  readonly createdAt: string;
}

/** The workspace of a store, or undefined when the store is new. */
export async function storeWorkspace(database: SqlReader): Promise<StoreWorkspace | undefined> {
  return readSetting(database, "sync.workspace");
}

/** The workspace of a store; a new store gets one of its own, so that it can be used before any sign-in. Idempotent. */
export async function ensureWorkspace(database: LocalDatabase, ids: IdSource, workspace: NewWorkspace): Promise<StoreWorkspace> {
  const there = await storeWorkspace(database);
  if (there) return there;
  return database.transaction(async (transaction) => {
    const known = await readSetting(transaction, "sync.workspace");
    if (known) return known;
    const made = { workspaceId: ids.next(), userId: null, serverUrl: null };
    const { name, currency, locale, createdAt } = workspace;
    const columns = ["id", "name", "currency", "locale", "plan", "created_at"];
    await transaction.insertRows("workspace", columns, [[made.workspaceId, name, currency, locale, "trial", createdAt]], "fail");
    await writeSetting(transaction, "sync.workspace", made);
    return made;
  });
}

/**
 * Binds a store to a workspace of a server, in one transaction: rows made before the first sign-in move to the server's workspace id, and
 * the outbox stays as it is (bodies hold no workspace). Idempotent. Throws `SaldoError` `sync.not_bound` when the store is bound elsewhere.
 */
export async function bindWorkspace(database: LocalDatabase, bound: { workspaceId: string; userId: string; serverUrl: string }): Promise<void> {
  if (isBoundTo(await storeWorkspace(database), bound)) return;
  await database.transaction(async (transaction) => {
    const known = await readSetting(transaction, "sync.workspace");
    if (isBoundTo(known, bound)) return;
    if (known && known.workspaceId !== bound.workspaceId) await moveRows(transaction, known.workspaceId, bound.workspaceId);
    await writeSetting(transaction, "sync.workspace", bound);
  });
}

/** False for a store that is bound to no server yet. Throws `SaldoError` `sync.not_bound` for one that is bound elsewhere. */
function isBoundTo(known: StoreWorkspace | undefined, { workspaceId, userId, serverUrl }: StoreWorkspace): boolean {
  if (known === undefined || known.serverUrl === null) return false;
  if (known.workspaceId !== workspaceId || known.userId !== userId || known.serverUrl !== serverUrl) throw new SaldoError("sync.not_bound");
  return true;
}

async function moveRows(transaction: LocalTransaction, from: string, to: string): Promise<void> {
  for (const name of tableNames) {
    const key = name === "workspace" ? "id" : "workspaceId";
    if (!tableCodec(tables[name]).byKey.has(key)) continue;
    const column = sql.identifier(sqlName(key));
    await transaction.execute(sql`update ${sql.identifier(name)} set ${column} = ${to} where ${column} = ${from}`, [name]);
  }
  await transaction.execute(sql`update "sync_effect" set "row_id" = ${to} where "table_name" = 'workspace' and "row_id" = ${from}`, ["sync_effect"]);
  await transaction.execute(sql`update "sync_base" set "row_id" = ${to} where "table_name" = 'workspace' and "row_id" = ${from}`, ["sync_base"]);
  await moveImages(transaction, "sync_effect", ["seq", "position"], "patch", from, to);
  await moveImages(transaction, "sync_base", ["table_name", "row_id"], "row", from, to);
}

/** Rewrites the workspace inside the JSON images of a bookkeeping table, a page at a time in key order. */
async function moveImages(transaction: LocalTransaction, table: string, key: readonly [string, string], column: string, from: string, to: string): Promise<void> {
  const name = sql.identifier(table);
  const image = sql.identifier(column);
  const [first, second] = [sql.identifier(key[0]), sql.identifier(key[1])];
  const rows = await transaction.query(
    sql`select ${first} as "first", ${second} as "second", ${image} as "image" from ${name} where ${image} like ${`%${from}%`}`,
  );
  for (const row of rows) {
    if (typeof row["image"] !== "string") continue;
    const parsed: unknown = JSON.parse(row["image"]);
    if (typeof parsed !== "object" || parsed === null) continue;
    const moved: Record<string, JsonValue> = { ...parsed, ...("workspaceId" in parsed ? { workspaceId: to } : { id: to }) };
    await transaction.execute(
      sql`update ${name} set ${image} = ${JSON.stringify(moved)} where ${first} = ${row["first"]} and ${second} = ${row["second"]}`,
      [table],
    );
  }
}

/** The scope a shape of this workspace is asked with. */
export function scopeOf(name: TableName, ids: DeviceScope): string {
  return scopeOfDevice(tables[name].scope.kind, ids);
}
