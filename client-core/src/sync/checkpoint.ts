import type { BoundValue, RowsSum, TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase, LocalTransaction } from "../store/local-database.ts";
import { compareSums, type SumsCompared } from "./compare-sums.ts";
import { followChanges, readSum, uncounted, writeSum } from "./kept-sums.ts";
import type { Echo } from "./echo.ts";
import { loadedRows, placeLoad } from "./load.ts";
import type { ShapeMessage } from "./message.ts";
import { netChanges } from "./net-change.ts";
import { markConfirmed, noteConfirmed, noteRunAgain } from "./outbox.ts";
import { dropEffects, refold, updateBases, type TouchedRows } from "./rebase.ts";
import { writeSetting } from "./settings.ts";
import { clearStagedThrough, stagedMessages, stagedPlaceOf } from "./staging.ts";
import { chunksOf, writeChanges } from "./visible-rows.ts";

/** A snapshot that has arrived whole. */
export interface LoadedSnapshot {
  /** False when it brought no row; else they are in the shape's load table. */
  readonly hasRows: boolean;
  /** Where the stream goes on after it. */
  readonly offset: string;
}

/** What one shape brings to a checkpoint. */
export interface ShapeCheckpoint {
  readonly name: TableName;
  readonly handle: string | null;
  /** Where its stream goes on after all that has arrived of it. */
  readonly offset: string;
  /** True when nothing of it has arrived beyond this checkpoint. */
  readonly complete: boolean;
  /** The snapshot it begins with: rows not in it are gone from the server. Null when it goes on from before. */
  readonly load: LoadedSnapshot | null;
  /** Place of the last of the messages put aside in the database, which come first; null when there are none. What arrives later has higher places. */
  readonly stagedThrough: number | null;
  /** Messages held in memory, all with lsn ≤ L. */
  readonly messages: readonly ShapeMessage[];
  /** Rows of own imports that came back, all with lsn ≤ L; none when left out. */
  readonly echoes?: readonly Echo[];
}

/** A checkpoint: exactly the messages with lsn ≤ L of all shapes. */
export interface Checkpoint {
  readonly lsn: bigint;
  readonly clientId: string;
  /** Instant by the device's clock. */
  readonly appliedAt: string;
  readonly shapes: readonly ShapeCheckpoint[];
  /** What rows shapes have on the server at L, as far as it told. */
  readonly serverSums: ReadonlyMap<TableName, RowsSum>;
}

/** What applying a checkpoint did. */
export interface CheckpointResult {
  readonly rowsWritten: number;
  /** Last own mutation the server had answered at this checkpoint; undefined when it did not say. */
  readonly confirmedThrough: number | undefined;
  /** Shapes that must be fetched again: a change came for a row that is not here, a bulk batch was refused, or the server's rows come to another sum. */
  readonly refetch: ReadonlySet<TableName>;
  /** What comparing sums with the server's came to. */
  readonly compared: SumsCompared;
}

/**
 * Applies a checkpoint in one local transaction together with the cursors: own mutations the server has answered leave the pending ones,
 * server rows change beneath what is still pending, and only visible rows that differ are written. A power cut may take it away whole: the
 * server sends all of it again, as after an end just before it.
 */
export async function applyCheckpoint(database: LocalDatabase, checkpoint: Checkpoint): Promise<CheckpointResult> {
  return database.transaction(async (transaction) => {
    const touched: TouchedRows = new Map();
    const refetch = new Set<TableName>();
    const confirmedThrough = await confirm(transaction, checkpoint, touched, refetch);
    const cursors: BoundValue[][] = [];
    let rowsWritten = 0;
    for (const shape of checkpoint.shapes) {
      const result = await applyShape(transaction, shape, checkpoint.lsn, touched);
      rowsWritten += result.written;
      if (result.offset !== undefined) cursors.push([shape.name, shape.handle, result.offset, String(checkpoint.lsn), "live"]);
      if (result.missing > 0) refetch.add(shape.name);
    }
    rowsWritten += await refold(transaction, touched);
    const compared = await compareSums(transaction, checkpoint, refetch);
    for (const name of compared.refetch) refetch.add(name);
    await transaction.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], cursors, "replace");
    // A crash before the shape is here again must not forget that it has to be fetched.
    for (const name of refetch) await transaction.execute(sql`delete from "sync_shape" where "name" = ${name}`, ["sync_shape"]);
    await writeSetting(transaction, "sync.checkpoint", { lsn: String(checkpoint.lsn), appliedAt: checkpoint.appliedAt });
    return { rowsWritten, confirmedThrough, refetch, compared };
  }, { mayBeLost: true });
}

/** Takes answered mutations out of the pending ones. Refused ones are told by their rejection rows, which arrive in the same checkpoint. */
async function confirm(transaction: LocalTransaction, checkpoint: Checkpoint, touched: TouchedRows, refetch: Set<TableName>): Promise<number | undefined> {
  let lastSeq: number | undefined;
  for (const row of await loadedOf(transaction, checkpoint, "client", "id")) lastSeq = Number(row["last_seq"]);
  for await (const { rowId, operation, value } of messagesOf(transaction, checkpoint, "client")) {
    if (rowId === checkpoint.clientId && operation !== "delete" && value["last_seq"] !== undefined) lastSeq = Number(value["last_seq"]);
  }
  if (lastSeq !== undefined) {
    await dropEffects(transaction, lastSeq, touched);
    await markConfirmed(transaction, lastSeq);
    await noteConfirmed(transaction, lastSeq, checkpoint.appliedAt);
    await noteRunAgain(transaction, lastSeq);
  }
  const refused: number[] = [];
  for (const row of await loadedOf(transaction, checkpoint, "rejection", "client_id")) refused.push(Number(row["seq"]));
  for await (const { operation, value } of messagesOf(transaction, checkpoint, "rejection")) {
    if (operation === "insert" && value["client_id"] === checkpoint.clientId) refused.push(Number(value["seq"]));
  }
  for (const seqs of chunksOf(refused)) {
    const list = sql`(${sql.join(seqs.map((seq) => sql`${seq}`), sql`, `)})`;
    const bulk = await transaction.query(sql`select 1 as "one" from "sync_outbox" where "seq" in ${list} and "status" = 'confirmed' and "import_id" is not null limit 1`);
    // Rows of a refused bulk batch carry no marks; what the server holds is the only list of those that stay.
    if (bulk.length > 0) refetch.add("transaction");
    await transaction.execute(sql`update "sync_outbox" set "status" = 'rejected' where "seq" in ${list} and "status" = 'confirmed'`, ["sync_outbox"]);
  }
  return lastSeq;
}

/** Rows about this client in the snapshot a shape begins with. */
async function loadedOf(transaction: LocalTransaction, { shapes, clientId }: Checkpoint, name: TableName, column: string) {
  const shape = shapes.find((each) => each.name === name);
  return shape?.load?.hasRows === true ? loadedRows(transaction, name, column, clientId) : [];
}

async function* messagesOf(transaction: LocalTransaction, checkpoint: Checkpoint, name: TableName): AsyncGenerator<ShapeMessage> {
  for (const shape of checkpoint.shapes) if (shape.name === name) for await (const page of pagesOf(transaction, shape, checkpoint.lsn)) yield* page;
}

/** The messages of a shape with lsn ≤ L, in order: first those put aside. */
async function* pagesOf(transaction: LocalTransaction, shape: ShapeCheckpoint, lsn: bigint): AsyncGenerator<readonly ShapeMessage[]> {
  if (shape.stagedThrough !== null) {
    for await (const page of stagedMessages(transaction, shape.name, shape.stagedThrough)) {
      const beyond = page.findIndex((message) => message.lsn > lsn);
      const due = beyond < 0 ? page : page.slice(0, beyond);
      if (due.length > 0) yield due;
      if (beyond >= 0) return;
    }
  }
  if (shape.messages.length > 0) yield shape.messages;
}

interface ShapeResult {
  readonly written: number;
  readonly missing: number;
  /** Where the stream goes on; undefined when nothing was applied. */
  readonly offset: string | undefined;
}

async function applyShape(transaction: LocalTransaction, shape: ShapeCheckpoint, lsn: bigint, touched: TouchedRows): Promise<ShapeResult> {
  let written = 0;
  let missing = 0;
  let last: ShapeMessage | undefined;
  if (shape.load) {
    written += await placeLoad(transaction, shape.name, shape.load.hasRows, touched);
    await writeSum(transaction, shape.name, uncounted((await readSum(transaction, shape.name))?.differed));
  }
  const sums = await followChanges(transaction, shape.name);
  for await (const page of pagesOf(transaction, shape, lsn)) {
    const changes = netChanges(page);
    const beneath = await updateBases(transaction, shape.name, changes, touched, sums);
    const result = await writeChanges(transaction, shape.name, beneath.others, { sums });
    written += result.written;
    missing += beneath.missing + result.missing;
    last = page.at(-1);
  }
  for (const echo of shape.echoes ?? []) sums.echoCame(echo);
  await sums.save();
  const applied = shape.complete ? shape.stagedThrough : last && stagedPlaceOf(last);
  if (applied !== undefined && applied !== null) await clearStagedThrough(transaction, shape.name, applied);
  return { written, missing, offset: shape.complete ? shape.offset : offsetAfter(last, shape) };
}

/** Where the stream goes on when only a part of what arrived was applied. */
function offsetAfter(last: ShapeMessage | undefined, { load, echoes = [] }: ShapeCheckpoint): string | undefined {
  const places = [...(last ? [last] : []), ...echoes].toSorted((one, other) => Number(one.lsn - other.lsn) || one.position - other.position);
  const furthest = places.at(-1);
  return furthest ? `${furthest.lsn}_${furthest.position}` : load?.offset;
}
