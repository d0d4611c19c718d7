import { tableNames } from "@saldo/schema";
import type pg from "pg";

/** The publication the shape service reads: every synced table, and nothing of `auth` or `relay`. */
export const publicationName = "saldo";

/** Makes the publication name exactly the synced tables, each sending whole old rows. Idempotent; changes nothing when all is in place. */
export async function publishSyncedTables(connection: Pick<pg.ClientBase, "query">): Promise<void> {
  const partial = await connection.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname = any($1) and relreplident <> 'f'",
    [[...tableNames]],
  );
  for (const { name } of partial.rows) await connection.query(`alter table "${name}" replica identity full`);
  const tables = tableNames.map((name) => `public."${name}"`).join(", ");
  const published = await connection.query<{ name: string }>("select tablename as name from pg_publication_tables where pubname = $1", [publicationName]);
  const exists = await connection.query("select 1 from pg_publication where pubname = $1", [publicationName]);
  if (exists.rowCount === 0) await connection.query(`create publication "${publicationName}" for table ${tables}`);
  else if (!sameNames(published.rows.map((row) => row.name), tableNames)) {
    await connection.query(`alter publication "${publicationName}" set table ${tables}`);
  }
}

/** A restored cluster goes on in a timeline of its own, one made from a dump is another cluster, a database read back has another number. */
const lineageQuery = `
  select system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || '/' || (select oid from pg_database where datname = current_database()) as lineage
  from pg_control_system()`;

/**
 * The generation of this database: made once, and made anew when the database is not the one it was made in, so that devices, which may be
 * ahead of it, begin with it anew. Idempotent.
 */
export async function serverGeneration(pool: pg.Pool, nextId: () => string): Promise<string> {
  const kept = await pool.query<{ generation: string }>(
    `insert into relay.server_generation as known (id, generation, lineage) select 1, $1, lineage from (${lineageQuery}) as now
     on conflict (id) do update set lineage = excluded.lineage,
       generation = case when coalesce(known.lineage, excluded.lineage) = excluded.lineage then known.generation else excluded.generation end
     returning generation`,
    [nextId()],
  );
  const generation = kept.rows[0]?.generation;
  if (generation === undefined) throw new Error("the server generation was not written");
  return generation;
}

/** Makes another generation in place of this one, of a database that is known to be an older copy. Idempotent, also for relays at the same time. */
export async function renewGeneration(pool: pg.Pool, generation: string, nextId: () => string): Promise<void> {
  await pool.query("update relay.server_generation set generation = $2, lineage = null where id = 1 and generation = $1", [generation, nextId()]);
}

/** How far the database's log is written. */
export async function flushedLsn(pool: pg.Pool): Promise<bigint> {
  const { rows } = await pool.query<{ lsn: string }>("select (pg_current_wal_flush_lsn() - '0/0')::text as lsn");
  return BigInt(rows[0]?.lsn ?? 0);
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set([...some, ...others]).size === some.length;
}
