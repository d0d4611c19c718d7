import { Client } from "pg";
import { machineMs } from "./clock.ts";
import type { Part } from "./part.ts";
import { insertSql, rowId, workspaceId } from "./rows.ts";

/** Rows in transactions of a thousand, then one row in the table of marks. */
export interface BulkLoad {
  readonly databaseUrl: string;
  readonly table: string;
  readonly firstRow: number;
  readonly transactions: number;
  readonly rowsEach: number;
  readonly workspace: number;
  readonly mark: string;
  /**
   * True has every transaction written and prepared before it is ready, so that the commits follow one another as fast as Postgres takes
   * them and nothing waits for rows to be written; false writes and commits as it goes.
   */
  readonly prepared: boolean;
}

/** When the load began to commit and when its last commit was answered. */
export interface LoadTimes {
  readonly startedMs: number;
  readonly committedMs: number;
}

/** The load generator. */
export const bulkLoad: Part<BulkLoad, LoadTimes> = async (load, ready) => {
  const client = new Client({ connectionString: load.databaseUrl });
  await client.connect();
  const commits = Array.from({ length: load.transactions }, (_, transaction) => {
    const from = load.firstRow + transaction * load.rowsEach;
    return { insert: insertSql(load.table, from, from + load.rowsEach, load.workspace), name: `'${load.mark} ${transaction}'` };
  });
  if (load.prepared) for (const { insert, name } of commits) await client.query(`BEGIN; ${insert}; PREPARE TRANSACTION ${name}`);
  await ready();
  const startedMs = machineMs();
  for (const { insert, name } of commits) await client.query(load.prepared ? `COMMIT PREPARED ${name}` : insert);
  await client.query("INSERT INTO marks VALUES ($1)", [load.mark]);
  const committedMs = machineMs();
  await client.end();
  return { startedMs, committedMs };
};

/** Single writes at a steady pace; each row carries the time it was sent at. */
export interface SingleWrites {
  readonly databaseUrl: string;
  readonly table: string;
  readonly firstRow: number;
  readonly writes: number;
  readonly everyMs: number;
}

/** The writer of single rows. */
export const singleWrites: Part<SingleWrites, null> = async (load, ready) => {
  const client = new Client({ connectionString: load.databaseUrl });
  await client.connect();
  const sql = `INSERT INTO ${load.table} VALUES ($1, $2, 'account', '2026-01-02', 1, 'EUR', 'a single write', 'someone', $3)`;
  await ready();
  for (let write = 0; write < load.writes; write++) {
    await new Promise((resolve) => setTimeout(resolve, load.everyMs));
    await client.query({ name: "write", text: sql, values: [rowId(load.firstRow + write), workspaceId(1), String(machineMs())] });
  }
  await client.end();
  return null;
};
