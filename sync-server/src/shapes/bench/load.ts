import { Client } from "pg";
import { machineMs } from "./clock.ts";
import type { Part } from "./part.ts";
import { insertSql, rowId, workspaceId } from "./rows.ts";

/** Rows in transactions of a thousand, as fast as Postgres takes them, then one row in the table of marks. */
export interface BulkLoad {
  readonly databaseUrl: string;
  readonly table: string;
  readonly firstRow: number;
  readonly transactions: number;
  readonly rowsEach: number;
  readonly workspace: number;
  readonly mark: string;
}

/** When the load began and when its last commit was answered. */
export interface LoadTimes {
  readonly startedMs: number;
  readonly committedMs: number;
}

/** The load generator. */
export const bulkLoad: Part<BulkLoad, LoadTimes> = async (load, ready) => {
  const client = new Client({ connectionString: load.databaseUrl });
  await client.connect();
  await ready();
  const startedMs = machineMs();
  for (let transaction = 0; transaction < load.transactions; transaction++) {
    const from = load.firstRow + transaction * load.rowsEach;
    await client.query(insertSql(load.table, from, from + load.rowsEach, load.workspace));
  }
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
