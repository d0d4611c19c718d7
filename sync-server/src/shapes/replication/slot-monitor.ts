import type { Pool } from "pg";
import { z } from "zod";
import type { SlotSample } from "../metrics/observer.ts";
import { parseLsn } from "../offset.ts";
import type { ShapeServiceLog } from "../options.ts";

const lsn = z.string().transform(parseLsn);
const sampleRow = z.object({ status: z.string().nullable(), restart: lsn.nullable(), written: lsn });

const sampleQuery = `
  SELECT wal_status AS status, restart_lsn::text AS restart,
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_flush_lsn() END::text AS written
  FROM pg_replication_slots WHERE slot_name = $1`;

const seenMax = 1_024;

interface Seen {
  readonly written: bigint;
  readonly atMs: number;
}

/** What the monitor works with. */
export interface SlotMonitorParts {
  readonly pool: Pick<Pool, "query">;
  readonly slotName: string;
  readonly log: ShapeServiceLog;
  readonly nowMs: () => number;
  /** Everything committed before this is in the logs. */
  readonly completeLsn: () => bigint;
}

/** Looks at the replication slot from time to time: how far behind, how much WAL it holds, and whether it is about to be lost. */
export class SlotMonitor {
  readonly #parts: SlotMonitorParts;
  #seen: Seen[] = [];
  #last: { readonly status: string; readonly retainedBytes: number; readonly written: bigint } | undefined;

  constructor(parts: SlotMonitorParts) {
    this.#parts = parts;
  }

  /** The slot as last seen, the lag as of now. */
  get sample(): SlotSample | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const complete = this.#parts.completeLsn();
    const waiting = this.#seen.find(({ written }) => written > complete);
    return {
      status: last.status,
      retainedBytes: last.retainedBytes,
      lagBytes: Math.max(0, Number(last.written - complete)),
      lagMs: waiting === undefined ? 0 : this.#parts.nowMs() - waiting.atMs,
    };
  }

  /** Asks the database; throws what it throws. */
  async look(): Promise<void> {
    const { pool, slotName, log, nowMs, completeLsn } = this.#parts;
    const [row] = z.array(sampleRow).parse((await pool.query(sampleQuery, [slotName])).rows);
    if (row === undefined) return;
    const status = row.status ?? "reserved";
    const retainedBytes = row.restart === null ? 0 : Number(row.written - row.restart);
    const before = this.#last?.status;
    this.#last = { status, retainedBytes, written: row.written };
    const complete = completeLsn();
    this.#seen = [...this.#seen.filter(({ written }) => written > complete), { written: row.written, atMs: nowMs() }].slice(-seenMax);
    if (status === before) return;
    if (status === "unreserved" || status === "lost") log.warn({ slot: slotName, status, retainedBytes }, "the replication slot is about to be given up by the server: raise max_slot_wal_keep_size");
    else if (before === "unreserved" || before === "lost") log.info({ slot: slotName, status, retainedBytes }, "the replication slot is safe again");
  }
}
