import { keyColumns, type Table, tableSignature } from "../catalog/table.ts";
import type { Predicate } from "../where/compile.ts";
import type { EqualityKey } from "../where/equality.ts";
import type { Row } from "../where/row.ts";
import type { RowEncoder } from "./row-encoder.ts";

/** A row change with all values filled in. */
export type RowChange =
  | { readonly kind: "insert"; readonly old: undefined; readonly row: Row }
  | { readonly kind: "update"; readonly old: Row; readonly row: Row }
  | { readonly kind: "delete"; readonly old: Row; readonly row: undefined };

/** What routing needs to know of a shape. */
export interface RoutedShape {
  readonly table: Table;
  /** `undefined` lets every row in. */
  readonly predicate: Predicate | undefined;
  /** A row can only belong to the shape when it meets at least one of these; `undefined` when nothing is known. */
  readonly equality: readonly EqualityKey[] | undefined;
  readonly encoder: RowEncoder;
  readonly full: boolean;
}

/** Shapes of one version of one table, found by the values of a changed row. */
export class TableRoutes<Shape extends RoutedShape> {
  readonly table: Table;
  readonly shapes = new Set<Shape>();
  readonly #keyIndexes: readonly number[];
  readonly #scanned = new Set<Shape>();
  readonly #byColumn = new Map<number, Map<string, Set<Shape>>>();

  constructor(table: Table) {
    this.table = table;
    this.#keyIndexes = keyColumns(table);
  }

  add(shape: Shape): void {
    this.shapes.add(shape);
    if (shape.equality === undefined) {
      this.#scanned.add(shape);
      return;
    }
    for (const { index, values } of shape.equality) {
      const byValue = this.#byColumn.get(index) ?? new Map<string, Set<Shape>>();
      this.#byColumn.set(index, byValue);
      for (const value of values) {
        const shapes = byValue.get(value) ?? new Set<Shape>();
        byValue.set(value, shapes.add(shape));
      }
    }
  }

  remove(shape: Shape): void {
    this.shapes.delete(shape);
    this.#scanned.delete(shape);
    for (const { index, values } of shape.equality ?? []) {
      const byValue = this.#byColumn.get(index);
      for (const value of values) {
        const shapes = byValue?.get(value);
        shapes?.delete(shape);
        if (shapes?.size === 0) byValue?.delete(value);
      }
      if (byValue?.size === 0) this.#byColumn.delete(index);
    }
  }

  /** True when the change moves the row to another key, so that it takes two positions in its transaction. */
  movesKey(change: RowChange): boolean {
    return change.kind === "update" && this.#keyIndexes.some((index) => change.old[index] !== change.row[index]);
  }

  /** Shapes the change may touch: one look-up for each indexed column, plus the shapes without an indexed equality. */
  candidates(change: RowChange): ReadonlySet<Shape> {
    if (this.#byColumn.size === 0) return this.#scanned;
    const found = new Set(this.#scanned);
    for (const [index, byValue] of this.#byColumn) {
      for (const row of [change.old, change.row]) {
        const text = row?.[index] ?? null;
        if (text === null) continue;
        for (const shape of byValue.get(text) ?? []) found.add(shape);
      }
    }
    return found;
  }
}

/** What a change means for one shape. */
export type ShapeEffect = "insert" | "update" | "delete" | "move" | undefined;

/** Decides whether the row enters, stays in, leaves or does not concern the shape. */
export function effectOn(shape: RoutedShape, change: RowChange): ShapeEffect {
  const { predicate } = shape;
  const was = change.old !== undefined && (predicate === undefined || predicate(change.old) === true);
  const is = change.row !== undefined && (predicate === undefined || predicate(change.row) === true);
  if (!was) return is ? "insert" : undefined;
  if (!is) return "delete";
  if (change.kind !== "update") return undefined;
  if (shape.encoder.keyChanges(change.old, change.row)) return "move";
  return shape.encoder.changes(change.old, change.row) ? "update" : undefined;
}

/** All routes, by table. A table may be known in two versions while its old shapes are still being rotated. */
export class ChangeRouter<Shape extends RoutedShape> {
  readonly #byOid = new Map<number, Map<string, TableRoutes<Shape>>>();

  add(shape: Shape): void {
    const versions = this.#byOid.get(shape.table.oid) ?? new Map<string, TableRoutes<Shape>>();
    this.#byOid.set(shape.table.oid, versions);
    const signature = tableSignature(shape.table);
    const routes = versions.get(signature) ?? new TableRoutes<Shape>(shape.table);
    versions.set(signature, routes);
    routes.add(shape);
  }

  remove(shape: Shape): void {
    const versions = this.#byOid.get(shape.table.oid);
    const signature = tableSignature(shape.table);
    const routes = versions?.get(signature);
    routes?.remove(shape);
    if (routes?.shapes.size === 0) versions?.delete(signature);
    if (versions?.size === 0) this.#byOid.delete(shape.table.oid);
  }

  /** Routes of a table in all its known versions; empty when no shape reads it. */
  of(oid: number): Iterable<TableRoutes<Shape>> {
    return this.#byOid.get(oid)?.values() ?? [];
  }

  /** Oids of the tables shapes read. */
  tables(): Iterable<number> {
    return this.#byOid.keys();
  }
}
