import { schemaHeader } from "./catalog/schema-header.ts";
import type { Table } from "./catalog/table.ts";
import { definitionKey, type ShapeDefinition, type ShapeKey } from "./definition.ts";
import { invalidRequest } from "./refusal.ts";
import type { ShapeLog } from "./log/shape-log.ts";
import type { LogOffset } from "./offset.ts";
import type { RoutedShape } from "./routing/change-router.ts";
import { RowEncoder } from "./routing/row-encoder.ts";
import type { SnapshotFile } from "./snapshot/snapshot-file.ts";
import { isInSnapshot, type SnapshotVisibility } from "./snapshot/visibility.ts";
import { bindWhere } from "./where/bind.ts";
import { columnsRead } from "./where/columns-read.ts";
import { compileWhere, type Predicate } from "./where/compile.ts";
import { type EqualityKey, equalityKeys } from "./where/equality.ts";
import { parseWhere } from "./where/parse.ts";
import type { BoundWhere } from "./where/term.ts";

/** Indexes of the selected columns in table order; throws `RequestRefused` (400) for unknown ones and a missing key. */
export function selectColumns(table: Table, names: readonly string[] | null): readonly number[] {
  const generated = names === null ? table.unpublished : names.filter((name) => table.unpublished.includes(name));
  if (generated.length > 0) {
    const remedy = names === null ? ". You can exclude them from the shape by explicitly listing which columns to fetch in the 'columns' query param" : "";
    throw invalidRequest("columns", `The following columns are generated and cannot be included in the shape: ${generated.join(", ")}${remedy}`);
  }
  if (names === null) return table.columns.map((_, index) => index);
  const missing = table.columns.filter((column) => column.pkIndex >= 0 && !names.includes(column.name)).map(({ name }) => name);
  if (missing.length > 0) throw invalidRequest("columns", `The list of columns must include all primary key columns, missing: ${missing.join(", ")}`);
  const unknown = names.filter((name) => !table.columns.some((column) => column.name === name));
  if (unknown.length > 0) throw invalidRequest("columns", `The following columns are not found on the table: ${unknown.join(", ")}`);
  return table.columns.flatMap((column, index) => (names.includes(column.name) ? [index] : []));
}

/** Checks the columns a client may use; throws `RequestRefused` (400) for unknown ones, a missing key, and selected ones that are not among them. */
export function checkQueryable(table: Table, names: readonly string[], selected: readonly string[] | undefined): void {
  const missing = table.columns.filter((column) => column.pkIndex >= 0 && !names.includes(column.name)).map(({ name }) => name);
  const unknown = names.filter((name) => !table.columns.some((column) => column.name === name));
  if (missing.length > 0) throw invalidRequest("queryable_columns", `The list of queryable columns must include all primary key columns, missing: ${missing.join(", ")}`);
  if (unknown.length > 0) throw invalidRequest("queryable_columns", `The following queryable columns are not found on the table: ${unknown.join(", ")}`);
  const hidden = (selected ?? []).filter((name) => !names.includes(name));
  if (hidden.length > 0) throw invalidRequest("columns", `The following columns are not found on the table: ${hidden.join(", ")}`);
}

/** Parses and binds a definition's where clause; `undefined` when it has none. Throws `RequestRefused` (400). */
export function bindDefinition(definition: ShapeDefinition, table: Table): BoundWhere | undefined {
  return definition.where === null ? undefined : bindWhere(parseWhere(definition.where, definition.params), table);
}

/** Everything a shape is made of. */
export interface ShapeParts {
  readonly definition: ShapeDefinition;
  readonly handle: string;
  readonly dir: string;
  readonly table: Table;
  readonly where: BoundWhere | undefined;
  /** The where clause's constants as Postgres rendered them. */
  readonly constants: readonly (string | null)[];
  readonly snapshot: SnapshotFile;
  readonly log: ShapeLog;
  readonly lastUsedMs: number;
}

/**
 * One shape: definition, snapshot, log, and who waits for it.
 *
 *   registered --sees(snapshot)--> logging --snapshot complete--> persisted
 *        \______________________________\____________________________\--> gone (rotated: 409)
 */
export class Shape implements RoutedShape {
  readonly key: ShapeKey;
  readonly definition: ShapeDefinition;
  readonly handle: string;
  readonly dir: string;
  readonly table: Table;
  readonly where: BoundWhere | undefined;
  readonly constants: readonly (string | null)[];
  readonly snapshot: SnapshotFile;
  readonly log: ShapeLog;
  readonly predicate: Predicate | undefined;
  readonly equality: readonly EqualityKey[] | undefined;
  readonly columnsRead: ReadonlySet<number>;
  readonly encoder: RowEncoder;
  readonly full: boolean;
  readonly selected: readonly number[];
  readonly schema: string;
  /** Oids of the tables whose changes are its changes; a partitioned table may get more. */
  readonly relations: Set<number>;
  /** Wakes whoever waits for the snapshot's visibility to be known. */
  readonly visibilityKnown: Promise<void>;
  #settleVisibility: () => void = () => undefined;
  #visibility: SnapshotVisibility | undefined;
  #gone = false;
  readonly #waiting = new Set<() => void>();
  /** When someone last asked for it. */
  lastUsedMs: number;
  /**
   * Whether old parts of its log may be merged: not where messages say more than the row after them (old values, the transactions that
   * partial readers filter by), nor where equal rows share a key.
   */
  compactable: boolean;
  /** The last use that is noted on disk. */
  notedUseMs: number;

  constructor(parts: ShapeParts) {
    this.key = definitionKey(parts.definition);
    this.definition = parts.definition;
    this.handle = parts.handle;
    this.dir = parts.dir;
    this.table = parts.table;
    this.where = parts.where;
    this.constants = parts.constants;
    this.snapshot = parts.snapshot;
    this.log = parts.log;
    this.lastUsedMs = this.notedUseMs = parts.lastUsedMs;
    this.predicate = parts.where === undefined ? undefined : compileWhere(parts.where, parts.constants, parts.table);
    this.equality = parts.where === undefined ? undefined : equalityKeys(parts.where, parts.constants, parts.table);
    this.columnsRead = columnsRead(parts.where, this.equality);
    this.selected = selectColumns(parts.table, parts.definition.columns);
    this.encoder = new RowEncoder(parts.table, this.selected);
    this.full = parts.definition.replica === "full";
    this.relations = new Set(parts.table.relations);
    this.compactable = !this.full && parts.definition.log === "full" && parts.table.columns.some(({ pkIndex }) => pkIndex >= 0);
    this.schema = schemaHeader(parts.table, this.selected);
    this.visibilityKnown = new Promise((resolve) => (this.#settleVisibility = resolve));
  }

  /** What the snapshot saw, once it is known. */
  get visibility(): SnapshotVisibility | undefined {
    return this.#visibility;
  }

  /** True once the shape was rotated or the service closed. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Records what the snapshot saw; changes waiting to be routed go on. */
  sees(visibility: SnapshotVisibility): void {
    this.#visibility = visibility;
    this.#settleVisibility();
  }

  /** True when the transaction must not be logged: the snapshot has it, or the log has it already. */
  covers(xid: number, commitLsn: bigint): "snapshot" | "log" | undefined {
    if (this.#visibility !== undefined && isInSnapshot(this.#visibility, xid, commitLsn)) return "snapshot";
    return this.log.holds(commitLsn) ? "log" : undefined;
  }

  /** The shape's latest offset, `0_inf` before its first transaction. */
  get lastOffset(): LogOffset {
    return this.log.last ?? { tx: 0n, op: Infinity };
  }

  /** Ends the shape: waiting requests wake up and see that it is gone. */
  end(): void {
    this.#gone = true;
    this.#settleVisibility();
    this.wake();
  }

  /** Wakes waiting requests. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  /** Waits for new log entries, the shape's end, `signal` or the time to pass, whichever is first. */
  waitForChange(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        this.#waiting.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener("abort", finish, { once: true });
      this.#waiting.add(finish);
      if (signal.aborted || this.#gone) finish();
    });
  }

  /** True when someone waits for this shape. */
  get watched(): boolean {
    return this.#waiting.size > 0;
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Bytes of snapshot and log on disk. */
  get storedBytes(): number {
    return this.snapshot.storedBytes + this.log.storedBytes;
  }
}
