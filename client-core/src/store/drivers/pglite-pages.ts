import type { PGlite } from "@electric-sql/pglite";
import { SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { fromPostgresError } from "./postgres-errors.ts";

/** Pages, and keys, that are read between two turns of others: some twenty milliseconds. */
const pagesTogether = 400;
const keysTogether = 4_000;
/** Counts of a table that is written meanwhile, before it is left at what reading it has shown. */
const countsMax = 3;

/** The tables of a store and of their long values, each with its pages and the columns of its key. */
const relationsQuery = `with "own" as (select "oid", "reltoastrelid" from pg_class where "relnamespace" = 'public'::regnamespace and "relkind" = 'r')
  select "r"."id"::regclass::text as "name", cast(pg_relation_size("r"."id") / current_setting('block_size')::int as int) as "pages", (
    select string_agg(quote_ident("attname"), ', ' order by array_position("indkey"::int2[], "attnum")) from pg_index
    join pg_attribute on "attrelid" = "indrelid" and "attnum" = any("indkey") where "indrelid" = "r"."id" and "indisprimary") as "key"
  from (select "oid" as "id" from "own" union all select "reltoastrelid" from "own" where "reltoastrelid" <> 0) "r"`;

const relations = z.array(z.object({ name: z.string(), pages: z.number(), key: z.string().nullable() }));
type Relation = z.infer<typeof relations>[number];

const byPages = "set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off";
const byKey = "set local enable_indexscan = on; set local enable_seqscan = off; set local enable_sort = off";

/**
 * Reads every page of every table, which Postgres compares with its checksum, and every row again by way of the key: a page that is gone from the end of
 * a file is missed by those who look for it only. Throws `store.damaged`.
 */
export async function checkPages(pglite: PGlite): Promise<void> {
  const count = async (from: string) => Number((await pglite.query<SqlRow>(`select count(*) as "n" from ${from}`)).rows[0]?.["n"]);
  try {
    const found = relations.parse((await pglite.query(relationsQuery)).rows);
    await pglite.exec(`begin; ${byPages}`);
    const stored = new Map<string, number>();
    for (const { name } of found) stored.set(name, await count(name));
    await pglite.exec(byKey);
    for (const { name, key } of found) {
      const rows = key === null ? stored.get(name) : await count(`(select 1 from ${name} order by ${key}) as "row"`);
      if (rows !== stored.get(name)) throw new SaldoError("store.damaged", { table: name });
    }
    await pglite.exec("rollback");
  } catch (cause) {
    throw fromPostgresError(cause);
  }
}

/**
 * The same between what others ask, a slice at a time, `pause` after each. True when the store is damaged: then it is noted, and whoever opens it next
 * looks at all of it first and saves what can be saved. Throws what is not damage, also what `pause` throws.
 */
export async function findDamage(database: LocalDatabase, pause: () => Promise<void>): Promise<boolean> {
  try {
    for (const relation of relations.parse(await database.query(sql.raw(relationsQuery)))) {
      if (await isSound(database, relation, pause)) continue;
      database.suspect();
      return true;
    }
    return false;
  } catch (error) {
    if (error instanceof SaldoError && error.code === "store.damaged") return true;
    throw error;
  }
}

/** False when pages and key tell of different numbers of rows though nothing was written meanwhile. */
async function isSound(database: LocalDatabase, relation: Relation, pause: () => Promise<void>): Promise<boolean> {
  let isWritten = false;
  const stop = database.onCommit(() => void (isWritten = true));
  try {
    for (let counts = 0; counts < countsMax; counts++) {
      isWritten = false;
      const stored = await countByPages(database, relation, pause);
      if (relation.key === null || stored === (await countByKey(database, relation.name, relation.key, pause))) return true;
      if (!isWritten) return false;
    }
    return true;
  } finally {
    stop();
  }
}

async function countByPages(database: LocalDatabase, { name, pages }: Relation, pause: () => Promise<void>): Promise<number> {
  let rows = 0;
  for (let from = 0; from === 0 || from < pages; from += pagesTogether) {
    const to = from + pagesTogether < pages ? ` and ctid < '(${from + pagesTogether},0)'` : "";
    const [row] = await database.query(sql.raw(`select count(*) as "n" from ${name} where ctid >= '(${from},0)'${to}`));
    rows += Number(row?.["n"]);
    await pause();
  }
  return rows;
}

async function countByKey(database: LocalDatabase, name: string, key: string, pause: () => Promise<void>): Promise<number> {
  let rows = 0;
  for (let last: unknown[] | undefined; ; ) {
    const after = last === undefined ? sql`` : sql`where (${sql.raw(key)}) > (${sql.join(last.map((value) => sql`${value}`), sql`, `)})`;
    const slice = await database.snapshot(async (reader) => {
      // By way of the key to the rows themselves, which an index alone would not look at.
      for (const way of ["enable_seqscan", "enable_sort", "enable_indexonlyscan", "enable_bitmapscan"]) await reader.query(sql`select set_config(${way}, 'off', true)`);
      return reader.query(sql`select ${sql.raw(key)} from ${sql.raw(name)} ${after} order by ${sql.raw(key)} limit ${sql.raw(String(keysTogether))}`);
    });
    rows += slice.length;
    if (slice.length < keysTogether) return rows;
    last = Object.values(slice.at(-1) ?? {});
    await pause();
  }
}
