import type { NotifySums, RowsSum, TableName } from "@saldo/schema";

/**
 * What has arrived of what the notify stream announced: decides which shapes must be asked and up to where a checkpoint may go.
 *
 *     notify: advance(prev, L, shapes) ─► L is queued; its shapes are due at L
 *             check(L), or prev unseen ─► L is queued; every shape is due at L
 *             a shape named that is there already is asked once more: its log may have begun anew; an answer under way does not count
 *     shape:  up-to-date through P     ─► at P; no longer due when P ≥ its L
 *     shape:  must-refetch             ─► in its snapshot; nothing may be applied
 *             snapshot finished        ─► when it was the last: a check is needed, and only an L announced after it may be applied
 *
 * A checkpoint goes to the last L of the queue whose own and earlier shapes have all arrived, and which no snapshot is beyond.
 * A sum told for L holds until its shape is named again, so it is known for every L which sums the server's rows have there.
 */
export interface Arrivals {
  /** The stream says what changed after `prev`; with `lsn` no further than before, it names shapes whose log began anew. */
  advance(prev: bigint, lsn: bigint, shapes: readonly string[], sums?: NotifySums): void;
  /** The stream does not know what changed: every shape is asked. */
  check(lsn: bigint, sums?: NotifySums): void;
  /** A request for the shape leaves now. */
  asked(shape: TableName): void;
  /** A shape is complete through an LSN, as the answer to its last request says. */
  arrived(shape: TableName, through: bigint): void;
  /** A shape begins a snapshot anew. */
  snapshotStarted(shape: TableName): void;
  /** A shape's snapshot is complete, and its arrival told. Returns true when a check has to be asked for now. */
  snapshotFinished(shape: TableName): boolean;
  /** True while the shape has to be asked: something announced has not arrived, or its log may have begun anew. */
  isDue(shape: TableName): boolean;
  /** True while something of the shape was announced that has not arrived. */
  isBehind(shape: TableName): boolean;
  /** True while the shape, or any one when none is named, is in its snapshot. */
  inSnapshot(shape?: TableName): boolean;
  /** Where a checkpoint may go now; undefined when nowhere new. */
  target(): bigint | undefined;
  /** A checkpoint at the last {@link Arrivals.target} was applied. What was announced meanwhile, for the same LSN too, is still to be reached. */
  applied(lsn: bigint): void;
  /** Sums the server's rows have at the last {@link Arrivals.target}; those compared already are left out. */
  sumsAt(lsn: bigint): ReadonlyMap<TableName, RowsSum>;
  /** Sums the server's rows have at the last checkpoint, when nothing lies beyond it; those compared already are left out. */
  sumsHere(): ReadonlyMap<TableName, RowsSum>;
  /** These shapes' sums were compared. */
  compared(shapes: Iterable<TableName>): void;
  /** The last L announced; undefined before the first. */
  announced(): bigint | undefined;
  /** True when the stream was heard in this session and all it announced is applied. */
  isCaughtUp(): boolean;
}

/** Most announcements kept apart; beyond that the two newest become one. */
const announcementsMax = 1_000;

interface Announcement {
  lsn: bigint;
  readonly shapes: Set<TableName>;
  readonly sums: Map<TableName, RowsSum>;
}

/** Makes {@link Arrivals} for shapes that were at `at` when the last checkpoint was applied; those not in it begin with a snapshot. */
export function createArrivals(shapes: readonly TableName[], at: ReadonlySet<TableName>, lastApplied: bigint | undefined): Arrivals {
  const known: ReadonlySet<string> = new Set(shapes);
  const through = new Map<TableName, bigint>();
  const dueAt = new Map<TableName, bigint>();
  /** Shapes whose log may have begun anew on the server, with the moment that was told: asked whatever they have arrived at. */
  const unsure = new Map<TableName, number>();
  /** When each shape was last asked. */
  const askedAt = new Map<TableName, number>();
  let moment = 0;
  /** Snapshots may hold commits up to here: before it no L is whole. */
  let floor = -1n;
  const snapshots = new Set(shapes.filter((shape) => !at.has(shape)));
  const queue: Announcement[] = [];
  /** Sums that hold at the last checkpoint and were not compared. */
  let standing = new Map<TableName, RowsSum>();
  let announced = lastApplied;
  let checkNeeded = snapshots.size > 0;
  let position = lastApplied ?? -1n;
  /** Announcements the last target takes in. */
  let taken = 0;
  let heard = false;

  const isShape = (name: string): name is TableName => known.has(name);

  const hasArrived = (shape: TableName, lsn: bigint) => (through.get(shape) ?? -1n) >= lsn;
  const isBehind = (shape: TableName) => !hasArrived(shape, dueAt.get(shape) ?? -1n);
  /** `wanted` says that this is the check asked for after snapshots: their logs are known to live. */
  const announce = (lsn: bigint, named: readonly TableName[], sums: NotifySums, wanted = false) => {
    announced = lsn;
    heard = true;
    for (const shape of named) {
      dueAt.set(shape, lsn);
      if (hasArrived(shape, lsn) && !wanted) unsure.set(shape, ++moment);
    }
    const last = queue.at(-1);
    if (last && queue.length >= announcementsMax) {
      last.lsn = lsn;
      for (const shape of named) last.shapes.add(shape);
      for (const shape of named) last.sums.delete(shape);
      tell(last.sums, sums);
    } else queue.push({ lsn, shapes: new Set(named), sums: tell(new Map(), sums) });
  };
  const check = (lsn: bigint, sums: NotifySums = {}) => {
    const wanted = checkNeeded && snapshots.size === 0;
    if (wanted) checkNeeded = false;
    announce(lsn, shapes, sums, wanted);
  };
  const tell = (into: Map<TableName, RowsSum>, sums: NotifySums) => {
    for (const [name, sum] of Object.entries(sums)) if (isShape(name)) into.set(name, sum);
    return into;
  };
  const holdingAt = (lsn: bigint) => {
    const sums = new Map(standing);
    for (const announcement of queue.slice(0, taken)) {
      if (announcement.lsn > lsn) break;
      for (const shape of announcement.shapes) sums.delete(shape);
      for (const [shape, sum] of announcement.sums) sums.set(shape, sum);
    }
    return sums;
  };

  /** A shape whose log may have begun anew is not what was announced. */
  const sure = (sums: ReadonlyMap<TableName, RowsSum>) => new Map([...sums].filter(([shape]) => !unsure.has(shape)));

  return {
    check,
    advance(prev, lsn, names, sums = {}) {
      if (announced === undefined || prev > announced) check(lsn, sums);
      else if (lsn > announced) announce(lsn, names.filter(isShape), sums);
      else {
        for (const shape of names.filter(isShape)) unsure.set(shape, ++moment);
        if (lsn === announced) tell(queue.at(-1)?.sums ?? standing, sums);
      }
      heard = true;
    },
    asked: (shape) => void askedAt.set(shape, ++moment),
    arrived(shape, lsn) {
      if ((unsure.get(shape) ?? 0) < (askedAt.get(shape) ?? 0)) unsure.delete(shape);
      if (lsn > (through.get(shape) ?? -1n)) through.set(shape, lsn);
    },
    snapshotStarted(shape) {
      unsure.delete(shape);
      snapshots.add(shape);
      checkNeeded = true;
    },
    snapshotFinished(shape) {
      snapshots.delete(shape);
      const arrivedAt = through.get(shape) ?? -1n;
      if (arrivedAt > floor) floor = arrivedAt;
      return snapshots.size === 0 && checkNeeded;
    },
    isDue: (shape) => unsure.has(shape) || isBehind(shape),
    isBehind,
    inSnapshot: (shape) => (shape === undefined ? snapshots.size > 0 : snapshots.has(shape)),
    target() {
      if (snapshots.size > 0 || checkNeeded) return undefined;
      let lsn: bigint | undefined;
      taken = 0;
      for (const announcement of queue) {
        if ([...announcement.shapes].some((shape) => !hasArrived(shape, announcement.lsn))) break;
        lsn = announcement.lsn;
        taken++;
      }
      return lsn !== undefined && lsn < floor ? undefined : lsn;
    },
    sumsAt: (lsn) => sure(holdingAt(lsn)),
    sumsHere: () => (snapshots.size > 0 || checkNeeded || queue.length > 0 ? new Map() : sure(standing)),
    compared(names) {
      for (const shape of names) standing.delete(shape);
    },
    applied(lsn) {
      standing = holdingAt(lsn);
      position = lsn;
      for (; taken > 0 && queue[0] && queue[0].lsn <= lsn; taken--) queue.shift();
    },
    announced: () => announced,
    isCaughtUp: () => heard && snapshots.size === 0 && !checkNeeded && unsure.size === 0 && queue.length === 0 && position === announced,
  };
}
