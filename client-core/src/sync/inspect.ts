import { pgliteMigrations, schemaVersion, sqliteMigrations, tableNames, type Dialect } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import type { SqlReader } from "../store/local-database.ts";
import { readSums } from "./kept-sums.ts";
import { readSetting } from "./settings.ts";

/** Refused changes an inspection lists, newest first. */
const rejectionsMax = 20;

/** A store from within: where sync stands and what is kept, never a value of a row. */
export interface StoreInspection {
  readonly versions: { readonly schema: number; readonly dialect: Dialect; readonly migrationsApplied: number; readonly migrationsKnown: number };
  /** Ids as the server knows them; null before the first sync. */
  readonly identity: {
    readonly server: string | null;
    readonly workspaceId: string | null;
    readonly userId: string | null;
    readonly clientId: string | null;
    readonly generation: string | null;
  };
  /** The last checkpoint: a decimal LSN, and when it was applied. */
  readonly checkpoint: { readonly lsn: string; readonly appliedAt: string } | null;
  /** Every shape the store has begun, with its cursor. */
  readonly shapes: readonly { readonly name: string; readonly handle: string | null; readonly offset: string; readonly lsn: string; readonly status: string }[];
  /** Messages that wait in the store for a checkpoint. */
  readonly staged: number;
  readonly outbox: {
    readonly pending: number;
    readonly confirmed: number;
    readonly rejected: number;
    readonly oldestPendingAt: string | null;
    readonly pendingBytes: number;
    readonly bytes: number;
    readonly lastSeq: number;
  };
  /** What last kept the store from syncing, newest first. */
  readonly failures: readonly { readonly code: string; readonly at: string }[];
  readonly rejections: readonly { readonly code: string; readonly mutation: string; readonly status: string; readonly at: string }[];
  /** Rows visible in each table, and for how many of them a change is pending (a bulk import marks none). */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly pending: number }[];
  readonly checksums: {
    /** The last comparison of kept sums with the server's, at a checkpoint. */
    readonly atCheckpoint: { readonly at: string; readonly lsn: string; readonly same: number; readonly different: number; readonly unknown: number } | null;
    /** When counting all stored rows anew was last begun. */
    readonly recountedAt: string | null;
    /** The last comparison somebody asked for, with the server's database. */
    readonly asked: { readonly at: string; readonly same: number; readonly different: number; readonly unknown: number } | null;
    /** Shapes ever found to differ from the server's, or from what was written here. */
    readonly differencesEver: number;
    /** What each shape comes to: null until its rows were counted. */
    readonly shapes: readonly { readonly name: string; readonly rows: number | null; readonly sum: string | null; readonly countedAt: string | null; readonly sameLsn: string | null }[];
  };
  /** Bytes of the database, its log not counted. */
  readonly storeBytes: number;
}

/**
 * Looks at a store and changes nothing. It may be of an older or newer schema than this code: tables it lacks are left out. Each part is read
 * on its own, so that screens wait for one of them at most.
 */
export async function inspectStore(reader: SqlReader): Promise<StoreInspection> {
  const present = await presentTables(reader);
  const has = (name: string): boolean => present.has(name);
  const list = async (table: string, query: SQL) => (has(table) ? await reader.query(query) : []);
  const count = async (table: string) => Number((await list(table, sql`select count(*) as "n" from ${sql.identifier(table)}`))[0]?.["n"] ?? 0);
  const setting = <Name extends Parameters<typeof readSetting>[1]>(name: Name) => (has("device_setting") ? readSetting(reader, name) : Promise.resolve(undefined));
  const [workspace, client, verified] = [await setting("sync.workspace"), await setting("sync.client"), await setting("sync.verified")];
  const [compared, recounted] = [await setting("sync.compared"), await setting("sync.recounted")];
  const shapes = await list("sync_shape", sql`select "name", "handle", "offset", "lsn", "status" from "sync_shape" order by "name"`);
  const rejections = await list("rejection", sql`select "code", "mutation", "status", "created_at" from "rejection" order by "created_at" desc, "id" desc limit ${sql.raw(String(rejectionsMax))}`);
  const pending = new Map((await list("sync_base", sql`select "table_name", count(*) as "n" from "sync_base" group by "table_name"`)).map((row) => [String(row["table_name"]), Number(row["n"])]));
  const tables: StoreInspection["tables"][number][] = [];
  for (const name of tableNames) if (has(name)) tables.push({ name, rows: await count(name), pending: pending.get(name) ?? 0 });
  return {
    versions: {
      schema: schemaVersion,
      dialect: reader.dialect,
      migrationsApplied: await count("store_migration"),
      migrationsKnown: (reader.dialect === "sqlite" ? sqliteMigrations : pgliteMigrations).length,
    },
    identity: {
      server: workspace?.serverUrl ?? null,
      workspaceId: workspace?.workspaceId ?? null,
      userId: workspace?.userId ?? null,
      clientId: client?.clientId ?? null,
      generation: client?.generation ?? null,
    },
    checkpoint: (await setting("sync.checkpoint")) ?? null,
    shapes: shapes.map(({ name, handle, offset, lsn, status }) => ({ name: String(name), handle: typeof handle === "string" ? handle : null, offset: String(offset), lsn: String(lsn), status: String(status) })),
    staged: await count("sync_staged"),
    outbox: outboxOf(await list("sync_outbox", outboxQuery)),
    failures: (await setting("sync.failures")) ?? [],
    rejections: rejections.map(({ code, mutation, status, created_at: at }) => ({ code: String(code), mutation: String(mutation), status: String(status), at: String(at) })),
    tables,
    checksums: {
      atCheckpoint: compared ? { at: compared.at, lsn: compared.lsn, same: compared.same, different: compared.different, unknown: compared.unknown } : null,
      recountedAt: recounted?.at ?? null,
      asked: verified ? { at: verified.at, ...(verified.last ?? { same: 0, different: 0, unknown: 0 }) } : null,
      differencesEver: (verified?.differences ?? 0) + (compared?.differencesEver ?? 0) + (recounted?.damagedEver ?? 0),
      shapes: has("sync_sum") ? [...(await readSums(reader))].map(([name, { kept, readAt, sameLsn }]) => ({ name, rows: kept?.rows ?? null, sum: kept?.sum ?? null, countedAt: readAt, sameLsn })) : [],
    },
    storeBytes: Number((await reader.query(bytesQuery[reader.dialect]))[0]?.["bytes"] ?? 0),
  };
}

const outboxQuery = sql`select "status", count(*) as "n", sum(length("body")) as "bytes", min("recorded_at") as "oldest", max("seq") as "last" from "sync_outbox" group by "status"`;

function outboxOf(rows: readonly Readonly<Record<string, unknown>>[]): StoreInspection["outbox"] {
  const of = (status: string) => rows.find((row) => row["status"] === status);
  const number = (value: unknown): number => Number(value ?? 0);
  const oldest = of("pending")?.["oldest"];
  return {
    pending: number(of("pending")?.["n"]),
    confirmed: number(of("confirmed")?.["n"]),
    rejected: number(of("rejected")?.["n"]),
    oldestPendingAt: typeof oldest === "string" ? oldest : null,
    pendingBytes: number(of("pending")?.["bytes"]),
    bytes: rows.reduce((sum, row) => sum + number(row["bytes"]), 0),
    lastSeq: rows.reduce((last, row) => Math.max(last, number(row["last"])), 0),
  };
}

const bytesQuery: Readonly<Record<Dialect, SQL>> = {
  sqlite: sql`select "page_count" * "page_size" as "bytes" from pragma_page_count(), pragma_page_size()`,
  postgres: sql`select pg_database_size(current_database()) as "bytes"`,
};

const tablesQuery: Readonly<Record<Dialect, SQL>> = {
  sqlite: sql`select "name" from "sqlite_master" where "type" = 'table'`,
  postgres: sql`select table_name as "name" from information_schema.tables where table_schema = current_schema()`,
};

async function presentTables(reader: SqlReader): Promise<ReadonlySet<string>> {
  return new Set((await reader.query(tablesQuery[reader.dialect])).map(({ name }) => String(name)));
}
