import { columnOrder, type Table } from "../catalog/table.ts";
import { type ChangeRouter, effectOn, type RowChange, type TableRoutes } from "../routing/change-router.ts";
import { JsonWriter } from "../routing/json-writer.ts";
import type { MessagePosition } from "../routing/row-encoder.ts";
import type { Shape } from "../shape.ts";
import type { PgOutputMessage } from "./messages.ts";
import type { RecentTransactions } from "./recent-transactions.ts";
import type { RowTap } from "./row-tap.ts";
import { filledFrom, lacksValues, reorderedTuple, type Tuple } from "./tuple.ts";

/** A transaction that has been put into the logs (not yet published). */
export interface LoggedTransaction {
  readonly commitLsn: bigint;
  readonly endLsn: bigint;
  readonly touched: ReadonlySet<Shape>;
  /** Positions its row changes took. */
  readonly changes: number;
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
  readonly #json = new JsonWriter();
  readonly #tap: RowTap | undefined;
  /** Oid of the table that is looked at; its message is given again afterwards. */
  #looking: number | undefined;
  #open: OpenTransaction | undefined;

  /** `announced` is told of each Relation message, before any change of that table: Postgres sends one after every change to the table's definition. */
  constructor(router: ChangeRouter<Shape>, recent: RecentTransactions, rotate: (shape: Shape, reason: RotationReason) => void, announced: (oid: number) => Promise<void> | undefined, tap?: RowTap) {
    this.#announced = announced;
    this.#tap = tap;
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
        this.#tap?.begin(message.xid, message.commitLsn);
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
    this.#looking = undefined;
    this.#tap?.reset();
  }

  #relation(message: Relation): Promise<void> | undefined {
    const looking = this.#looking === message.oid ? undefined : this.#announced(message.oid);
    this.#looking = looking === undefined ? undefined : message.oid;
    if (looking !== undefined) return looking;
    this.#relations.set(message.oid, message);
    this.#tap?.relation(message);
    return undefined;
  }

  #row(message: RowMessage): Promise<void> | undefined {
    const open = this.#transaction();
    const relation = this.#relations.get(message.oid);
    if (relation === undefined) throw new Error("a row came before its relation");
    const rows = wholeRows(message);
    let width = 1;
    for (const routes of this.#router.of(message.oid)) {
      const change = rows === undefined ? undefined : this.#fitting(relation, routes, rows);
      const shapes = change === undefined ? routes.shapes : routes.candidates(change);
      const pending = firstPending(shapes);
      if (pending !== undefined) return pending;
      if (change !== undefined) {
        if (routes.movesKey(change)) width = 2;
        for (const shape of shapes) this.#log(open, shape, change);
      } else this.#rotateAll(open, routes, relation.replicaIdentity === "f" ? "table changed" : "replica identity is not full");
    }
    open.nextOp += width;
    if (rows === undefined || (relation.replicaIdentity !== "f" && message.kind !== "insert")) this.#tap?.untold(message.oid);
    else this.#tap?.row(message.oid, rows.old, rows.row);
    return undefined;
  }

  #log(open: OpenTransaction, shape: Shape, change: RowChange): void {
    const effect = effectOn(shape, change);
    if (effect === undefined || !this.#accepts(open, shape)) return;
    const { encoder, full, log } = shape;
    const op = open.nextOp;
    const json = this.#json;
    if (change.kind === "update" && effect === "update") log.append(op, encoder.update(json, change.oldBytes, change.rowBytes, full, open, op));
    else if (change.kind === "update" && effect === "move") {
      log.append(op, encoder.delete(json, change.oldBytes, full, open, op, change.rowBytes));
      log.append(op + 1, encoder.insert(json, change.rowBytes, open, op + 1, change.oldBytes));
    } else if (effect === "insert" && change.rowBytes !== undefined) log.append(op, encoder.insert(json, change.rowBytes, open, op));
    else if (effect === "delete" && change.oldBytes !== undefined) log.append(op, encoder.delete(json, change.oldBytes, full, open, op));
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
    for (const oid of oids) this.#tap?.untold(oid);
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
    this.#tap?.commit();
    return { commitLsn: open.commitLsn, endLsn, touched: open.touched, changes: open.nextOp };
  }

  #transaction(): OpenTransaction {
    if (this.#open === undefined) throw new Error("a change came outside a transaction");
    return this.#open;
  }

  /** The change as one of the table's own rows; `undefined` when the relation's rows are not the table's or lack old values. */
  #fitting(relation: Relation, routes: TableRoutes<Shape>, rows: WholeRows): RowChange | undefined {
    const { table } = routes;
    // A new partition is inserted into before anyone can have made its replica identity full.
    if (relation.replicaIdentity !== "f" && !(table.partitioned && rows.old === undefined)) return undefined;
    const known = this.#orders.get(relation) ?? new WeakMap<Table, ColumnOrder>();
    this.#orders.set(relation, known);
    const order = known.get(table) ?? orderOf(table, relation);
    known.set(table, order);
    if (order === "other table") return undefined;
    return toChange(routes, order === "same" ? rows : { old: rows.old && reorderedTuple(rows.old, order), row: rows.row && reorderedTuple(rows.row, order) });
  }
}

/** Where a table's columns stand in a relation's rows. */
type ColumnOrder = "same" | "other table" | readonly number[];

function orderOf(table: Table, relation: Relation): ColumnOrder {
  const order = columnOrder(table, relation.columns);
  if (order === undefined || (!table.partitioned && (relation.schema !== table.schema || relation.name !== table.name))) return "other table";
  return order.every((at, index) => at === index) ? "same" : order;
}

function firstPending(shapes: Iterable<Shape>): Promise<void> | undefined {
  for (const shape of shapes) if (shape.visibility === undefined && !shape.gone) return shape.visibilityKnown;
  return undefined;
}

/** What a message says of a row, before and after. */
interface WholeRows {
  readonly old: Tuple | undefined;
  readonly row: Tuple | undefined;
}

/** Fills unchanged out-of-line values in from the old row; `undefined` when old values are missing. */
function wholeRows(message: RowMessage): WholeRows | undefined {
  if (message.kind === "insert") return { old: undefined, row: message.row };
  if (message.kind === "delete") return { old: message.old, row: undefined };
  if (message.old === undefined) return undefined;
  const row = filledFrom(message.old, message.row);
  return lacksValues(row) ? undefined : { old: message.old, row };
}

function toChange(routes: TableRoutes<Shape>, { old, row }: WholeRows): RowChange | undefined {
  if (old !== undefined && row !== undefined) return { kind: "update", old: routes.texts(old), row: routes.texts(row), oldBytes: old, rowBytes: row };
  if (row !== undefined) return { kind: "insert", old: undefined, row: routes.texts(row), oldBytes: undefined, rowBytes: row };
  return old && { kind: "delete", old: routes.texts(old), row: undefined, oldBytes: old, rowBytes: undefined };
}
