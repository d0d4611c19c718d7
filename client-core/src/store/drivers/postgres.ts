import pg from "pg";
import type { Driver, DriverSession } from "../driver.ts";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openDatabase } from "../open-database.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { inserterBy } from "./postgres-insert.ts";

/**
 * Opens a server's Postgres, or a read replica, through a pool, so that a worker runs the device's queries. Reads run in parallel;
 * transactions of this handle run one after another. The pool stays its owner's: closing the database leaves it open.
 */
export function openPostgres(pool: pg.Pool): LocalDatabase {
  const driver: Driver = {
    dialect: "postgres",
    reads: "parallel",
    endedUnclean: false,
    keepsRollups: false,
    async session() {
      try {
        return poolSession(await pool.connect());
      } catch (error) {
        throw fromPostgresError(error);
      }
    },
    close: () => Promise.resolve(),
  };
  return openDatabase(driver);
}

const int8Type = 20;

/** 64-bit integers come as numbers where a number holds them, else as `bigint`; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser(type: number, format?: "text" | "binary") {
    if (type === int8Type && format !== "binary") return integerOf;
    return pg.types.getTypeParser(type, format);
  },
};

function integerOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function poolSession(client: pg.PoolClient): DriverSession {
  const run = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query<SqlRow>({ text, values: [...parameters], types });
    } catch (error) {
      throw fromPostgresError(error);
    }
  };
  const statements = {
    query: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).rows,
    execute: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).rowCount ?? 0,
  };
  const insert = inserterBy(statements);
  return {
    ...statements,
    insertRows: (table, columns, rows, onConflict) => insert({ table, columns, rows, onConflict }),
    release: (broken) => client.release(broken),
  };
}
