import type { PGliteInterface } from "@electric-sql/pglite";
import type { Driver, DriverSession } from "../driver.ts";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openDatabase } from "../open-database.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { inserterBy } from "./postgres-insert.ts";

/**
 * Opens a PGlite instance that was made elsewhere (in memory, on OPFS, on IndexedDB). The instance belongs to the database from now on:
 * nobody else may run statements on it, and closing the database closes it. It has one session, so reads take turns with transactions.
 */
export function openPglite(pglite: PGliteInterface): LocalDatabase {
  const session = pgliteSession(pglite);
  const driver: Driver = {
    dialect: "postgres",
    reads: "in-turn",
    endedUnclean: false,
    session: () => Promise.resolve(session),
    close: () => pglite.close(),
  };
  return openDatabase(driver);
}

function pgliteSession(pglite: PGliteInterface): DriverSession {
  const run = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await pglite.query<SqlRow>(text, [...parameters]);
    } catch (error) {
      throw fromPostgresError(error);
    }
  };
  const statements = {
    query: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).rows,
    execute: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).affectedRows ?? 0,
  };
  const insert = inserterBy(statements);
  return {
    ...statements,
    insertRows: (table, columns, rows, onConflict) => insert({ table, columns, rows, onConflict }),
    release: () => undefined,
  };
}
