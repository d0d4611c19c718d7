import { runningSum, scopeText, tables, type RowsSum, type RunningSum, type ShapeDeclaration } from "@saldo/schema";
import { registeredShape } from "../gatekeeper/registry.ts";
import type { CommitEvent } from "../gatekeeper/shape-source.ts";
import { isInSnapshot, RecentTransactions, textAt, type RowTap, type SnapshotVisibility, type TappedRelation, type Tuple } from "../shapes/index.ts";
import type { Baseline, ScopedShape } from "./baseline.pg.ts";
import { tupleHash, type TupleHash } from "./tuple-hash.ts";

/**
 * The sum of one shape's rows, kept from the stream of changes.
 *
 *   idle ──measure──► measuring ──baseline──► known ──all the snapshot saw has been applied──► exact
 *     ▲                   │ void                │
 *     └───────────────────┴──── a gap in the stream, rows changed untold ◄─┘
 *
 * The baseline is read from the database in one snapshot. Transactions heard since `measure` count unless the snapshot saw them; those heard before
 * it must all have been seen, else the snapshot is not accepted.
 */
export interface ShapeSum extends ScopedShape {
  /** True while a baseline is wanted and none is being read. */
  readonly isIdle: boolean;
  /** The sum at {@link RunningSums.lsn}; undefined while it is not exactly known. */
  value(): RowsSum | undefined;
}

/** The sums of the shapes somebody asked for. */
export interface RunningSums {
  /** Where the changes of rows are heard. */
  readonly tap: RowTap;
  /** The commit all sums are at. */
  lsn(): bigint;
  /** The sum of a shape, which is followed from now on; undefined when too many are. */
  follow(shape: ScopedShape): ShapeSum | undefined;
  /** Lets go of a shape. */
  forget(sum: ShapeSum): void;
  /** A commit was published: its changes count from now on. */
  published(event: CommitEvent): void;
  /** Begins to hear the changes of idle shapes for a baseline to be read now. */
  measure(sums: readonly ShapeSum[]): Measurement;
}

/** A baseline being read. */
export interface Measurement {
  /** Says whether a snapshot saw all that was heard before. */
  accepts(visibility: SnapshotVisibility): boolean;
  /** The baseline is there; undefined when it could not be read. */
  settle(baseline: Baseline | undefined): void;
}

/** Most shapes followed at once: some hundred bytes each. */
export const sumsFollowedMax = 200_000;
/** Most changes of one shape kept until its baseline is there. */
const pendingMax = 10_000;
/** Most transactions heard and not yet published. */
const heardMax = 10_000;

interface Delta {
  readonly xid: number;
  readonly commitLsn: bigint;
  readonly change: RunningSum;
}

interface Heard {
  readonly xid: number;
  readonly commitLsn: bigint;
  readonly changes: Map<Followed, RunningSum>;
  isTold: boolean;
}

interface TableTap {
  readonly scopeIndexes: readonly number[];
  readonly hash: TupleHash | undefined;
  readonly scopes: ReadonlyMap<string, Followed>;
  readonly signature: string;
}

class Followed implements ShapeSum {
  readonly shape: ShapeDeclaration;
  readonly scopeId: string;
  state: "idle" | "measuring" | "known" = "idle";
  pending: Delta[] = [];
  sum: RunningSum = runningSum();
  visibility: SnapshotVisibility | undefined;
  readonly #isReached: (visibility: SnapshotVisibility) => boolean;

  constructor({ shape, scopeId }: ScopedShape, isReached: (visibility: SnapshotVisibility) => boolean) {
    this.shape = shape;
    this.scopeId = scopeId;
    this.#isReached = isReached;
  }

  get isIdle(): boolean {
    return this.state === "idle";
  }

  value(): RowsSum | undefined {
    return this.state === "known" && this.visibility !== undefined && this.#isReached(this.visibility) ? this.sum.value() : undefined;
  }

  void(): void {
    this.state = "idle";
    this.pending = [];
    this.visibility = undefined;
  }

  apply({ xid, commitLsn, change }: Delta): void {
    if (this.visibility === undefined || isInSnapshot(this.visibility, xid, commitLsn)) return;
    this.sum.addSum(change.value());
  }
}

/** Makes empty {@link RunningSums}. */
export function createRunningSums(followedMax: number = sumsFollowedMax): RunningSums {
  const byTable = new Map<string, Map<string, Followed>>();
  const recent = new RecentTransactions();
  const taps = createTableTaps(byTable);
  let followed = 0;
  let lsn: bigint | undefined;
  let completeLsn = 0n;
  let heard: Heard[] = [];
  let heardLsn = 0n;
  /** The last commit heard that changed rows of any table. */
  let rowsLsn = 0n;
  /** True from the loss of the stream until a commit is published: what committed meanwhile may not have been heard. */
  let isGapped = false;
  let open: (Heard & { hasRows: boolean }) | undefined;

  const isReached = (visibility: SnapshotVisibility) => {
    const through = lsn === undefined ? 0n : lsn + 1n;
    if (through >= visibility.lsn) return true;
    // Beyond the last commit published nothing has happened, up to where the log has been read.
    return completeLsn >= visibility.lsn && !isGapped && heard.length === 0 && open === undefined && rowsLsn < through;
  };
  const voidAll = () => {
    for (const sums of byTable.values()) for (const sum of sums.values()) sum.void();
  };
  const count = (table: TableTap, tuple: Tuple | undefined, way: "add" | "remove") => {
    if (tuple === undefined || open === undefined) return;
    const scope = scopeAt(tuple, table.scopeIndexes);
    const sum = scope === undefined ? undefined : table.scopes.get(scope);
    if (sum === undefined || sum.state === "idle") return;
    const hash = table.hash?.(tuple);
    if (hash === undefined) {
      open.isTold = false;
      return;
    }
    const change = open.changes.get(sum) ?? runningSum();
    open.changes.set(sum, change);
    change[way](hash);
  };
  const hear = ({ xid, commitLsn, changes, isTold }: Heard) => {
    if (!isTold) return voidAll();
    for (const [sum, change] of changes) {
      const delta = { xid, commitLsn, change };
      if (sum.state === "known") sum.apply(delta);
      else if (sum.state === "measuring" && sum.pending.length >= pendingMax) sum.void();
      else if (sum.state === "measuring") sum.pending.push(delta);
    }
  };

  const tap: RowTap = {
    begin(xid, commitLsn) {
      recent.add(xid, commitLsn);
      open = { xid, commitLsn, changes: new Map(), isTold: true, hasRows: false };
    },
    relation(relation) {
      // Columns that changed may have changed the text of every row.
      if (!taps.learn(relation) && open) open.isTold = false;
    },
    row(oid, old, row) {
      if (open) open.hasRows = true;
      const table = taps.of(oid);
      if (table === undefined || table.scopes.size === 0) return;
      count(table, old, "remove");
      count(table, row, "add");
    },
    untold(oid) {
      if (open) open.hasRows = true;
      if (open && (taps.of(oid)?.scopes.size ?? 0) > 0) open.isTold = false;
    },
    commit() {
      const ended = open;
      open = undefined;
      // What was cut off and is sent again has been heard already.
      if (!ended || ended.commitLsn <= heardLsn) return;
      heardLsn = ended.commitLsn;
      if (ended.hasRows) rowsLsn = ended.commitLsn;
      if (ended.changes.size === 0 && ended.isTold) return;
      if (heard.length < heardMax) return void heard.push(ended);
      // Those let go of would be missing at each commit up to this one.
      voidAll();
      heard = [{ ...ended, isTold: false }];
    },
    reset() {
      open = undefined;
      isGapped = true;
    },
    complete(complete) {
      if (complete > completeLsn) completeLsn = complete;
    },
  };

  return {
    tap,
    lsn: () => lsn ?? 0n,
    follow(shape) {
      const sums = byTable.get(shape.shape.name) ?? new Map<string, Followed>();
      byTable.set(shape.shape.name, sums);
      const known = sums.get(shape.scopeId);
      if (known || followed >= followedMax) return known;
      const sum = new Followed(shape, isReached);
      sums.set(shape.scopeId, sum);
      followed++;
      return sum;
    },
    forget({ shape, scopeId }) {
      const sums = byTable.get(shape.name);
      sums?.get(scopeId)?.void();
      if (sums?.delete(scopeId) === true) followed--;
    },
    published(event) {
      const before = lsn ?? event.prevLsn;
      if (event.touched === "all" || event.prevLsn !== before) voidAll();
      let applied = 0;
      for (const transaction of heard) {
        if (transaction.commitLsn > event.lsn) break;
        applied++;
        if (transaction.commitLsn > before) hear(transaction);
      }
      if (applied > 0) heard.splice(0, applied);
      lsn = event.lsn;
      isGapped = false;
    },
    measure(sums) {
      const mark = recent.count;
      const measured = sums.filter((sum): sum is Followed => sum instanceof Followed && sum.isIdle);
      for (const sum of measured) sum.state = "measuring";
      return {
        accepts: (visibility) => !recent.missedBy(visibility, mark),
        settle(baseline) {
          for (const sum of measured) {
            const from = baseline?.sums.get(sum.shape.name);
            // Voided meanwhile: what was heard has a hole.
            if (sum.state !== "measuring") continue;
            const { pending } = sum;
            sum.void();
            if (!from || !baseline) continue;
            sum.state = "known";
            sum.sum = runningSum(from);
            sum.visibility = baseline.visibility;
            for (const delta of pending) sum.apply(delta);
          }
        },
      };
    },
  };
}

/** The scope of the shape a row is in; undefined where one of its ids was not sent. */
function scopeAt(tuple: Tuple, indexes: readonly number[]): string | undefined {
  const ids: string[] = [];
  for (const index of indexes) {
    const id = textAt(tuple, index);
    if (typeof id !== "string") return undefined;
    ids.push(id);
  }
  return scopeText(ids);
}

/** What the stream says of tables, and how their rows are hashed. */
function createTableTaps(byTable: Map<string, Map<string, Followed>>) {
  const taps = new Map<number, TableTap>();
  return {
    of: (oid: number) => taps.get(oid),
    /** False when the table is another one than it was. */
    learn({ oid, schema, name, columns }: TappedRelation): boolean {
      const shape = schema === "public" ? registeredShape(name) : undefined;
      if (shape === undefined) return true;
      const signature = JSON.stringify(columns);
      const before = taps.get(oid);
      if (before?.signature === signature) return true;
      const names = columns.map((column) => column.name);
      const scopes = byTable.get(name) ?? new Map<string, Followed>();
      byTable.set(name, scopes);
      taps.set(oid, { scopeIndexes: shape.scopeColumns.map((column) => names.indexOf(column)), hash: tupleHash(tables[shape.name], names), scopes, signature });
      return before === undefined;
    },
  };
}
