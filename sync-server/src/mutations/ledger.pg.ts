import { isErrorCode, SaldoError, type ErrorCode, type UploadAnswer, type UploadMutation } from "@saldo/schema";
import type pg from "pg";
import { keptStatement } from "./kept-statement.ts";
import type { Queryable } from "./pg-row-store.ts";

/** One mutation's verdict. */
export type Verdict = UploadAnswer["verdicts"][number];

/** One line of the ledger. */
export interface LedgerEntry {
  readonly seq: number;
  readonly sha256: string;
  readonly rejectionCode: ErrorCode | null;
}

/** How long verdicts are kept for mutations that come again; as long as a device keeps what it sent. */
const keptMs = 7 * 24 * 3_600_000;
/** Verdicts forgotten in one statement. */
const forgottenMax = 5_000;

/**
 * Verdicts given before to mutations that come again; one forgotten since is left out, and its mutation is not applied again either.
 * Throws `SaldoError` `relay.sequence_reused` when a number stands for another body now.
 */
export async function recalledVerdicts(connection: Queryable, clientId: string, again: readonly UploadMutation[]): Promise<Verdict[]> {
  if (again.length === 0) return [];
  const found = await connection.query<{ seq: string; sha256: string; rejection_code: string | null }>(
    "select seq, encode(sha256, 'hex') as sha256, rejection_code from relay.applied_mutation where client_id = $1 and seq between $2 and $3",
    [clientId, again[0]?.seq, again.at(-1)?.seq],
  );
  const bySeq = new Map(found.rows.map((row) => [Number(row.seq), row]));
  return again.flatMap(({ seq, sha256 }) => {
    const entry = bySeq.get(seq);
    if (entry === undefined) return [];
    if (entry.sha256 !== sha256) throw new SaldoError("relay.sequence_reused", { seq });
    return [verdictOf(seq, entry.rejection_code)];
  });
}

/** Forgets verdicts older than a week; the last of each client stays, so that a copy of its store can be told from it. */
export async function pruneLedger(pool: pg.Pool, nowMs: number): Promise<void> {
  for (let forgotten = forgottenMax; forgotten === forgottenMax; ) {
    const result = await pool.query(
      `delete from relay.applied_mutation where (client_id, seq) in (
         select a.client_id, a.seq from relay.applied_mutation as a left join client as c on c.id = a.client_id
         where a.applied_at < $1 and (c.id is null or a.seq < c.last_seq) limit $2
       )`,
      [new Date(nowMs - keptMs), forgottenMax],
    );
    forgotten = result.rowCount ?? 0;
  }
}

/** Writes verdicts down, in the transaction that gave them. */
export async function writeLedger(connection: Queryable, clientId: string, entries: readonly LedgerEntry[]): Promise<void> {
  await connection.query(
    keptStatement(
      `insert into relay.applied_mutation (client_id, seq, sha256, rejection_code)
       select $1, seq, decode(sha256, 'hex'), code from unnest($2::bigint[], $3::text[], $4::text[]) as entry (seq, sha256, code)`,
      [clientId, entries.map((entry) => entry.seq), entries.map((entry) => entry.sha256), entries.map((entry) => entry.rejectionCode)],
    ),
  );
}

/** A verdict as the answer tells it. */
export function verdictOf(seq: number, rejectionCode: string | null): Verdict {
  if (rejectionCode === null) return { seq, outcome: "applied" };
  return { seq, outcome: "rejected", code: isErrorCode(rejectionCode) ? rejectionCode : "mutation.unknown" };
}
