import type { RowStore, TableName } from "@saldo/schema";
import { createPgRowStore, type Queryable, type ServerMutationContext } from "./pg-row-store.ts";

/** Most writes on their way at once. */
const sentWritesMax = 200;

/** Rows for a group of mutations that are applied all or not at all. */
export interface GroupedRows {
  readonly rows: RowStore;
  /** Runs the mutations and waits for all they wrote. Throws why the first write failed, or else what the run threw. */
  settle(run: () => Promise<void>): Promise<void>;
}

/**
 * The rows of {@link createPgRowStore}, but a write is not waited for. What is read sees every write before it, for the connection keeps the order.
 * That a write fails is told at the end only, so what ran behind it must count for nothing.
 */
export function createGroupedRows(connection: Queryable, context: ServerMutationContext): GroupedRows {
  const plain = createPgRowStore(connection, context);
  const sent: Promise<void>[] = [];
  const send = async (write: Promise<void>): Promise<void> => {
    // Looked at in its turn; until then a failure must not count as unhandled.
    write.catch(() => undefined);
    if (sent.push(write) % sentWritesMax === 0) await write;
  };
  const rows: RowStore = {
    ...plain,
    insert: (table, row) => (isQueued(table) ? plain.insert(table, row) : send(plain.insert(table, row))),
    patch: (table, id, patch) => (isQueued(table) ? plain.patch(table, id, patch) : send(plain.patch(table, id, patch))),
    patchMany: (table, where, patch) => send(plain.patchMany(table, where, patch)),
    remove: (table, id) => send(plain.remove(table, id)),
    removeMany: (table, where) => send(plain.removeMany(table, where)),
  };
  return {
    rows,
    async settle(run) {
      const [ran] = await Promise.allSettled([run()]);
      // The first write that failed is why, whatever came of that in what ran after it.
      for (const outcome of [...(await Promise.allSettled(sent)), ran]) if (outcome.status === "rejected") throw outcome.reason;
    },
  };
}

/** A job's way to the queue begins once its row is written. */
function isQueued(table: TableName): boolean {
  return table === "job";
}
