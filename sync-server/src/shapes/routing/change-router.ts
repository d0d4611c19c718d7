import { keyColumns, type Table, tableSignature } from "../catalog/table.ts";
import { sameValue, textAt, type Tuple } from "../replication/tuple.ts";
import type { Predicate } from "../where/compile.ts";
import type { EqualityKey } from "../where/equality.ts";
import type { Row } from "../where/row.ts";
import type { RowEncoder } from "./row-encoder.ts";

/** A row change with all values filled in: as texts of the columns that shapes of the table decide by, and whole, as bytes. */
export type RowChange =
  | { readonly kind: "insert"; readonly old: undefined; readonly row: Row; readonly oldBytes: undefined; readonly rowBytes: Tuple }
  | { readonly kind: "update"; readonly old: Row; readonly row: Row; readonly oldBytes: Tuple; readonly rowBytes: Tuple }
  | { readonly kind: "delete"; readonly old: Row; readonly row: undefined; readonly oldBytes: Tuple; readonly rowBytes: undefined };

/** What routing needs to know of a shape. */
export interface RoutedShape {
  readonly table: Table;
  /** `undefined` lets every row in. */
  readonly predicate: Predicate | undefined;
  /** A row can only belong to the shape when it meets at least one of these; `undefined` when nothing is known. */
  readonly equality: readonly EqualityKey[] | undefined;
  /** Columns that `predicate` and `equality` read; only their texts are given to them. */
  readonly columnsRead: ReadonlySet<number>;
  readonly encoder: RowEncoder;
  readonly full: boolean;
  /** Oids of the tables whose changes concern it. */
  readonly relations: ReadonlySet<number>;
}

/** Shapes of one version of one table, found by the values of a changed row. */
export class TableRoutes<Shape extends RoutedShape> {
  readonly table: Table;
  readonly shapes = new Set<Shape>();
  readonly #keyIndexes: readonly number[];
  readonly #scanned = new Set<Shape>();
  readonly #byColumn = new Map<number, Map<string, Set<Shape>>>();
  /** Columns that some shape reads, or has read. */
  readonly #columnsRead = new Set<number>();

  constructor(table: Table) {
    this.table = table;
    this.#keyIndexes = keyColumns(table);
  }

  add(shape: Shape): void {
    this.shapes.add(shape);
    for (const index of shape.columnsRead) this.#columnsRead.add(index);
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
    return change.kind === "update" && this.#keyIndexes.some((index) => !sameValue(change.oldBytes, change.rowBytes, index));
  }

  /** A row's values in the columns that shapes read; the others are `undefined`. */
  texts(tuple: Tuple): Row {
    const row = new Array<string | null | undefined>(tuple.places.length / 2);
    for (const index of this.#columnsRead) row[index] = textAt(tuple, index);
    return row;
  }

  /** Shapes the change may touch: one look-up for each indexed column, plus the shapes without an indexed equality. */
  candidates(change: RowChange): ReadonlySet<Shape> {
    let found: ReadonlySet<Shape> = this.#scanned;
    for (const [index, byValue] of this.#byColumn) {
      for (const row of [change.old, change.row]) {
        const text = row?.[index] ?? null;
        const shapes = text === null ? undefined : byValue.get(text);
        if (shapes === undefined || shapes === found) continue;
        found = found.size === 0 ? shapes : new Set([...found, ...shapes]);
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
  if (shape.encoder.keyChanges(change.oldBytes, change.rowBytes)) return "move";
  return shape.encoder.changes(change.oldBytes, change.rowBytes) ? "update" : undefined;
}

/** All routes, by table. A table may be known in two versions while its old shapes are still being rotated. */
export class ChangeRouter<Shape extends RoutedShape> {
  readonly #byTable = new Map<string, TableRoutes<Shape>>();
  /** Partitions share the routes of the table they are part of. */
  readonly #byOid = new Map<number, Set<TableRoutes<Shape>>>();

  /** Routes the changes of the tables a shape got since it was added; nothing when it was not. */
  extend(shape: Shape): void {
    if (this.#byTable.get(versionOf(shape.table))?.shapes.has(shape) === true) this.add(shape);
  }

  add(shape: Shape): void {
    const version = versionOf(shape.table);
    const routes = this.#byTable.get(version) ?? new TableRoutes<Shape>(shape.table);
    this.#byTable.set(version, routes);
    if (!routes.shapes.has(shape)) routes.add(shape);
    for (const oid of shape.relations) this.#byOid.set(oid, (this.#byOid.get(oid) ?? new Set()).add(routes));
  }

  remove(shape: Shape): void {
    const version = versionOf(shape.table);
    const routes = this.#byTable.get(version);
    routes?.remove(shape);
    if (routes === undefined || routes.shapes.size > 0) return;
    this.#byTable.delete(version);
    for (const [oid, all] of this.#byOid) if (all.delete(routes) && all.size === 0) this.#byOid.delete(oid);
  }

  /** Routes of a table in all its known versions, and of what it is a part of; empty when no shape reads it. */
  of(oid: number): Iterable<TableRoutes<Shape>> {
    return this.#byOid.get(oid) ?? [];
  }

  /** True when a shape reads the table, or may come to read it because it is a partition. */
  mayConcern(oid: number): boolean {
    return this.#byOid.has(oid) || [...this.#byTable.values()].some(({ table }) => table.partitioned);
  }
}

function versionOf(table: Table): string {
  return `${table.oid} ${tableSignature(table)}`;
}
