import { pgliteMigrations, SaldoError, sqliteMigrations } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { LocalDatabase, SqlReader } from "./local-database.ts";
import { areRolledRowsWatched, watchRolledRows } from "./rollup-triggers.ts";

const bookkeeping = sql.identifier("store_migration");
const appliedRows = z.array(z.object({ name: z.string() }));

/**
 * Brings a device's database to this code's schema, each migration in one transaction, and returns the database; running it again
 * writes nothing. Throws `store.newer_schema` when newer code has already changed the database, which is then left as it is.
 */
export async function openStore(database: LocalDatabase): Promise<LocalDatabase> {
  const migrations = database.dialect === "sqlite" ? sqliteMigrations : pgliteMigrations;
  const applied = await appliedNames(database);
  const newer = applied.length > migrations.length || applied.some((name, index) => migrations[index]?.name !== name);
  if (newer) throw new SaldoError("store.newer_schema", { applied: applied.length, known: migrations.length });
  for (const [position, migration] of migrations.entries()) {
    if (position < applied.length) continue;
    await database.transaction(async (transaction) => {
      for (const statement of migration.statements) await transaction.execute(sql.raw(statement), []);
      await transaction.execute(sql`insert into ${bookkeeping} ("position", "name") values (${position}, ${migration.name})`, []);
    });
  }
  if (!(await areRolledRowsWatched(database))) await database.transaction(watchRolledRows);
  return database;
}

async function appliedNames(database: LocalDatabase): Promise<string[]> {
  if (await hasBookkeeping(database)) return readNames(database);
  return database.transaction(async (transaction) => {
    await transaction.execute(
      sql`create table if not exists ${bookkeeping} ("position" integer not null primary key, "name" text not null)`,
      [],
    );
    return readNames(transaction);
  });
}

async function hasBookkeeping(database: LocalDatabase): Promise<boolean> {
  const found =
    database.dialect === "sqlite"
      ? await database.query(sql`select 1 from sqlite_master where type = 'table' and name = 'store_migration'`)
      : await database.query(sql`select 1 where to_regclass('store_migration') is not null`);
  return found.length > 0;
}

async function readNames(reader: SqlReader): Promise<string[]> {
  const rows = await reader.query(sql`select "name" from ${bookkeeping} order by "position"`);
  return appliedRows.parse(rows).map((row) => row.name);
}
