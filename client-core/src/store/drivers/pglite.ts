import type { PGliteInterface } from "@electric-sql/pglite";
import { SaldoError } from "@saldo/schema";
import type { Driver, DriverSession } from "../driver.ts";
import { quoted } from "../insert-statement.ts";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openDatabase } from "../open-database.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { copyRows, copyRowsMin } from "./pglite-copy.ts";
import { byteaText, bytesOfBytea } from "./postgres-bytea.ts";
import { inserterBy, type InsertRequest } from "./postgres-insert.ts";
import { writingMark, type WritingMark, type WritingNote } from "./writing-mark.ts";

export type { WritingNote } from "./writing-mark.ts";

/**
 * Opens a PGlite instance that was made elsewhere (in memory, on OPFS, on IndexedDB). The instance belongs to the database from now on:
 * nobody else may run statements on it, and closing the database closes it. It has one session, so reads take turns with transactions.
 * With a note it is known whether it ended while it was being written; in memory there is nothing to know.
 */
export function openPglite(pglite: PGliteInterface, note: WritingNote = unnoted): LocalDatabase {
  const mark = writingMark(note);
  const reading = pgliteSession(pglite, mark);
  const writing: DriverSession = { ...reading, release: () => mark.end() };
  const driver: Driver = {
    dialect: "postgres",
    reads: "in-turn",
    endedUnclean: note.wasThere,
    keepsRollups: true,
    async session(purpose) {
      if (purpose === "read") return reading;
      await mark.begin();
      return writing;
    },
    async close() {
      await pglite.close();
      await mark.close();
    },
  };
  return openDatabase(driver);
}

const unnoted: WritingNote = { wasThere: false, write: () => Promise.resolve(), remove: () => Promise.resolve() };

const byteaType = 17;

/** PGlite's own way with bytes makes a text of each: the body of an import's batch would take as long as its rows. */
export const quickBytes = {
  serializers: { [byteaType]: (value: unknown) => (value instanceof Uint8Array ? byteaText(value) : String(value)) },
  parsers: { [byteaType]: bytesOfBytea },
};

/** Rows copied into a table after which its statistics are made, and then again after four times as many each time. */
const analysedRowsMin = 2_000;
const analysedGrowth = 4;

/**
 * Postgres has no process here that looks at tables: without statistics it takes a table of any size for one of which nothing is known, and reads all of
 * it for the newest rows. A failure changes nothing: what was to be committed is.
 */
function statistics(pglite: PGliteInterface) {
  const tables = new Map<string, { rows: number; due: number }>();
  return {
    copied(table: string, rows: number): void {
      const known = tables.get(table);
      if (known) known.rows += rows;
      else tables.set(table, { rows, due: analysedRowsMin });
    },
    async afterCommit(): Promise<void> {
      for (const [table, state] of tables) {
        if (state.rows < state.due) continue;
        state.due = state.rows * analysedGrowth;
        // A tenth of what is usual reads a tenth of the pages; the tables have few columns that are asked by.
        await pglite.exec(`set default_statistics_target = 10; analyze ${quoted(table)}`).catch(() => undefined);
      }
    },
  };
}

function pgliteSession(pglite: PGliteInterface, mark: Pick<WritingMark, "keep">): DriverSession {
  const statisticsOfTables = statistics(pglite);
  const run = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await pglite.query<SqlRow>(text, [...parameters], quickBytes);
    } catch (cause) {
      const error = fromPostgresError(cause);
      if (error instanceof SaldoError && error.code === "store.damaged") mark.keep();
      throw error;
    }
  };
  const statements = {
    query: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).rows,
    async execute(text: string, parameters: readonly unknown[]) {
      const { affectedRows } = await run(text, parameters);
      if (text === "commit") await statisticsOfTables.afterCommit();
      return affectedRows ?? 0;
    },
  };
  const insert = inserterBy(statements);
  const insertMany = async (request: InsertRequest): Promise<number> => {
    if (request.onConflict === "replace" || request.rows.length < copyRowsMin) return insert(request);
    const { table, columns, rows } = request;
    await statements.execute("savepoint copied", []);
    try {
      await copyRows(pglite, table, columns, rows);
      statisticsOfTables.copied(table, rows.length);
      await statements.execute("release savepoint copied", []);
      return rows.length;
    } catch (cause) {
      const error = fromPostgresError(cause);
      await statements.execute("rollback to savepoint copied", []);
      await statements.execute("release savepoint copied", []);
      const isThere = error instanceof SaldoError && error.code === "store.key_exists";
      if (isThere && request.onConflict === "ignore") return insert(request);
      throw error;
    }
  };
  return {
    ...statements,
    insertRows: (table, columns, rows, onConflict) => insertMany({ table, columns, rows, onConflict }),
    release: () => undefined,
  };
}
