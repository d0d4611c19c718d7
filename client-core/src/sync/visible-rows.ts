import { fromStored, tableCodec, tables, toBound, type BoundValue, type CodecColumn, type Dialect, type TableName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { wireBinders } from "../mutations/row-image.ts";
import type { LocalTransaction, SqlRow } from "../store/local-database.ts";
import type { SumChanges } from "./kept-sums.ts";
import type { NetChange } from "./net-change.ts";

/** Rows compared with the database at a time. */
export const chunkRowsMax = 500;

/** Where changes go. */
export interface WriteOptions {
  /** A table of the same columns to write to instead. */
  readonly into?: string;
  /** What is told of the server's rows that come and go. */
  readonly sums?: SumChanges;
}

/** What writing did. */
export interface WriteResult {
  readonly written: number;
  /** Changes of rows that are not there: the device has lost step with the server. */
  readonly missing: number;
}

/**
 * Writes server changes to visible rows that no pending effect hides. A row that would not change is not written: rows are read in chunks,
 * compared, and only differences go out.
 */
export async function writeChanges(transaction: LocalTransaction, table: TableName, changes: ReadonlyMap<string, NetChange>, options: WriteOptions = {}): Promise<WriteResult> {
  const { into = table, sums } = options;
  let written = 0;
  let missing = 0;
  const writer = rowWriter(table, transaction.dialect);
  for (const chunk of chunksOf([...changes])) {
    const stored = await readRows(transaction, into, chunk.map(([id]) => id));
    const rows: BoundValue[][] = [];
    const gone: string[] = [];
    for (const [id, change] of chunk) {
      const before = stored.get(id);
      // A row that was here before the server had it is an import's own.
      if (before && !change.isNew) sums?.gone(id, before);
      if (change.kind === "delete") {
        if (before) gone.push(id);
      } else if (change.kind === "patch" && !before) missing++;
      else {
        const row = writer.bind(change, before);
        if (!before || !writer.same(row, before)) rows.push(row);
        sums?.came(id, row);
      }
    }
    written += rows.length + gone.length;
    await transaction.insertRows(into, writer.columns, rows, "replace");
    await deleteRows(transaction, into, gone);
  }
  return { written, missing };
}

/** Writes whole rows (null: none) over what is visible, where they differ. */
export async function writeRows(transaction: LocalTransaction, table: TableName, rows: ReadonlyMap<string, readonly BoundValue[] | null>): Promise<number> {
  const writer = rowWriter(table, transaction.dialect);
  const stored = await readRows(transaction, table, [...rows.keys()]);
  const changed: (readonly BoundValue[])[] = [];
  const gone: string[] = [];
  for (const [id, row] of rows) {
    const before = stored.get(id);
    if (row === null) {
      if (before) gone.push(id);
    } else if (!before || !writer.same(row, before)) changed.push(row);
  }
  await transaction.insertRows(table, writer.columns, changed, "replace");
  await deleteRows(transaction, table, gone);
  return changed.length + gone.length;
}

/** How rows of a table are made from changes and compared with what is stored. */
export function rowWriter(table: TableName, dialect: Dialect) {
  const codec = tableCodec(tables[table]);
  const binders = wireBinders(codec, dialect);
  const columns = codec.columns.map((column) => column.sql);
  return {
    columns,
    /** The row after a change: columns the change lacks keep what is stored. */
    bind: (change: Exclude<NetChange, { kind: "delete" }>, before: SqlRow | undefined): BoundValue[] =>
      codec.columns.map((column, index) => {
        const wire = change.value[column.sql];
        if (wire !== undefined || change.kind === "row") return binders[index]?.(wire) ?? null;
        return before ? boundOfStored(column, before[column.sql], dialect) : null;
      }),
    same: (row: readonly BoundValue[], before: SqlRow): boolean =>
      codec.columns.every((column, index) => sameValue(column, row[index] ?? null, before[column.sql], dialect)),
  };
}

function boundOfStored(column: CodecColumn, stored: unknown, dialect: Dialect): BoundValue {
  const { type } = column.declaration;
  return type === "json" && typeof stored === "string" ? stored : toBound(type, fromStored(type, stored), dialect);
}

function sameValue(column: CodecColumn, bound: BoundValue, stored: unknown, dialect: Dialect): boolean {
  if (bound === stored) return true;
  if (bound === null || stored === null || stored === undefined) return false;
  const other = boundOfStored(column, stored, dialect);
  if (bound instanceof Uint8Array && other instanceof Uint8Array) {
    return bound.byteLength === other.byteLength && bound.every((byte, index) => byte === other[index]);
  }
  return bound === other;
}

/** Rows of a table by id, as the driver gives them. */
export async function readRows(transaction: LocalTransaction, table: string, ids: readonly string[]): Promise<Map<string, SqlRow>> {
  const rows = new Map<string, SqlRow>();
  if (ids.length === 0) return rows;
  for (const row of await transaction.query(sql`select * from ${sql.identifier(table)} where "id" in ${idList(ids)}`)) {
    if (typeof row["id"] === "string") rows.set(row["id"], row);
  }
  return rows;
}

async function deleteRows(transaction: LocalTransaction, table: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await transaction.execute(sql`delete from ${sql.identifier(table)} where "id" in ${idList(ids)}`, [table]);
}

/** `(?, ?, …)` */
export function idList(ids: readonly string[]): SQL {
  return sql`(${sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  )})`;
}

/** Cuts a list into chunks of {@link chunkRowsMax}. */
export function chunksOf<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += chunkRowsMax) chunks.push(items.slice(start, start + chunkRowsMax));
  return chunks;
}
