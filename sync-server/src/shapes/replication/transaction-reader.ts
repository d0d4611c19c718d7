import { columnOrder, type Table } from "../catalog/table.ts";
import { type ChangeRouter, effectOn, type RowChange, type TableRoutes } from "../routing/change-router.ts";
import type { MessagePosition } from "../routing/row-encoder.ts";
import type { Shape } from "../shape.ts";
import type { Row } from "../where/compile.ts";
import type { PgOutputMessage, Tuple } from "./messages.ts";
import type { RecentTransactions } from "./recent-transactions.ts";

/** A transaction that has been put into the logs (not yet published). */
export interface LoggedTransaction {
  readonly commitLsn: bigint;
  readonly endLsn: bigint;
  readonly touched: ReadonlySet<Shape>;
}

interface OpenTransaction extends MessagePosition {
  readonly commitLsn: bigint;
  nextOp: number;
  /** Shapes that get (or already had) messages of this transaction. */
  readonly touched: Set<Shape>;
  readonly verdicts: Map<Shape, boolean>;
}

type Relation = Extract<PgOutputMessage, { kind: "relation" }>;
type RowMessage = Extract<PgOutputMessage, { kind: "insert" | "update" | "delete" }>;

/** Why a shape cannot be continued. */
export type RotationReason = "table changed" | "table truncated" | "replica identity is not full";

/**
 * Turns decoded messages into log entries.
 *
 *   idle --begin--> open --row|relation|truncate--> open --commit--> idle
 *                     \--reset (connection lost)--> idle, logs rolled back
 */
export class TransactionReader {
  readonly #router: ChangeRouter<Shape>;
  readonly #recent: RecentTransactions;
  readonly #rotate: (shape: Shape, reason: RotationReason) => void;
  readonly #relations = new Map<number, Relation>();
  readonly #orders = new WeakMap<Relation, WeakMap<Table, ColumnOrder>>();
  readonly #announced: (oid: number) => Promise<void> | undefined;
  #lookedAt: Relation | undefined;
  #open: OpenTransaction | undefined;

  /** `announced` is told of each Relation message, before any change of that table: Postgres sends one after every change to the table's definition. */
  constructor(router: ChangeRouter<Shape>, recent: RecentTransactions, rotate: (shape: Shape, reason: RotationReason) => void, announced: (oid: number) => Promise<void> | undefined) {
    this.#announced = announced;
    this.#router = router;
    this.#recent = recent;
    this.#rotate = rotate;
  }

  /** True between begin and commit. */
  get inTransaction(): boolean {
    return this.#open !== undefined;
  }

  /**
   * Takes the next message. Answers a transaction when it is complete, or a promise when a touched shape does not know yet what its
   * snapshot saw or a table has to be looked at: nothing was taken then, and the same message is to be given again afterwards.
   */
  take(message: PgOutputMessage): LoggedTransaction | Promise<void> | undefined {
    switch (message.kind) {
      case "begin":
        this.#recent.add(message.xid, message.commitLsn);
        this.#open = { commitLsn: message.commitLsn, lsn: message.commitLsn.toString(), xid: message.xid, nextOp: 0, touched: new Set(), verdicts: new Map() };
        return undefined;
      case "relation":
        return this.#relation(message);
      case "insert":
      case "update":
      case "delete":
        return this.#row(message);
      case "truncate":
        return this.#truncate(message.oids);
      case "commit":
        return this.#commit(message.endLsn);
      case "other":
        return undefined;
    }
  }

  /** Rolls back a transaction that was cut off; relations are announced again by the next connection. */
  reset(): void {
    for (const shape of this.#open?.touched ?? []) if (!shape.gone) shape.log.discard();
    this.#open = undefined;
    this.#relations.clear();
    this.#lookedAt = undefined;
  }

  #relation(message: Relation): Promise<void> | undefined {
    const looking = this.#lookedAt === message ? undefined : this.#announced(message.oid);
    this.#lookedAt = message;
    if (looking === undefined) this.#relations.set(message.oid, message);
    return looking;
  }

  #row(message: RowMessage): Promise<void> | undefined {
    const open = this.#transaction();
    const relation = this.#relations.get(message.oid);
    if (relation === undefined) throw new Error("a row came before its relation");
    const change = toChange(message);
    let width = 1;
    for (const routes of this.#router.of(message.oid)) {
      const fitting = change === undefined ? undefined : this.#fitting(relation, routes.table, change);
      const shapes = fitting === undefined ? routes.shapes : routes.candidates(fitting);
      const pending = firstPending(shapes);
      if (pending !== undefined) return pending;
      if (fitting !== undefined) {
        if (routes.movesKey(fitting)) width = 2;
        for (const shape of shapes) this.#log(open, shape, fitting);
      } else this.#rotateAll(open, routes, relation.replicaIdentity === "f" ? "table changed" : "replica identity is not full");
    }
    open.nextOp += width;
    return undefined;
  }

  #log(open: OpenTransaction, shape: Shape, change: RowChange): void {
    const effect = effectOn(shape, change);
    if (effect === undefined || !this.#accepts(open, shape)) return;
    const { encoder, full, log } = shape;
    const op = open.nextOp;
    if (change.kind === "update" && effect === "update") log.append(op, encoder.update(change.old, change.row, full, open, op));
    else if (change.kind === "update" && effect === "move") {
      log.append(op, encoder.delete(change.old, full, open, op, encoder.key(change.row)));
      log.append(op + 1, encoder.insert(change.row, open, op + 1, encoder.key(change.old)));
    } else if (effect === "insert" && change.row !== undefined) log.append(op, encoder.insert(change.row, open, op));
    else if (effect === "delete" && change.old !== undefined) log.append(op, encoder.delete(change.old, full, open, op));
  }

  /** Decides once a transaction whether a shape still needs it. */
  #accepts(open: OpenTransaction, shape: Shape): boolean {
    const known = open.verdicts.get(shape);
    if (known !== undefined) return known;
    const covered = shape.gone ? "snapshot" : shape.covers(open.xid, open.commitLsn);
    if (covered !== "snapshot") open.touched.add(shape);
    if (covered === undefined) shape.log.begin(open.commitLsn);
    open.verdicts.set(shape, covered === undefined);
    return covered === undefined;
  }

  #truncate(oids: readonly number[]): Promise<void> | undefined {
    const open = this.#transaction();
    const truncated = oids.flatMap((oid) => [...this.#router.of(oid)]);
    for (const routes of truncated) {
      const pending = firstPending(routes.shapes);
      if (pending !== undefined) return pending;
    }
    for (const routes of truncated) this.#rotateAll(open, routes, "table truncated");
    open.nextOp += 1;
    return undefined;
  }

  #rotateAll(open: OpenTransaction, routes: TableRoutes<Shape>, reason: RotationReason): void {
    for (const shape of routes.shapes) if (shape.covers(open.xid, open.commitLsn) === undefined) this.#rotate(shape, reason);
  }

  #commit(endLsn: bigint): LoggedTransaction {
    const open = this.#transaction();
    for (const shape of open.touched) if (!shape.gone) shape.log.commit();
    this.#open = undefined;
    return { commitLsn: open.commitLsn, endLsn, touched: open.touched };
  }

  #transaction(): OpenTransaction {
    if (this.#open === undefined) throw new Error("a change came outside a transaction");
    return this.#open;
  }

  /** The change as one of the table's own rows; `undefined` when the relation's rows are not the table's or lack old values. */
  #fitting(relation: Relation, table: Table, change: RowChange): RowChange | undefined {
    // A new partition is inserted into before anyone can have made its replica identity full.
    if (relation.replicaIdentity !== "f" && !(table.partitioned && change.kind === "insert")) return undefined;
    const known = this.#orders.get(relation) ?? new WeakMap<Table, ColumnOrder>();
    this.#orders.set(relation, known);
    const order = known.get(table) ?? orderOf(table, relation);
    known.set(table, order);
    if (order === "same") return change;
    return order === "other table" ? undefined : reordered(change, order);
  }
}

/** Where a table's columns stand in a relation's rows. */
type ColumnOrder = "same" | "other table" | readonly number[];

function orderOf(table: Table, relation: Relation): ColumnOrder {
  const order = columnOrder(table, relation.columns);
  if (order === undefined || (!table.partitioned && (relation.schema !== table.schema || relation.name !== table.name))) return "other table";
  return order.every((at, index) => at === index) ? "same" : order;
}

function reordered(change: RowChange, order: readonly number[]): RowChange {
  const row = (values: Row): Row => order.map((at) => values[at] ?? null);
  if (change.kind === "insert") return { kind: "insert", old: undefined, row: row(change.row) };
  if (change.kind === "delete") return { kind: "delete", old: row(change.old), row: undefined };
  return { kind: "update", old: row(change.old), row: row(change.row) };
}

function firstPending(shapes: Iterable<Shape>): Promise<void> | undefined {
  for (const shape of shapes) if (shape.visibility === undefined && !shape.gone) return shape.visibilityKnown;
  return undefined;
}

/** Fills unchanged out-of-line values in from the old row; `undefined` when old values are missing. */
function toChange(message: RowMessage): RowChange | undefined {
  if (message.kind === "insert") return { kind: "insert", old: undefined, row: message.row };
  if (message.kind === "delete") return { kind: "delete", old: message.old, row: undefined };
  const { old, row } = message;
  if (old === undefined) return undefined;
  const filled: Tuple = row.includes(undefined) ? row.map((value, index) => (value === undefined ? old[index] : value)) : row;
  return filled.includes(undefined) ? undefined : { kind: "update", old, row: filled };
}
