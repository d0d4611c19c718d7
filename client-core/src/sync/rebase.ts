import { fromStored, isTableName, tableCodec, tables, type BoundValue, type LogicalValue, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { foldEffects, type Effect } from "../mutations/effect.ts";
import { boundOfImage, imageOfStored, type RowImage } from "../mutations/row-image.ts";
import type { LocalTransaction } from "../store/local-database.ts";
import type { SumChanges } from "./kept-sums.ts";
import type { NetChange } from "./net-change.ts";
import { chunksOf, idList, writeRows } from "./visible-rows.ts";

/** Rows to fold again, by table. */
export type TouchedRows = Map<TableName, Set<string>>;

/** Marks a row to be folded again. */
export function touch(touched: TouchedRows, table: TableName, rowId: string): void {
  const rows = touched.get(table);
  if (rows) rows.add(rowId);
  else touched.set(table, new Set([rowId]));
}

/** Forgets the effects of mutations the server has answered, marking the rows they were about. */
export async function dropEffects(transaction: LocalTransaction, throughSeq: number, touched: TouchedRows): Promise<void> {
  const rows = await transaction.query(sql`select distinct "table_name", "row_id" from "sync_effect" where "seq" <= ${throughSeq}`);
  for (const row of rows) {
    if (isTableName(row["table_name"]) && typeof row["row_id"] === "string") touch(touched, row["table_name"], row["row_id"]);
  }
  if (rows.length > 0) await transaction.execute(sql`delete from "sync_effect" where "seq" <= ${throughSeq}`, ["sync_effect"]);
}

/**
 * Applies server changes to the rows kept beneath pending effects and marks them; returns the changes of all other rows. `missing` counts
 * changes of rows the server had not sent before; `sums` is told of the rows that come and go.
 */
export async function updateBases(
  transaction: LocalTransaction,
  table: TableName,
  changes: ReadonlyMap<string, NetChange>,
  touched: TouchedRows,
  sums?: SumChanges,
): Promise<{ readonly others: ReadonlyMap<string, NetChange>; readonly missing: number }> {
  const any = await transaction.query(sql`select 1 as "one" from "sync_base" where "table_name" = ${table} limit 1`);
  if (any.length === 0) return { others: changes, missing: 0 };
  const others = new Map(changes);
  const codec = tableCodec(tables[table]);
  let missing = 0;
  for (const ids of chunksOf([...changes.keys()])) {
    const rows: BoundValue[][] = [];
    for (const [id, base] of await readBases(transaction, table, ids)) {
      const change = changes.get(id);
      if (!change) continue;
      others.delete(id);
      touch(touched, table, id);
      if (base && !change.isNew) sums?.imageGone(id, base);
      if (change.kind === "patch" && !base) missing++;
      else if (change.kind === "delete") rows.push([table, id, null]);
      else {
        const image = { ...(change.kind === "patch" ? base : null), ...imageOfStored(codec, change.value) };
        sums?.imageCame(id, image);
        rows.push([table, id, JSON.stringify(image)]);
      }
    }
    await transaction.insertRows("sync_base", ["table_name", "row_id", "row"], rows, "replace");
  }
  return { others, missing };
}

/**
 * Folds marked rows again: the visible row becomes the server's row with what is still pending on top. A row with nothing pending is the
 * server's own again and needs no base. Returns how many visible rows changed.
 */
export async function refold(transaction: LocalTransaction, touched: TouchedRows): Promise<number> {
  let written = 0;
  for (const [table, rowIds] of touched) {
    for (const ids of chunksOf([...rowIds])) {
      const bases = await readBases(transaction, table, ids);
      const effects = await readEffects(transaction, table, ids);
      const rows = new Map<string, readonly BoundValue[] | null>();
      for (const [id, base] of bases) {
        const row = foldEffects(base, effects.get(id) ?? []);
        rows.set(id, row && boundOfImage(tableCodec(tables[table]), row, transaction.dialect));
      }
      written += await writeRows(transaction, table, rows);
      const settled = [...bases.keys()].filter((id) => !effects.has(id));
      if (settled.length > 0) {
        await transaction.execute(sql`delete from "sync_base" where "table_name" = ${table} and "row_id" in ${idList(settled)}`, ["sync_base"]);
      }
    }
  }
  return written;
}

async function readBases(transaction: LocalTransaction, table: TableName, ids: readonly string[]): Promise<Map<string, RowImage | null>> {
  const bases = new Map<string, RowImage | null>();
  const rows = await transaction.query(sql`select "row_id", "row" from "sync_base" where "table_name" = ${table} and "row_id" in ${idList(ids)}`);
  for (const row of rows) if (typeof row["row_id"] === "string") bases.set(row["row_id"], imageOf(row["row"]));
  return bases;
}

async function readEffects(transaction: LocalTransaction, table: TableName, ids: readonly string[]): Promise<Map<string, Effect[]>> {
  const effects = new Map<string, Effect[]>();
  const rows = await transaction.query(
    sql`select "row_id", "kind", "patch" from "sync_effect" where "table_name" = ${table} and "row_id" in ${idList(ids)} order by "seq", "position"`,
  );
  for (const { row_id: id, kind, patch } of rows) {
    if (typeof id !== "string" || (kind !== "insert" && kind !== "patch" && kind !== "remove")) throw new TypeError("not an effect");
    const effect = { kind, patch: imageOf(patch) ?? {} } as const;
    const known = effects.get(id);
    if (known) known.push(effect);
    else effects.set(id, [effect]);
  }
  return effects;
}

/** The image kept as JSON in a bookkeeping table. Throws `TypeError` when it is not one of a row. */
export function imageOf(stored: unknown): RowImage | null {
  const value = fromStored("json", stored);
  if (value === null || isImage(value)) return value;
  throw new TypeError("not the image of a row");
}

function isImage(value: LogicalValue): value is RowImage {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
