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

/** The generation of this database: made once, and new for a restored backup (whoever restores deletes the row). */
export async function serverGeneration(pool: pg.Pool, nextId: () => string): Promise<string> {
  await pool.query("insert into relay.server_generation (id, generation) values (1, $1) on conflict (id) do nothing", [nextId()]);
  const found = await pool.query<{ generation: string }>("select generation from relay.server_generation where id = 1");
  const generation = found.rows[0]?.generation;
  if (generation === undefined) throw new Error("the server generation was not written");
  return generation;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set([...some, ...others]).size === some.length;
}
