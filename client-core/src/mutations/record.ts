import { mutations, type MutationContext, type MutationName, type RowStore } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { LocalDatabase, LocalTransaction } from "../store/local-database.ts";
import { freezeBody, type FrozenBody } from "./body.ts";
import { deviceRows } from "./device-rows.ts";

/** A mutation as declared, as far as recording it goes. */
interface TypedMutation<Args> {
  readonly name: string;
  readonly version: number;
  run(rows: RowStore, args: Args, context: MutationContext): Promise<void>;
}

/** What recording needs to know beside the mutation. */
export interface RecordContext extends MutationContext {
  /** Instant of recording; shown to people, never used for order. */
  readonly recordedAt: string;
}

/** A recorded mutation: its number in the outbox. */
export interface Recorded {
  readonly seq: number;
}

/**
 * Runs a mutation on the device, at once: its rows, its outbox entry, its effects and the server rows they hide are one local
 * transaction. Throws the mutation's own `SaldoError` `mutation.*` when it refuses; then nothing is written.
 */
export async function recordMutation(database: LocalDatabase, name: MutationName, args: unknown, context: RecordContext): Promise<Recorded> {
  const mutation = mutations[name];
  const run = mutation.bind(args);
  return write(database, mutation, await freezeBody(args), context, (rows) => run(rows, context));
}

/**
 * The same for arguments our own code made and TypeScript checked: they are not parsed again here (the server parses them). For bulk.
 */
export async function recordTyped<Args>(database: LocalDatabase, mutation: TypedMutation<Args>, args: Args, context: RecordContext): Promise<Recorded> {
  return write(database, mutation, await freezeBody(args), context, (rows) => mutation.run(rows, args, context));
}

/** Records mutations one after another in the order asked for, compressing the next while the last is being written. */
export interface BulkRecorder {
  /** Resolves when there is room for one more, not when this one is written. Rejects with the first failure. */
  add<Args>(mutation: TypedMutation<Args>, args: Args, context: RecordContext): Promise<void>;
  /** Resolves when all are written. Rejects with the first failure; nothing after it was written. */
  finish(): Promise<void>;
}

/** Most mutations a {@link BulkRecorder} holds. */
const bulkMutationsMax = 3;

/** Makes a {@link BulkRecorder}. */
export function bulkRecorder(database: LocalDatabase): BulkRecorder {
  const waiting: Promise<Recorded>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    async add(mutation, args, context) {
      const frozen = freezeBody(args);
      // A failure is reported by `add` or `finish`; until then it must not count as unhandled.
      frozen.catch(() => undefined);
      const before = last;
      const written = (async () => {
        await before;
        return write(database, mutation, await frozen, context, (rows) => mutation.run(rows, args, context));
      })();
      written.catch(() => undefined);
      last = written;
      waiting.push(written);
      while (waiting.length >= bulkMutationsMax) await waiting.shift();
    },
    async finish() {
      await last;
      await Promise.all(waiting);
    },
  };
}

const outboxColumns = ["seq", "mutation", "version", "encoding", "body", "sha256", "status", "import_id", "recorded_at"];

async function write(
  database: LocalDatabase,
  mutation: { readonly name: string; readonly version: number },
  frozen: FrozenBody,
  context: RecordContext,
  run: (rows: RowStore) => Promise<void>,
): Promise<Recorded> {
  return database.transaction(async (transaction) => {
    const seq = await nextSeq(transaction);
    const rows = deviceRows(transaction, context.workspaceId, seq);
    await run(rows);
    const { importId } = await rows.finish();
    const { encoding, body, sha256 } = frozen;
    const entry = [seq, mutation.name, mutation.version, encoding, body, sha256, "pending", importId, context.recordedAt];
    await transaction.insertRows("sync_outbox", outboxColumns, [entry], "fail");
    return { seq };
  });
}

/** Numbers grow by one; pruning keeps the highest, so none is given twice. */
async function nextSeq(transaction: LocalTransaction): Promise<number> {
  const [row] = await transaction.query(sql`select max("seq") as "seq" from "sync_outbox"`);
  return Number(row?.["seq"] ?? 0) + 1;
}
