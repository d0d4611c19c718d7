import { tableNames, type TableName } from "@saldo/schema";
import type { LocalDatabase, SqlRow } from "../store/local-database.ts";

/** Tables every batch of an import asks for and none of them changes: two small ones that are read whole, and the import itself. */
const remembered: ReadonlySet<TableName> = new Set(["account", "category", "import"]);

/** What mutations recorded one after another have read of small tables, for as long as nobody writes to them. */
export interface RowMemory {
  /** The stored rows that were read under this key, or else what `read` reads now. */
  rows(table: TableName, key: string, read: () => Promise<readonly SqlRow[]>): Promise<readonly SqlRow[]>;
  /** Somebody writes to the table; without one, what was read may never have been. */
  forget(table?: TableName): void;
}

/** Remembers nothing. */
export const noMemory: RowMemory = { rows: (_table, _key, read) => read(), forget: () => undefined };

const memories = new WeakMap<object, RowMemory>();

/** The memory of a database that one writer holds. Of what is written past it it hears by the commit, before the next transaction begins. */
export function memoryOf(database: Pick<LocalDatabase, "onCommit">): RowMemory {
  const kept = memories.get(database);
  if (kept !== undefined) return kept;
  const memory = rowMemory();
  memories.set(database, memory);
  database.onCommit((changed) => {
    for (const table of tableNames) if (changed.has(table)) memory.forget(table);
  });
  return memory;
}

/** Keeps the last answer of each table. */
function rowMemory(): RowMemory {
  const known = new Map<TableName, { readonly key: string; readonly rows: readonly SqlRow[] }>();
  return {
    async rows(table, key, read) {
      const last = known.get(table);
      if (last?.key === key) return last.rows;
      const rows = await read();
      if (remembered.has(table)) known.set(table, { key, rows });
      return rows;
    },
    forget(table) {
      if (table === undefined) known.clear();
      else known.delete(table);
    },
  };
}
