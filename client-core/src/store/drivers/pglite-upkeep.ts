import type { PGlite } from "@electric-sql/pglite";
import { quoted } from "../insert-statement.ts";

/** What a Postgres that runs by itself does beside its queries, and PGlite, which has no other process, does not. */
export interface Upkeep {
  /** Rows were copied into a table, in a transaction that has yet to end. */
  copied(table: string, rows: number): void;
  /** A transaction has ended well. A failure changes nothing: what was to be committed is. */
  afterCommit(): Promise<void>;
  /** It is quiet, and no transaction is open: what the next start would have to read again from the log is written to where it belongs. */
  settle(): Promise<void>;
}

/** Rows copied into a table after which its statistics are made, and then again after four times as many each time. */
const analysedRowsMin = 2_000;
const analysedGrowth = 4;
/** Rows copied between two checkpoints: some 150 MB of log, which takes room in the browser and time at a start. */
const checkpointRows = 200_000;
/** Copied rows of a table that are read at once for their notes of being committed. */
const notedRowsMin = 2_000;
/** A log that is read again in a moment is left as it is: the first write to each page after a checkpoint logs all of it. */
const logBytesLeft = 4 * 1024 * 1024;

/**
 * Where reading rows goes on that were copied: Postgres notes with each row that it is committed when somebody first reads it, and with a page that has gone
 * to its file by then it logs all of the page and writes it a second time. So they are read while they are still at hand.
 */
async function readCopied(pglite: PGlite, table: string, fromPage: number): Promise<number> {
  const { rows } = await pglite.query<{ readonly pages: number }>(
    `select cast(pg_relation_size('${quoted(table)}') / current_setting('block_size')::int as int) as "pages", (select count(*) from ${quoted(table)} where ctid >= '(${fromPage},0)') as "rows"`,
  );
  return Math.max(0, (rows[0]?.pages ?? 0) - 1);
}

/**
 * Keeps statistics of tables: without them Postgres takes a table of any size for one of which nothing is known, and reads all of it for the newest rows. And
 * keeps the log short, which grows without end where nobody makes checkpoints.
 */
export function upkeepOf(pglite: PGlite): Upkeep {
  const tables = new Map<string, { rows: number; due: number; unread: number; lastPage: number }>();
  let rowsLogged = 0;
  const analyse = async (): Promise<void> => {
    for (const [table, state] of tables) {
      if (state.rows < state.due) continue;
      state.due = state.rows * analysedGrowth;
      // A tenth of what is usual reads a tenth of the pages; the tables have few columns that are asked by.
      await pglite.exec(`set default_statistics_target = 10; analyze ${quoted(table)}`).catch(() => undefined);
    }
  };
  return {
    copied(table, rows) {
      const known = tables.get(table);
      if (known === undefined) tables.set(table, { rows, due: analysedRowsMin, unread: rows, lastPage: 0 });
      else {
        known.rows += rows;
        known.unread += rows;
      }
      rowsLogged += rows;
    },
    async afterCommit() {
      for (const [table, state] of tables) {
        if (state.unread < notedRowsMin) continue;
        state.unread = 0;
        state.lastPage = await readCopied(pglite, table, state.lastPage).catch(() => state.lastPage);
      }
      await analyse();
      if (rowsLogged < checkpointRows) return;
      rowsLogged = 0;
      await pglite.exec("checkpoint").catch(() => undefined);
    },
    async settle() {
      const { rows } = await pglite.query<{ readonly isLong: boolean }>(`select pg_current_wal_insert_lsn() - redo_lsn > ${logBytesLeft} as "isLong" from pg_control_checkpoint()`);
      if (rows[0]?.isLong !== true) return;
      rowsLogged = 0;
      await pglite.exec("checkpoint");
    },
  };
}
