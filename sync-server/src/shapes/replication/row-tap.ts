import type { RelationColumn } from "./messages.ts";
import type { Tuple } from "./tuple.ts";

/** A table as a Relation message describes it. */
export interface TappedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly RelationColumn[];
}

/**
 * Hears the row changes of each transaction as the stream is read, before the transaction is published. What the stream sends twice is heard
 * twice, with the same commit LSN.
 *
 *   begin ─► relation* row* untold* ─► commit        reset: the open transaction is void, it comes again
 */
export interface RowTap {
  begin(xid: number, commitLsn: bigint): void;
  /** Rows that follow with this oid look so. */
  relation(relation: TappedRelation): void;
  /** A row before and after; its bytes are only valid during the call. */
  row(oid: number, old: Tuple | undefined, row: Tuple | undefined): void;
  /** Rows of the table changed, and the stream does not say how. */
  untold(oid: number): void;
  commit(): void;
  reset(): void;
  /** All that committed before `lsn` has been heard. */
  complete(lsn: bigint): void;
}
