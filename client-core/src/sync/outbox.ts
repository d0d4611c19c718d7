import { uploadBytesMax, uploadMutationsMax, type UploadMutation } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { nextTurn } from "../next-turn.ts";
import type { LocalDatabase, LocalTransaction, SqlReader } from "../store/local-database.ts";
import { clearSetting, readSetting, writeSetting } from "./settings.ts";

/** How long sent bodies are kept, for replay to a server restored from a backup. */
const sentBodiesKeptMs = 7 * 24 * 60 * 60 * 1000;
/** Days whose confirmations are noted apart. */
const marksMax = 10;
/** Length of the day in an ISO instant. */
const dayCharacters = 10;
/** Numbers are moved by way of a range no outbox reaches, so that none meets another on the way. */
const farAway = 1_000_000_000_000;
/** Entries read from the outbox at a time: a body may be megabytes. */
const readEntriesMax = 8;
/** Batches of imports marked as confirmed between two turns of others. */
const confirmedTogetherMax = 8;
/** Bytes of bodies read between two turns of others. */
const readBytesTogetherMax = 1024 * 1024;

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
  let turnAtBytes = readBytesTogetherMax;
  while (batch.length < mutationsMax) {
    if (bytes > turnAtBytes) {
      await nextTurn();
      turnAtBytes = bytes + readBytesTogetherMax;
    }
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

/**
 * Marks pending mutations through a number as confirmed. An entry is written anew with its body, and those of an import are large: some of them at a
 * time, with a turn of others between.
 */
export async function markConfirmed(transaction: LocalTransaction, throughSeq: number): Promise<void> {
  const due = sql`"status" = 'pending' and "seq" <= ${throughSeq}`;
  const confirm = (entries: SQL) => transaction.execute(sql`update "sync_outbox" set "status" = 'confirmed' where ${entries}`, ["sync_outbox"]);
  await confirm(sql`${due} and "import_id" is null`);
  const some = sql`"seq" in (select "seq" from "sync_outbox" where ${due} order by "seq" limit ${sql.raw(String(confirmedTogetherMax))})`;
  while ((await confirm(some)) === confirmedTogetherMax) await nextTurn();
}

/** Notes, with the checkpoint that confirms them, when mutations were confirmed: a mark for each day. */
export async function noteConfirmed(transaction: LocalTransaction, throughSeq: number, confirmedAt: string): Promise<void> {
  const marks = (await readSetting(transaction, "sync.confirmed")) ?? [];
  const last = marks.at(-1);
  if (last && last.throughSeq >= throughSeq) return;
  const isSameDay = last?.at.slice(0, dayCharacters) === confirmedAt.slice(0, dayCharacters);
  const kept = (isSameDay ? marks.slice(0, -1) : marks).slice(-marksMax);
  await writeSetting(transaction, "sync.confirmed", [...kept, { throughSeq, at: confirmedAt }]);
}

/** Removes mutations answered more than a week ago; the highest number stays, so that none is given twice. Returns how many went. */
export async function pruneOutbox(database: LocalDatabase, nowMs: number): Promise<number> {
  const before = new Date(nowMs - sentBodiesKeptMs).toISOString();
  const isOld = ({ at }: { readonly at: string }) => at < before;
  const hasOld = ((await readSetting(database, "sync.confirmed")) ?? []).some(isOld);
  if (!hasOld) return 0;
  return database.transaction(async (transaction) => {
    const marks = (await readSetting(transaction, "sync.confirmed")) ?? [];
    const old = marks.filter(isOld).at(-1);
    if (!old) return 0;
    await writeSetting(transaction, "sync.confirmed", marks.filter(({ at }) => at >= before));
    return transaction.execute(
      sql`delete from "sync_outbox" where "status" <> 'pending' and "seq" <= ${old.throughSeq} and "seq" < (select max("seq") from "sync_outbox")`,
      ["sync_outbox"],
    );
  });
}

/** What a server has of the mutations recorded under a client id that is being left. */
export interface Settled {
  /** All through this number are the server's: they are not sent again. */
  readonly throughSeq: number;
  /** True when the server went back: what was confirmed beyond that number is sent again. */
  readonly serverWentBack: boolean;
}

/**
 * Numbers what a server does not have from 1 again, in the same order, for a new client id. What it has is dropped from the outbox;
 * its effects stay, under numbers no server counts, until the first checkpoint of the new client id, which shows their rows.
 */
export async function renumberOutbox(transaction: LocalTransaction, { throughSeq, serverWentBack }: Settled): Promise<void> {
  const settled = serverWentBack ? sql`"seq" <= ${throughSeq}` : sql`("seq" <= ${throughSeq} or "status" <> 'pending')`;
  const resent = Math.max(await resentThrough(transaction), serverWentBack ? (await outboxState(transaction)).lastConfirmed : 0);
  await transaction.execute(sql`delete from "sync_outbox" where ${settled}`, ["sync_outbox"]);
  await transaction.execute(sql`update "sync_outbox" set "status" = 'pending' where "status" <> 'pending'`, ["sync_outbox"]);
  await clearSetting(transaction, "sync.confirmed");
  await transaction.execute(sql`update "sync_effect" set "seq" = "seq" - ${farAway} where "seq" <= ${throughSeq}`, ["sync_effect"]);
  await transaction.execute(sql`update "sync_effect" set "seq" = "seq" + ${farAway - throughSeq} where "seq" <= ${throughSeq - farAway}`, ["sync_effect"]);
  const rows = await transaction.query(sql`select "seq" from "sync_outbox" order by "seq"`);
  await writeSetting(transaction, "sync.resent", { throughSeq: rows.filter((row) => Number(row["seq"]) <= resent).length });
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

/** Through which number mutations are being sent again whose effects are gone; 0 when none is. See {@link renumberOutbox}. */
export async function resentThrough(reader: SqlReader): Promise<number> {
  return (await readSetting(reader, "sync.resent"))?.throughSeq ?? 0;
}

/** Notes, with the checkpoint that shows them, that the server has run again what was sent again. */
export async function noteRunAgain(transaction: LocalTransaction, throughSeq: number): Promise<void> {
  const resent = await resentThrough(transaction);
  if (resent > 0 && resent <= throughSeq) await clearSetting(transaction, "sync.resent");
}
