import type { Table } from "./catalog/table.ts";
import { definitionKey, type ShapeDefinition, type ShapeKey } from "./definition.ts";
import type { ShapeLog } from "./log/shape-log.ts";
import type { LogOffset } from "./offset.ts";
import type { RoutedShape } from "./routing/change-router.ts";
import { type Projection, projectionOf } from "./projection.ts";
import type { RowEncoder } from "./routing/row-encoder.ts";
import type { SnapshotFile } from "./snapshot/snapshot-file.ts";
import { isInSnapshot, type SnapshotVisibility } from "./snapshot/visibility.ts";
import { bindWhere } from "./where/bind.ts";
import { columnsRead } from "./where/columns-read.ts";
import { compileWhere, type Predicate } from "./where/compile.ts";
import { type EqualityKey, equalityKeys } from "./where/equality.ts";
import { Waiters } from "./waiters.ts";
import { parseWhere } from "./where/parse.ts";
import type { BoundWhere } from "./where/term.ts";

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
  /** The definition's clause, bound to the table. */
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
  readonly constants: readonly (string | null)[];
  readonly snapshot: SnapshotFile;
  readonly log: ShapeLog;
  readonly predicate: Predicate | undefined;
  readonly equality: readonly EqualityKey[] | undefined;
  readonly columnsRead: ReadonlySet<number>;
  readonly full: boolean;
  readonly #projection: Projection;
  #relations: ReadonlySet<number>;
  #visibilityKnown: Promise<void>;
  #settleVisibility: () => void = () => undefined;
  #visibility: SnapshotVisibility | undefined;
  #gone = false;
  readonly #waiters = new Waiters();
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
    this.constants = parts.constants;
    this.snapshot = parts.snapshot;
    this.log = parts.log;
    this.lastUsedMs = this.notedUseMs = parts.lastUsedMs;
    this.predicate = parts.where === undefined ? undefined : compileWhere(parts.where, parts.constants, parts.table);
    this.equality = parts.where === undefined ? undefined : equalityKeys(parts.where, parts.constants, parts.table);
    this.columnsRead = columnsRead(parts.where, this.equality);
    this.full = parts.definition.replica === "full";
    this.#projection = projectionOf(parts.table, parts.definition.columns);
    this.#relations = relationsOf(parts.table);
    this.compactable = !this.full && parts.definition.log === "full" && parts.table.columns.some(({ pkIndex }) => pkIndex >= 0);
    this.#visibilityKnown = new Promise((resolve) => (this.#settleVisibility = resolve));
  }

  /** The clause, bound anew: of thousands of shapes that are hardly ever asked for it, none keeps it. */
  get where(): BoundWhere | undefined {
    return bindDefinition(this.definition, this.table);
  }

  get encoder(): RowEncoder {
    return this.#projection.encoder;
  }

  /** Indexes of the selected columns in table order. */
  get selected(): readonly number[] {
    return this.#projection.selected;
  }

  /** The `electric-schema` header. */
  get schema(): string {
    return this.#projection.schema;
  }

  /** Oids of the tables whose changes are its changes; a partitioned table may get more. */
  get relations(): ReadonlySet<number> {
    return this.#relations;
  }

  /** Takes in the changes of further tables, new partitions of its own. */
  extend(oids: readonly number[]): void {
    this.#relations = new Set([...this.#relations, ...oids]);
  }

  /** Settles once the snapshot's visibility is known, or the shape is gone. */
  get visibilityKnown(): Promise<void> {
    return this.#visibilityKnown;
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
    this.#settled();
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
    this.#settled();
    this.wake();
  }

  /** Wakes waiting requests. */
  wake(): void {
    this.#waiters.wake();
  }

  /** Waits for new log entries, the shape's end, `signal` or the time to pass, whichever is first. */
  async waitForChange(waitMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#gone) await this.#waiters.within(waitMs, signal);
  }

  /** True when someone waits for this shape. */
  get watched(): boolean {
    return this.#waiters.count > 0;
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#waiters.count;
  }

  /** Bytes of snapshot and log on disk. */
  get storedBytes(): number {
    return this.snapshot.storedBytes + this.log.storedBytes;
  }

  #settled(): void {
    this.#settleVisibility();
    this.#settleVisibility = nothing;
    this.#visibilityKnown = known;
  }
}

const known = Promise.resolve();
const nothing = (): void => undefined;
const relations = new WeakMap<Table, ReadonlySet<number>>();

/** One set for all shapes of a table. */
function relationsOf(table: Table): ReadonlySet<number> {
  const oids = relations.get(table) ?? new Set(table.relations);
  relations.set(table, oids);
  return oids;
}
