import { deviceTables, mutations, tableCodec, type MutationContext, type MutationName, type RowChange, type RowStore } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { copyBinary, copyColumnsOf } from "../store/copy-binary.ts";
import type { LocalDatabase, LocalTransaction } from "../store/local-database.ts";
import { freezeBody, type FrozenBody } from "./body.ts";
import { deviceRows, type DeviceRows } from "./device-rows.ts";
import { memoryOf, noMemory, type RowMemory } from "./row-memory.ts";

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

/** What {@link recordTogether} did. */
export interface RecordedTogether {
  /** What was done to each row, in order; null when it cannot be taken back whole. */
  readonly changes: readonly RowChange[] | null;
}

/**
 * Records several mutations, or none of them, and what `within` writes beside them, in one local transaction. Throws the first refusal.
 */
export async function recordTogether(
  database: LocalDatabase,
  edits: readonly { readonly name: MutationName; readonly args: unknown }[],
  context: RecordContext,
  within: (transaction: LocalTransaction, recorded: RecordedTogether) => Promise<void>,
): Promise<void> {
  const entries = await Promise.all(
    edits.map(async ({ name, args }) => {
      const run = mutations[name].bind(args);
      return { mutation: mutations[name], frozen: await freezeBody(args), context, run: (rows: RowStore) => run(rows, context) };
    }),
  );
  await database.transaction(async (transaction) => {
    let seq = await nextSeq(transaction);
    let changes: readonly RowChange[] | null = [];
    for (const { frozen, ...entry } of entries) {
      const one = (await writeOne(transaction, seq++, entry, frozen)).changes;
      changes = changes === null || one === null ? null : [...changes, ...one];
    }
    await within(transaction, { changes });
  });
}

/** Records mutations in the order asked for, several in one local transaction, compressing the next while the last are being written. */
export interface BulkRecorder {
  /** Resolves when there is room for one more, not when this one is written. Rejects with the first failure. */
  add<Args>(mutation: TypedMutation<Args>, args: Args, context: RecordContext): Promise<void>;
  /** The same for a mutation whose body is frozen already; `run` does to the rows what it does. */
  addFrozen(mutation: Entry["mutation"], frozen: FrozenBody, run: (rows: DeviceRows) => Promise<void>, context: RecordContext): Promise<void>;
  /** Resolves when all are written. Rejects with the first failure: nothing after it was written, nor what shared its transaction. */
  finish(): Promise<void>;
}

/** Most mutations of one transaction of a {@link BulkRecorder} unless told otherwise: each commit waits for the disk. */
const usualGroupMax = 2;

/** One mutation on its way into the outbox. */
interface Entry {
  readonly mutation: { readonly name: string; readonly version: number };
  readonly frozen: Promise<FrozenBody>;
  readonly context: RecordContext;
  /** True where its rows were made beforehand, so that the database takes its body the same way. */
  readonly isMade?: boolean;
  run(rows: DeviceRows): Promise<void>;
}

/** How a {@link BulkRecorder} gathers what it writes in one transaction. */
export interface GroupOptions {
  /** Others wait for a transaction of at most so many mutations. */
  readonly groupMutationsMax?: number;
  /** True where mutations are made elsewhere meanwhile: what is there is written, also less than a full group, whenever nothing else is being written. */
  readonly isEager?: boolean;
}

/** Makes a {@link BulkRecorder}. */
export function bulkRecorder(database: LocalDatabase, { groupMutationsMax = usualGroupMax, isEager = false }: GroupOptions = {}): BulkRecorder {
  const memory = memoryOf(database);
  /** A group being written and one being gathered; each of an import holds its 5,000 rows. */
  const bulkMutationsMax = 2 * groupMutationsMax;
  let gathered: Entry[] = [];
  let writing: Promise<void> = Promise.resolve();
  let held = 0;
  /** Groups that are being written or wait for it. */
  let groups = 0;

  const writeGathered = () => {
    const group = gathered;
    gathered = [];
    const before = writing;
    groups++;
    writing = (async () => {
      await before;
      const bodies = await Promise.all(group.map(({ frozen }) => frozen));
      await database
        .transaction(async (transaction) => {
          try {
            let seq = await nextSeq(transaction);
            for (const [index, entry] of group.entries()) {
              const body = bodies[index];
              if (body) await writeOne(transaction, seq++, entry, body, memory);
            }
          } catch (cause) {
            // Before anybody else has a turn.
            memory.forget();
            throw cause;
          }
        })
        .catch((cause: unknown) => {
          memory.forget();
          throw cause;
        });
      held -= group.length;
      groups--;
      if (isEager && groups === 0 && gathered.length > 0) writeGathered();
    })();
    // A failure is reported by `add` or `finish`; until then it must not count as unhandled.
    writing.catch(() => undefined);
  };

  const gather = async (entry: Entry) => {
    entry.frozen.catch(() => undefined);
    gathered.push(entry);
    held++;
    if (gathered.length < groupMutationsMax && (groups > 0 || !isEager)) return;
    const before = writing;
    writeGathered();
    if (held >= bulkMutationsMax) await before;
  };

  return {
    add: (mutation, args, context) => gather({ mutation, frozen: freezeBody(args), context, run: (rows) => mutation.run(rows, args, context) }),
    addFrozen: (mutation, frozen, run, context) => gather({ mutation, frozen: Promise.resolve(frozen), context, isMade: true, run }),
    async finish() {
      if (gathered.length > 0) writeGathered();
      await writing;
    },
  };
}

const outboxColumns = copyColumnsOf(tableCodec(deviceTables.sync_outbox));
const outboxNames = outboxColumns.map(({ name }) => name);

async function write(
  database: LocalDatabase,
  mutation: Entry["mutation"],
  frozen: FrozenBody,
  context: RecordContext,
  run: (rows: RowStore) => Promise<void>,
): Promise<Recorded> {
  return database.transaction(async (transaction) => writeOne(transaction, await nextSeq(transaction), { mutation, context, run }, frozen));
}

async function writeOne(
  transaction: LocalTransaction,
  seq: number,
  { mutation, context, isMade = false, run }: Omit<Entry, "frozen">,
  { encoding, body, sha256 }: FrozenBody,
  memory: RowMemory = noMemory,
): Promise<Recorded & RecordedTogether> {
  const rows = deviceRows(transaction, context.workspaceId, seq, memory);
  await run(rows);
  const { importId, changes } = await rows.finish();
  const entry = [[seq, mutation.name, mutation.version, encoding, body, sha256, "pending", importId, context.recordedAt]];
  if (isMade) await transaction.insertMade("sync_outbox", context.workspaceId, { ...copyBinary(outboxColumns, entry), months: [] });
  else await transaction.insertRows("sync_outbox", outboxNames, entry, "fail");
  return { seq, changes };
}

/** Numbers grow by one; pruning keeps the highest, so none is given twice. */
async function nextSeq(transaction: LocalTransaction): Promise<number> {
  const [row] = await transaction.query(sql`select max("seq") as "seq" from "sync_outbox"`);
  return Number(row?.["seq"] ?? 0) + 1;
}
