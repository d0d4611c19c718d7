import { uploadBytesMax, uploadMutationsMax, type UploadMutation } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase, LocalTransaction, SqlReader } from "../store/local-database.ts";

/** How long sent bodies are kept, for replay to a server restored from a backup. */
const sentBodiesKeptMs = 7 * 24 * 60 * 60 * 1000;
/** Entries read from the outbox at a time: a body may be megabytes. */
const readEntriesMax = 25;

/** Numbers of the outbox at a glance. */
export interface OutboxState {
  readonly pending: number;
  /** Highest number ever given here; 0 when none was. */
  readonly lastRecorded: number;
  /** Highest number known to be answered by the server; 0 when none is. */
  readonly lastConfirmed: number;
}

/** Counts the outbox. */
export async function outboxState(reader: SqlReader): Promise<OutboxState> {
  // Each part is answered by an index: the bodies are not read.
  const [row] = await reader.query(
    sql`select (select count(*) from "sync_outbox" where "status" = 'pending') as "pending", (select max("seq") from "sync_outbox") as "last",
      (select max("seq") from "sync_outbox" where "status" in ('confirmed', 'rejected')) as "confirmed"`,
  );
  return { pending: Number(row?.["pending"] ?? 0), lastRecorded: Number(row?.["last"] ?? 0), lastConfirmed: Number(row?.["confirmed"] ?? 0) };
}

/** The next mutations to send, in order, after a number: at most one upload's worth. */
export async function pendingAfter(reader: SqlReader, seq: number, mutationsMax = uploadMutationsMax): Promise<UploadMutation[]> {
  const batch: UploadMutation[] = [];
  let bytes = 0;
  let after = seq;
  while (batch.length < mutationsMax) {
    const rows = await reader.query(
      sql`select "seq", "mutation", "version", "encoding", "body", "sha256" from "sync_outbox"
        where "status" = 'pending' and "seq" > ${after} order by "seq" limit ${sql.raw(String(Math.min(readEntriesMax, mutationsMax - batch.length)))}`,
    );
    for (const row of rows) {
      const mutation = uploadMutationOf(row);
      // Names and hashes of the header take their part too.
      bytes += mutation.body.byteLength + 250;
      if (batch.length > 0 && bytes > uploadBytesMax) return batch;
      batch.push(mutation);
      after = mutation.seq;
    }
    if (rows.length === 0) return batch;
  }
  return batch;
}

function uploadMutationOf(row: Readonly<Record<string, unknown>>): UploadMutation {
  const { mutation, encoding, body, sha256 } = row;
  if (typeof mutation !== "string" || typeof sha256 !== "string" || !(body instanceof Uint8Array)) throw new TypeError("not an outbox entry");
  return { seq: Number(row["seq"]), name: mutation, version: Number(row["version"]), encoding: encoding === "deflate" ? "deflate" : "json", sha256, body };
}

/** Removes answered mutations older than a week; the highest number stays, so that none is given twice. */
export async function pruneOutbox(database: LocalDatabase, nowMs: number): Promise<void> {
  const before = new Date(nowMs - sentBodiesKeptMs).toISOString();
  await database.transaction(async (transaction) => {
    await transaction.execute(
      sql`delete from "sync_outbox" where "status" <> 'pending' and "recorded_at" < ${before} and "seq" < (select max("seq") from "sync_outbox")`,
      ["sync_outbox"],
    );
  });
}

/**
 * Numbers what a server has not applied from 1 again, in the same order, for a new client id. Answered mutations after `replayAfter` are
 * sent again (the server was restored from a backup); the other answered ones are dropped.
 */
export async function renumberOutbox(transaction: LocalTransaction, replayAfter: number | null): Promise<void> {
  const dropped = replayAfter === null ? sql`true` : sql`"seq" <= ${replayAfter}`;
  await transaction.execute(sql`delete from "sync_outbox" where "status" <> 'pending' and ${dropped}`, ["sync_outbox"]);
  await transaction.execute(sql`update "sync_outbox" set "status" = 'pending' where "status" <> 'pending'`, ["sync_outbox"]);
  const rows = await transaction.query(sql`select "seq" from "sync_outbox" order by "seq"`);
  let next = 0;
  // In ascending order a new number is never above the old one, so its place is free.
  for (const row of rows) {
    next++;
    const seq = Number(row["seq"]);
    if (seq === next) continue;
    await transaction.execute(sql`update "sync_outbox" set "seq" = ${next} where "seq" = ${seq}`, ["sync_outbox"]);
    await transaction.execute(sql`update "sync_effect" set "seq" = ${next} where "seq" = ${seq}`, ["sync_effect"]);
  }
}
