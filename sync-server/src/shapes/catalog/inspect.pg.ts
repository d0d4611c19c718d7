import type { Pool } from "pg";
import { z } from "zod";
import { quoteIdentifier, quoteTable, type TableName } from "../identifiers.ts";
import { invalidRequest, notReady } from "../refusal.ts";
import type { Column, Table } from "./table.ts";

const tableRow = z.object({ oid: z.number(), kind: z.string(), identity: z.string(), published: z.boolean() });

const columnRow = z.object({
  name: z.string(),
  typeOid: z.number(),
  typeMod: z.number(),
  typeName: z.string(),
  typeSql: z.string(),
  typeType: z.string(),
  dims: z.number(),
  notNull: z.boolean(),
  pkIndex: z.number(),
  deterministic: z.boolean(),
  bytewise: z.boolean(),
  caseCollation: z.string().nullable(),
});

const tableQuery = `
  SELECT c.oid, c.relkind::text AS kind, c.relreplident::text AS identity,
         EXISTS (SELECT FROM pg_publication_tables p WHERE p.pubname = $3 AND p.schemaname = n.nspname AND p.tablename = c.relname) AS published
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2`;

const columnsQuery = `
  SELECT a.attname AS name, a.atttypid AS "typeOid",
         CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS "typeMod",
         coalesce(e.typname, b.typname, t.typname) AS "typeName",
         format('%I.%I', tn.nspname, t.typname) AS "typeSql",
         t.typtype::text AS "typeType",
         CASE WHEN e.oid IS NULL THEN 0 ELSE greatest(a.attndims::int, 1) END AS dims,
         a.attnotnull AS "notNull",
         coalesce(array_position(i.indkey::int2[], a.attnum) - array_lower(i.indkey::int2[], 1), -1) AS "pkIndex",
         coalesce(l.collisdeterministic, true) AS deterministic,
         coalesce(pg_encoding_to_char(d.encoding) = 'UTF8'
           AND (c.provider = 'b' OR (c.provider = 'c' AND c.collate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8'))), false) AS bytewise,
         CASE WHEN pg_encoding_to_char(d.encoding) = 'UTF8' AND (c.provider = 'c' OR (c.provider = 'b' AND c.locale IN ('C', 'C.UTF-8')))
           THEN format('%I.%I', ln.nspname, l.collname) END AS "caseCollation"
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
  LEFT JOIN pg_type e ON t.typcategory = 'A' AND t.typlen = -1 AND e.oid = t.typelem
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
  LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
  JOIN pg_database d ON d.datname = current_database()
  CROSS JOIN LATERAL (
    SELECT CASE l.collprovider WHEN 'd' THEN d.datlocprovider ELSE l.collprovider END AS provider,
           CASE l.collprovider WHEN 'd' THEN d.datcollate ELSE l.collcollate END AS collate,
           CASE l.collprovider WHEN 'd' THEN to_jsonb(d) ->> 'datlocale' ELSE to_jsonb(l) ->> 'colllocale' END AS locale
  ) c
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  ORDER BY a.attnum`;

/** A table and whether the publication already carries all of its changes. */
export interface InspectedTable {
  readonly table: Table;
  readonly published: boolean;
  readonly identityFull: boolean;
}

const typeKinds: ReadonlyMap<string, Column["typeKind"]> = new Map([["b", "base"], ["e", "enum"], ["d", "domain"], ["c", "composite"]]);

/** Looks a table up in the catalogue; `undefined` when there is none. Throws `RequestRefused` for views and partitioned tables. */
export async function inspectTable(pool: Pool, name: TableName, publication: string): Promise<InspectedTable | undefined> {
  const found = z.array(tableRow).parse((await pool.query(tableQuery, [name.schema, name.name, publication])).rows)[0];
  if (found === undefined) return undefined;
  if (found.kind !== "r") throw invalidRequest("table", `${quoteTable(name)} is not an ordinary table`);
  const rows = z.array(columnRow).parse((await pool.query(columnsQuery, [found.oid])).rows);
  const columns = rows.map(({ typeType, deterministic, bytewise, ...row }): Column => ({
    ...row,
    typeKind: typeKinds.get(typeType) ?? "other",
    collationDeterministic: deterministic,
    collationBytewise: bytewise,
  }));
  return { table: { oid: found.oid, schema: name.schema, name: name.name, columns }, published: found.published, identityFull: found.identity === "f" };
}

const lockTimeoutMs = 5_000;

/**
 * Makes the publication carry the whole old and new rows of a table. Waits for writers of the table, so that no change of a
 * transaction in flight is missed. Throws `RequestRefused`: 503 when the table stays locked, 400 when the role may not alter it.
 */
export async function publishTable(pool: Pool, table: TableName, publication: string): Promise<void> {
  const inspected = await inspectTable(pool, table, publication);
  if (inspected === undefined || (inspected.published && inspected.identityFull)) return;
  const name = quoteTable(inspected.table);
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`);
    if (!inspected.identityFull) await client.query(`ALTER TABLE ${name} REPLICA IDENTITY FULL`);
    if (!inspected.published) await client.query(`ALTER PUBLICATION ${quoteIdentifier(publication)} ADD TABLE ${name}`);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "55P03" || code === "40P01") throw notReady("The table is locked", 5);
    if (code === "42501") throw invalidRequest("table", `the database role may not publish ${name}: set REPLICA IDENTITY FULL and add it to the publication`);
    throw error;
  } finally {
    client.release();
  }
}
