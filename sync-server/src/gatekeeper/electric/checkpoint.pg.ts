import { SaldoError } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";

const flushedRow = z.tuple([z.object({ lsn: z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/) })]);
const toldMsMax = 5_000;
const reachedMsMax = 10_000;
const probeDelayMs = 5;
const probeDelayMsMax = 250;

/** What finding a checkpoint works with. */
export interface CheckpointParts {
  readonly pool: Pick<pg.Pool, "query">;
  readonly nowMs: () => number;
  /** The last commit our reader of the log has seen; 0 before the first. */
  readonly seenLsn: () => bigint;
  /** True once our reader has seen every commit before an LSN; false when it does not come there in time. */
  readonly told: (lsn: bigint, waitMsMax: number) => Promise<boolean>;
  /** The LSN the service behind says it is complete through; undefined when it does not answer. */
  readonly completeLsn: () => Promise<bigint | undefined>;
}

/**
 * Finds an LSN that two independent readers of the log, ours and that of the service behind, have both passed, and that no answer given
 * before lies beyond. An idle log brings neither of them forward, so a commit that changes nothing is made: a row of the table `client`,
 * which every device reads and whose shape is published therefore, is written as it is.
 * Throws `SaldoError` `relay.unavailable` when either does not come there in time.
 */
export async function findCheckpoint(parts: CheckpointParts): Promise<bigint> {
  // Asking once has the service publish the table before the commit it is to see.
  const before = await parts.completeLsn();
  if (before === undefined) throw away();
  const written = await writeUnchangedRow(parts.pool);
  const { rows } = await parts.pool.query("select pg_current_wal_flush_lsn()::text as lsn");
  const flushedLsn = parseLsn(flushedRow.parse(rows)[0].lsn);
  if (!(await parts.told(flushedLsn, toldMsMax))) throw away();
  // Without any device there is nobody who would ask.
  if (!written) return parts.seenLsn() > 0n ? parts.seenLsn() : flushedLsn;
  const lsn = parts.seenLsn();
  const endMs = parts.nowMs() + reachedMsMax;
  for (let delayMs = probeDelayMs; ; delayMs = Math.min(delayMs * 2, probeDelayMsMax)) {
    const completeLsn = await parts.completeLsn();
    if (completeLsn !== undefined && completeLsn >= lsn) return lsn;
    if (parts.nowMs() >= endMs) throw away();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}

/** Writes one row of `client` as it is, one that nobody holds if there is one. False when the table is empty. */
async function writeUnchangedRow(pool: CheckpointParts["pool"]): Promise<boolean> {
  const write = async (lock: string) =>
    ((await pool.query(`update client set user_id = user_id where id = (select id from client limit 1 ${lock})`)).rowCount ?? 0) > 0;
  return (await write("for no key update skip locked")) || write("");
}

function parseLsn(text: string): bigint {
  const [high = "0", low = "0"] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

function away(): SaldoError {
  return new SaldoError("relay.unavailable", { retryAfterSeconds: 1 });
}
