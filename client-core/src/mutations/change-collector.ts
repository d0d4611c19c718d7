import { isRevertibleColumn, isRevertibleKind, isRevertibleTable, revertChangesMax, tableCodec, tables, type JsonValue, type RowChange } from "@saldo/schema";
import type { SqlRow } from "../store/local-database.ts";
import type { RowEffect } from "./effect.ts";
import { imageOfStored, type RowImage } from "./row-image.ts";

/** Gathers what a mutation did to rows, for as long as all of it can be taken back. */
export interface ChangeCollector {
  add(effect: RowEffect, before: SqlRow | null): void;
  /** The mutation did something that cannot be taken back row by row. */
  giveUp(): void;
  /** Null when the mutation cannot be taken back whole. */
  collected(): readonly RowChange[] | null;
}

/** Makes a {@link ChangeCollector}. */
export function changeCollector(): ChangeCollector {
  let changes: RowChange[] | null = [];
  return {
    add(effect, before) {
      if (changes === null) return;
      const change = changes.length < revertChangesMax ? changeOf(effect, before) : undefined;
      if (change === undefined) changes = null;
      else changes.push(change);
    },
    giveUp() {
      changes = null;
    },
    collected: () => changes,
  };
}

function changeOf({ table, rowId: id, kind, patch }: RowEffect, before: SqlRow | null): RowChange | undefined {
  if (!isRevertibleTable(table)) return undefined;
  if (kind === "insert") return isRevertibleKind(table, "insert") ? { kind, table, id, row: withoutKey(patch) } : undefined;
  if (before === null) return undefined;
  const old = imageOfStored(tableCodec(tables[table]), before);
  if (kind === "remove") return isRevertibleKind(table, "remove") ? { kind, table, id, row: withoutKey(old) } : undefined;
  const columns = Object.keys(patch);
  if (!columns.every((column) => isRevertibleColumn(table, column))) return undefined;
  return { kind, table, id, before: Object.fromEntries(columns.map((column) => [column, old[column] ?? null])), after: { ...patch } };
}

/** The row's own columns: whose it is follows from where it is put back. */
function withoutKey(image: RowImage): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(image).filter(([column]) => column !== "id" && column !== "workspaceId"));
}
