import { SaldoError, type Role, type Upload, type UploadAnswer, type UploadMutation } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { isId } from "../http/id-form.ts";
import { inTransaction } from "../database.pg.ts";
import { applyOne, applyTogether, prepare, type Applied, type ApplyParts, type Prepared } from "./apply-one.ts";
import { bodyText, uploadInflatedBytesMax, verifyUpload, type InflateBudget } from "./body.ts";
import { keptStatement } from "./kept-statement.ts";
import { recalledVerdicts, verdictOf, writeLedger, type LedgerEntry, type Verdict } from "./ledger.pg.ts";
import type { Queryable, ServerMutationContext } from "./pg-row-store.ts";
import { writeRejections, type Rejection } from "./rejections.pg.ts";

/** What applying uploads works with. */
export interface UploadParts {
  readonly pool: pg.Pool;
  readonly nowMs: () => number;
  readonly nextId: () => string;
  /** Numbers in [0, 1), for pauses between retries. */
  readonly random: () => number;
}

const roleRow = z.object({ role: z.enum(["owner", "accountant", "viewer"]) });

/**
 * Applies an upload exactly once, in one transaction, in order:
 *
 * | the first number is     | answer                                                                          |
 * |-------------------------|---------------------------------------------------------------------------------|
 * | beyond the next         | 409 `relay.sequence_gap` with the number expected; nothing applied              |
 * | the next                | every mutation runs; verdicts, refusals, ledger and `last_seq` commit together  |
 * | at or below the last    | verdicts of those from the ledger, the rest run; another body there is 422       |
 *
 * Throws `SaldoError`: `workspace.not_found` (not a member), `relay.client_unknown`, `relay.invalid_upload`, `relay.too_large`, and the above.
 */
export async function applyUpload(parts: UploadParts, userId: string, upload: Upload): Promise<UploadAnswer> {
  verifyUpload(upload);
  if (!isId(upload.workspaceId)) throw new SaldoError("workspace.not_found");
  if (!isId(upload.clientId)) throw new SaldoError("relay.client_unknown");
  const context: ServerMutationContext = { workspaceId: upload.workspaceId, userId };
  return inTransaction(parts.pool, parts.random, async (connection, commit) => {
    const [role, lastSeq] = await Promise.all([requireRole(connection, context), lockClient(connection, upload.clientId, context)]);
    const firstSeq = upload.mutations[0]?.seq ?? lastSeq + 1;
    if (firstSeq > lastSeq + 1) throw new SaldoError("relay.sequence_gap", { expected: lastSeq + 1 });
    const again = upload.mutations.filter((mutation) => mutation.seq <= lastSeq);
    const fresh = upload.mutations.filter((mutation) => mutation.seq > lastSeq);
    const recalled = await recalledVerdicts(connection, upload.clientId, again);
    if (fresh.length === 0) return { verdicts: recalled, lastSeq, txid: null };
    const applied = await applyFresh({ connection, context, role, savepoint: { state: "none" } }, parts, upload.clientId, fresh, commit);
    return { verdicts: [...recalled, ...applied.verdicts], lastSeq: lastSeq + fresh.length, txid: applied.txid };
  });
}

async function requireRole(connection: Queryable, { workspaceId, userId }: ServerMutationContext): Promise<Role> {
  const found = await connection.query(keptStatement("select role from member where workspace_id = $1 and user_id = $2 for share", [workspaceId, userId]));
  const row = found.rows[0];
  if (row === undefined) throw new SaldoError("workspace.not_found");
  return roleRow.parse(row).role;
}

/** Uploads of one device wait for each other here. */
async function lockClient(connection: Queryable, clientId: string, { workspaceId, userId }: ServerMutationContext): Promise<number> {
  const found = await connection.query<{ last_seq: string }>(
    keptStatement("select last_seq from client where id = $1 and workspace_id = $2 and user_id = $3 for no key update", [clientId, workspaceId, userId]),
  );
  const row = found.rows[0];
  if (!row) throw new SaldoError("relay.client_unknown");
  return Number(row.last_seq);
}

async function applyFresh(
  apply: ApplyParts,
  parts: UploadParts,
  clientId: string,
  fresh: readonly UploadMutation[],
  commit: () => Promise<void>,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly txid: number }> {
  const { connection, context } = apply;
  const entries: LedgerEntry[] = [];
  const rejections: Rejection[] = [];
  const settle = (mutation: UploadMutation, result: Applied) => {
    const rejectionCode = result.outcome === "rejected" ? result.code : null;
    entries.push({ seq: mutation.seq, sha256: mutation.sha256, rejectionCode });
    if (result.outcome === "rejected") rejections.push({ seq: mutation.seq, mutation: mutation.name, code: result.code, args: result.args });
  };
  for await (const group of groupsOf(readAhead(fresh))) {
    const isApplied = group.length > 1 && (await applyTogether(apply, group.map(({ prepared }) => prepared)));
    for (const { mutation, prepared } of group) settle(mutation, isApplied ? { outcome: "applied" } : await applyOne(apply, prepared));
  }
  await writeRejections(connection, context, clientId, rejections, { nextId: parts.nextId, createdAt: new Date(parts.nowMs()).toISOString() });
  const counted = keptStatement("update client set last_seq = last_seq + $2 where id = $1 returning pg_current_xact_id()::xid::text as txid", [clientId, fresh.length]);
  const [xact] = await Promise.all([connection.query<{ txid: string }>(counted), writeLedger(connection, clientId, entries), commit()]);
  return { verdicts: entries.map((entry) => verdictOf(entry.seq, entry.rejectionCode)), txid: Number(xact.rows[0]?.txid) };
}

/** A mutation of an upload, with what reading it came to. */
interface ReadMutation {
  readonly mutation: UploadMutation;
  readonly prepared: Prepared;
}

/** Most mutations run together: one that is refused makes all of them run again, one by one. */
const groupMutationsMax = 50;
/** Larger mutations run alone: what makes them slow is not their savepoint, and a group is held in memory. */
const groupedBodyBytesMax = 4 * 1024;

/** Small mutations in a row are a group, so that each costs the database its own statements and no more. */
async function* groupsOf(all: AsyncIterable<ReadMutation>): AsyncGenerator<readonly ReadMutation[]> {
  let group: ReadMutation[] = [];
  for await (const one of all) {
    const isSmall = one.mutation.body.byteLength <= groupedBodyBytesMax;
    if (group.length > 0 && (!isSmall || group.length >= groupMutationsMax)) {
      yield group;
      group = [];
    }
    if (isSmall) group.push(one);
    else yield [one];
  }
  if (group.length > 0) yield group;
}

/** Each mutation, read; the next one inflates on another thread and is checked while the database works on this one. */
async function* readAhead(fresh: readonly UploadMutation[]): AsyncGenerator<ReadMutation> {
  const budget: InflateBudget = { remainingBytes: uploadInflatedBytesMax };
  let ahead = startReading(fresh[0], budget);
  for (const [index, mutation] of fresh.entries()) {
    const prepared = await ahead;
    ahead = startReading(fresh[index + 1], budget);
    if (prepared) yield { mutation, prepared };
  }
}

function startReading(mutation: UploadMutation | undefined, budget: InflateBudget): Promise<Prepared | undefined> {
  if (mutation === undefined) return Promise.resolve(undefined);
  const reading = bodyText(mutation, budget).then((text) => prepare(mutation, text));
  // Awaited in its turn; until then a failure must not count as unhandled.
  reading.catch(() => undefined);
  return reading;
}
