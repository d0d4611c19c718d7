import type { PoolClient } from "pg";
import { z } from "zod";
import { renderingSql } from "../connection-settings.ts";
import { parseLsn } from "../offset.ts";
import { settingsQuery } from "../where/sql.ts";
import { CopyOut } from "./copy-out.ts";
import { parseSnapshot, type SnapshotVisibility } from "./visibility.ts";

const snapshotRow = z.tuple([z.object({ snapshot: z.string(), lsn: z.string(), flushed: z.string() })]);
const resultSets = z.array(z.object({ rows: z.array(z.unknown()) }));
const visibilitySql = "SELECT pg_current_snapshot()::text AS snapshot, pg_current_wal_insert_lsn()::text AS lsn, pg_current_wal_flush_lsn()::text AS flushed";
const beginSql = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${renderingSql}; ${visibilitySql}`;
const attemptsMax = 200;
const attemptDelayMs = 5;

/** What {@link takeSnapshot} needs besides a connection. */
export interface SnapshotTask {
  /** Renders one message a row; `undefined` takes the visibility only. */
  readonly query: string | undefined;
  /** Values the query reads as settings. */
  readonly settings: readonly string[];
  /** Unlimited when absent: how long the query may take before Postgres cancels it. */
  readonly queryMsMax?: number;
  /** Says whether this snapshot may be used; called before any row. */
  readonly accept: (visibility: SnapshotVisibility) => boolean;
  /** Gets each rendered message; the bytes are only valid during the call. Throwing ends the snapshot. */
  readonly onRow: (message: Buffer) => void;
  /** Gives the snapshot up: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Reads a query in one consistent snapshot, trying again until its visibility is accepted. Throws what Postgres or `onRow` throws, and the
 * signal's reason; the connection is of no use then.
 */
export async function takeSnapshot(client: PoolClient, task: SnapshotTask): Promise<SnapshotVisibility> {
  const { signal } = task;
  const cut = (): void => {
    client.connection.stream.destroy(new Error("Connection terminated: nobody waits for the snapshot"));
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", cut, { once: true });
  try {
    return await untilAccepted(client, task);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

async function untilAccepted(client: PoolClient, task: SnapshotTask): Promise<SnapshotVisibility> {
  for (let attempt = 1; ; attempt++) {
    let failed = true;
    try {
      const results: unknown = await client.query(beginSql);
      const [{ snapshot, lsn, flushed }] = snapshotRow.parse(resultSets.parse(results).at(-1)?.rows);
      const visibility = parseSnapshot(snapshot, parseLsn(lsn), parseLsn(flushed));
      if (task.accept(visibility)) {
        if (task.queryMsMax !== undefined) await client.query(`SET LOCAL statement_timeout = ${task.queryMsMax}`);
        if (task.query !== undefined && task.settings.length > 0) await client.query(settingsQuery(task.settings));
        if (task.query !== undefined) await client.query(new CopyOut(task.query, task.onRow)).done;
        failed = false;
        return visibility;
      }
      failed = false;
    } finally {
      // What went wrong before is what is told, not that the connection is gone because of it.
      await client.query("ROLLBACK").catch((error: unknown) => (failed ? undefined : Promise.reject(error)));
    }
    if (attempt >= attemptsMax) throw new Error("no usable snapshot could be taken");
    await new Promise((resolve) => setTimeout(resolve, attemptDelayMs));
  }
}
