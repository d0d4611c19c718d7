/** What a snapshot saw: `pg_current_snapshot()` and the WAL insert position read right after it. */
export interface SnapshotVisibility {
  readonly xmin: bigint;
  readonly xmax: bigint;
  /** Transactions in progress between xmin and xmax. */
  readonly xip: readonly bigint[];
  /** Every transaction the snapshot sees has a commit record before this. */
  readonly lsn: bigint;
  /** What it sees is in the log once the log has come to here: the flush position read right after it. Only commits that do not wait for the disk may lie beyond. */
  readonly flushLsn: bigint;
}

/** Reads Postgres' text form `xmin:xmax:xip,…`. Throws on another form. */
export function parseSnapshot(text: string, lsn: bigint, flushLsn: bigint): SnapshotVisibility {
  const [xmin, xmax, xip] = text.split(":");
  if (xmin === undefined || xmax === undefined || xip === undefined) throw new Error("not a snapshot");
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), xip: xip === "" ? [] : xip.split(",").map(BigInt), lsn, flushLsn };
}

/** Postgres' text form of a snapshot. */
export function formatSnapshot(snapshot: SnapshotVisibility): string {
  return `${snapshot.xmin}:${snapshot.xmax}:${snapshot.xip.join(",")}`;
}

/**
 * True when the snapshot saw the transaction with this 32-bit id, whose commit record is at `commitLsn`.
 * Ids are only compared for commits before the snapshot, so a later wrap-around cannot hide one.
 */
export function isInSnapshot(snapshot: SnapshotVisibility, xid: number, commitLsn: bigint): boolean {
  if (commitLsn >= snapshot.lsn) return false;
  const full = snapshot.xmax + BigInt.asIntN(32, BigInt(xid) - snapshot.xmax);
  if (full < snapshot.xmin) return true;
  return full < snapshot.xmax && !snapshot.xip.includes(full);
}

/** The control message that ends a snapshot. */
export function snapshotEndMessage(snapshot: SnapshotVisibility): string {
  const headers = { control: "snapshot-end", xmin: String(snapshot.xmin), xmax: String(snapshot.xmax), xip_list: snapshot.xip.map(String) };
  return JSON.stringify({ headers });
}
