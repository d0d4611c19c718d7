import type { SnapshotVisibility } from "../snapshot/visibility.ts";
import { isInSnapshot } from "../snapshot/visibility.ts";

const transactionsMax = 4_096;

interface Recent {
  readonly xid: number;
  readonly commitLsn: bigint;
}

/**
 * The transactions processed last. Postgres may send a commit shortly before other sessions see it; a snapshot taken in that
 * instant would miss a transaction that has already passed by. Such a snapshot is found here and taken again.
 */
export class RecentTransactions {
  readonly #ring: Recent[] = [];
  #count = 0;

  /** Notes a transaction that begins to be processed. */
  add(xid: number, commitLsn: bigint): void {
    this.#ring[this.#count % transactionsMax] = { xid, commitLsn };
    this.#count += 1;
  }

  /** Forgets them all: they were another database's. */
  clear(): void {
    this.#ring.length = 0;
  }

  /** How many transactions have begun; a mark for {@link missedBy}. */
  get count(): number {
    return this.#count;
  }

  /** True when the snapshot lacks a transaction that had begun before `mark`. */
  missedBy(snapshot: SnapshotVisibility, mark: number): boolean {
    for (let index = Math.max(0, this.#count - transactionsMax); index < mark; index++) {
      const recent = this.#ring[index % transactionsMax];
      if (recent !== undefined && !isInSnapshot(snapshot, recent.xid, recent.commitLsn)) return true;
    }
    return false;
  }
}
