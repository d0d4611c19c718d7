import type { Tuple } from "./tuple.ts";

/** A column as a Relation message describes it. */
export interface RelationColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typeMod: number;
}

/** Messages of the pgoutput plugin, protocol version 1 (PostgreSQL manual, "Logical Replication Message Formats"). */
export type PgOutputMessage =
  | { readonly kind: "begin"; readonly commitLsn: bigint; readonly xid: number }
  | { readonly kind: "commit"; readonly commitLsn: bigint; readonly endLsn: bigint }
  | {
      readonly kind: "relation";
      readonly oid: number;
      readonly schema: string;
      readonly name: string;
      /** `d` default, `n` nothing, `f` full, `i` index. */
      readonly replicaIdentity: string;
      readonly columns: readonly RelationColumn[];
    }
  | { readonly kind: "insert"; readonly oid: number; readonly row: Tuple }
  | { readonly kind: "update"; readonly oid: number; readonly old: Tuple | undefined; readonly row: Tuple }
  | { readonly kind: "delete"; readonly oid: number; readonly old: Tuple }
  | { readonly kind: "truncate"; readonly oids: readonly number[] }
  | { readonly kind: "other" };
