import type { PGliteInterface } from "@electric-sql/pglite";
import { SaldoError } from "@saldo/schema";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openStore } from "../migrate.ts";
import { openPglite, quickBytes, type WritingNote } from "./pglite.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { nothingSalvaged, salvage, type Salvage } from "./salvage.ts";

export { nothingSalvaged, restoreSalvage, type Salvage, type SalvageTold } from "./salvage.ts";

/** A store that was opened, or what could be saved of one that is damaged; then its instance is closed. */
export type OpenedPglite = { readonly ok: true; readonly database: LocalDatabase } | { readonly ok: false; readonly cause: unknown; readonly salvage: Salvage };

/**
 * Opens a store of a device on an instance made elsewhere, brought to this code's schema. After an unclean end every page of it is looked at
 * first. Throws, with the instance closed, what is not damage: a full disk, a newer schema.
 */
export async function openCheckedPglite(pglite: PGliteInterface, note: WritingNote): Promise<OpenedPglite> {
  try {
    if (note.wasThere) await checkPages(pglite);
    return { ok: true, database: await openStore(openPglite(pglite, note)) };
  } catch (cause) {
    const saved = isDamage(cause) ? await salvagePglite(pglite) : undefined;
    await pglite.close().catch(() => undefined);
    if (saved === undefined) throw cause;
    return { ok: false, cause, salvage: saved };
  }
}

/**
 * True when what an instance threw, also while it was made, speaks of its files: Postgres that does not start for them fails in many ways. Files that
 * another holds, a full disk and a program that could not be fetched are no damage.
 */
export function isDamage(cause: unknown): boolean {
  if (cause instanceof SaldoError) return cause.code === "store.damaged" || cause.code === "store.io_failed";
  return !(cause instanceof DOMException) && !(cause instanceof TypeError);
}

/** The tables of a store and of their long values, each with the columns of its key. */
const relations = `with "own" as (select "oid", "reltoastrelid" from pg_class where "relnamespace" = 'public'::regnamespace and "relkind" = 'r')
  select "r"."id"::regclass::text as "name", (
    select string_agg(quote_ident("attname"), ', ' order by array_position("indkey"::int2[], "attnum")) from pg_index
    join pg_attribute on "attrelid" = "indrelid" and "attnum" = any("indkey") where "indrelid" = "r"."id" and "indisprimary") as "key"
  from (select "oid" as "id" from "own" union all select "reltoastrelid" from "own" where "reltoastrelid" <> 0) "r"`;

const byPages = "set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off";
const byKey = "set local enable_indexscan = on; set local enable_seqscan = off; set local enable_sort = off";

/**
 * Reads every page of every table, which Postgres compares with its checksum, and every row again by way of the key: a page that is gone from the end of
 * a file is missed by those who look for it only. Throws `store.damaged`.
 */
async function checkPages(pglite: PGliteInterface): Promise<void> {
  const count = async (from: string) => Number((await pglite.query<SqlRow>(`select count(*) as "n" from ${from}`)).rows[0]?.["n"]);
  try {
    const { rows } = await pglite.query<{ readonly name: string; readonly key: string | null }>(relations);
    await pglite.exec(`begin; ${byPages}`);
    const stored = new Map<string, number>();
    for (const { name } of rows) stored.set(name, await count(name));
    await pglite.exec(byKey);
    for (const { name, key } of rows) {
      const found = key === null ? stored.get(name) : await count(`(select 1 from ${name} order by ${key}) as "row"`);
      if (found !== stored.get(name)) throw new SaldoError("store.damaged", { table: name });
    }
    await pglite.exec("rollback");
  } catch (cause) {
    throw fromPostgresError(cause);
  }
}

/** Reads what can be read of a damaged instance; never throws. Pages that are not what was written are read as empty ones, indexes are not trusted. */
async function salvagePglite(pglite: PGliteInterface): Promise<Salvage> {
  try {
    await pglite.exec("rollback");
    await pglite.exec("set zero_damaged_pages = on; set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off");
    return await salvage(async (text) => {
      try {
        return { rows: (await pglite.query<SqlRow>(text, [], quickBytes)).rows, isWhole: true };
      } catch {
        return { rows: [], isWhole: false };
      }
    });
  } catch {
    return nothingSalvaged;
  }
}
