import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import { quoteIdentifier, quoteTable, type TableName } from "../identifiers.ts";
import { invalidRequest, type RequestRefused } from "../refusal.ts";
import { columnRow, columnsQuery, publicationRow, publicationsQuery, tableQuery, tableRow } from "./catalogue-queries.ts";
import type { Column, Table } from "./table.ts";

/** A publication as far as it concerns one table. */
export type TablePublication = z.infer<typeof publicationRow>;

/** A table and how it stands with the service's publication and with others. */
export interface InspectedTable {
  readonly table: Table;
  /** `undefined` when the service's publication does not exist. */
  readonly publication: TablePublication | undefined;
  /** Other publications that carry the table. */
  readonly others: readonly TablePublication[];
  /** The tables whose replica identity is not full yet: itself, or some of its partitions. */
  readonly identityMissing: readonly TableName[];
  /** True for partitioned tables and partitions. */
  readonly inPartitionTree: boolean;
  /** True when Postgres refuses updates of a table with replica identity FULL whose generated columns are not published (since 18). */
  readonly generatedNeedPublishing: boolean;
}

const typeKinds: ReadonlyMap<string, Column["typeKind"]> = new Map([["b", "base"], ["e", "enum"], ["d", "domain"], ["c", "composite"]]);

const kindNames: ReadonlyMap<string, string> = new Map([
  ["v", "a view"], ["m", "a materialized view"], ["f", "a foreign table"], ["S", "a sequence"], ["i", "an index"], ["I", "an index"], ["c", "a composite type"], ["t", "a TOAST table"],
]);

type FoundTable = z.infer<typeof tableRow>;

/** Why a relation can have no shape; `undefined` when it can. */
function obstacle(found: FoundTable): string | undefined {
  const kind = kindNames.get(found.kind);
  if (kind !== undefined) return `is ${kind}; only tables have shapes`;
  if (found.persistence === "u") return "is an unlogged table, whose changes are not in the write-ahead log; ALTER TABLE … SET LOGGED first";
  if (found.persistence === "t") return "is a temporary table, which other sessions cannot read";
  if (found.hasInheritors) return "has tables that inherit from it, whose rows have no key in common; ask for each of them, or use partitions";
  if (!found.publishable) return "is a system table, which Postgres does not replicate";
  if (!found.readable) return "may not be read by the service's database role; GRANT SELECT on it";
  if (found.rowSecurity) return "has row-level security that applies to the service's database role; use its owner or a role with BYPASSRLS";
  const part = found.parts.find(({ kind: partKind, persistence }) => !["r", "p"].includes(partKind) || persistence !== "p");
  if (part !== undefined) return `has the partition ${quoteTable(part)}, which is ${kindNames.get(part.kind) ?? "unlogged"}; its changes cannot be followed`;
  return undefined;
}

/** Since this version stored generated columns can be published, and a replica identity must not have unpublished ones. */
const generatedCheckedVersion = 180_000;

/** A table that must not get a full replica identity: Postgres would refuse everyone's updates of it. */
export function generatedRefusal(table: TableName, columns: readonly string[], publication: string): RequestRefused {
  const names = columns.length === 0 ? "" : `: ${columns.join(", ")}`;
  const remedy = `For stored ones run: ALTER PUBLICATION ${quoteIdentifier(publication)} SET (publish_generated_columns = stored); virtual ones must be made STORED.`;
  return invalidRequest("table", `Table ${quoteTable(table)} has generated columns that are not replicated${names}. With REPLICA IDENTITY FULL, which shapes need, Postgres would refuse its updates. ${remedy}`);
}

/**
 * Looks a table up in the catalogue and in the publications; `undefined` when there is none. Takes no lock.
 * Throws `RequestRefused` (400) for what can have no shape, e.g. a view.
 */
export async function inspectTable(pool: Pool | PoolClient, name: TableName, publication: string): Promise<InspectedTable | undefined> {
  const found = z.array(tableRow).parse((await pool.query(tableQuery, [name.schema, name.name])).rows)[0];
  if (found === undefined) return undefined;
  const reason = obstacle(found);
  if (reason !== undefined) throw invalidRequest("table", `Table ${quoteTable(name)} ${reason}`);
  const { oid, parts, serverVersion } = found;
  const values = [oid, publication, parts.map((part) => part.oid)];
  const carriers = z.array(publicationRow).parse((await pool.query(publicationsQuery(serverVersion), values)).rows);
  const rows = z.array(columnRow).parse((await pool.query(columnsQuery, [oid])).rows);
  const ours = carriers.find((carrier) => carrier.name === publication);
  // A publication that is made by the service publishes them.
  const publishesGenerated = ours?.generated ?? serverVersion >= generatedCheckedVersion;
  const carried = (row: z.infer<typeof columnRow>): boolean => row.generated === "" || (row.generated === "s" && publishesGenerated);
  const unpublished = rows.filter((row) => !carried(row)).map((row) => row.name);
  if (serverVersion >= generatedCheckedVersion && unpublished.length > 0) throw generatedRefusal(name, unpublished, publication);
  const leaves = found.kind === "p" ? parts.filter((part) => part.kind === "r") : [{ ...found, ...name }];
  const table: Table = {
    oid,
    schema: name.schema,
    name: name.name,
    columns: rows.filter(carried).map(({ generated: _generated, ...row }) => toColumn(row)),
    unpublished,
    partitioned: found.kind === "p",
    relations: leaves.map((leaf) => leaf.oid),
    publicationEntries: ours?.entries ?? [],
  };
  return {
    table,
    publication: ours,
    others: carriers.filter((carrier) => carrier !== ours),
    identityMissing: leaves.filter((leaf) => leaf.identity !== "f").map(({ schema, name: leafName }) => ({ schema, name: leafName })),
    inPartitionTree: found.kind === "p" || found.isPartition,
    generatedNeedPublishing: serverVersion >= generatedCheckedVersion && rows.some((row) => row.generated !== ""),
  };
}

function toColumn({ typeType, deterministic, bytewise, caseSimple, ...row }: Omit<z.infer<typeof columnRow>, "generated">): Column {
  return { ...row, typeKind: typeKinds.get(typeType) ?? "other", collationDeterministic: deterministic, collationBytewise: bytewise, collationCaseSimple: caseSimple };
}
