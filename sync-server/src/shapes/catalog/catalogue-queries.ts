import { z } from "zod";

/** One row of {@link tableQuery}. */
export const tableRow = z.object({
  oid: z.number(),
  kind: z.string(),
  persistence: z.string(),
  identity: z.string(),
  isPartition: z.boolean(),
  publishable: z.boolean(),
  readable: z.boolean(),
  rowSecurity: z.boolean(),
  hasInheritors: z.boolean(),
  serverVersion: z.number(),
  /** Every table below a partitioned one, at any depth. */
  parts: z.array(z.object({ oid: z.number(), kind: z.string(), persistence: z.string(), identity: z.string(), schema: z.string(), name: z.string() })),
});

/** The table `$1.$2`; takes no lock on it, so that it answers also while someone alters it. */
export const tableQuery = `
  SELECT c.oid, c.relkind::text AS kind, c.relpersistence::text AS persistence, c.relreplident::text AS identity, c.relispartition AS "isPartition",
         pg_relation_is_publishable(c.oid) AS publishable, has_table_privilege(c.oid, 'SELECT') AS readable, row_security_active(c.oid) AS "rowSecurity",
         c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid) AS "hasInheritors",
         current_setting('server_version_num')::int AS "serverVersion",
         CASE WHEN c.relkind <> 'p' THEN '[]'::json ELSE (
           WITH RECURSIVE below (oid) AS (
             SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid AND NOT inhdetachpending
             UNION ALL SELECT h.inhrelid FROM pg_inherits h JOIN below ON h.inhparent = below.oid AND NOT h.inhdetachpending)
           SELECT coalesce(json_agg(json_build_object('oid', b.oid::int8, 'kind', b.relkind, 'persistence', b.relpersistence, 'identity', b.relreplident,
                                                      'schema', bn.nspname, 'name', b.relname) ORDER BY b.oid), '[]')
           FROM below JOIN pg_class b ON b.oid = below.oid JOIN pg_namespace bn ON bn.oid = b.relnamespace)
         END AS parts
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2`;

/** One row of {@link columnsQuery}. */
export const columnRow = z.object({
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
  collation: z.string().nullable(),
  caseSimple: z.boolean(),
  domain: z.string().nullable(),
  generated: z.enum(["", "s", "v"]),
});

/** The columns of the table with oid `$1`, in table order. An array type is one its element type names as its own. */
export const columnsQuery = `
  SELECT a.attname AS name, a.atttypid AS "typeOid", a.atttypmod AS "typeMod",
         coalesce(e.typname, b.typname, t.typname) AS "typeName",
         format('%I.%I', tn.nspname, t.typname) AS "typeSql",
         t.typtype::text AS "typeType",
         CASE WHEN e.oid IS NULL THEN 0 ELSE greatest(a.attndims::int, 1) END AS dims,
         a.attnotnull AS "notNull",
         coalesce(array_position(i.indkey::int2[], a.attnum) - array_lower(i.indkey::int2[], 1), -1) AS "pkIndex",
         coalesce(l.collisdeterministic, true) AS deterministic,
         coalesce(pg_encoding_to_char(d.encoding) = 'UTF8'
           AND (c.provider = 'b' OR (c.provider = 'c' AND c.collate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8'))), false) AS bytewise,
         coalesce(pg_encoding_to_char(d.encoding) = 'UTF8' AND (c.provider = 'c' OR (c.provider = 'b' AND c.locale IN ('C', 'C.UTF-8'))), false) AS "caseSimple",
         CASE WHEN l.oid IS NOT NULL THEN format('%I.%I', ln.nspname, l.collname) END AS collation,
         CASE WHEN t.typtype = 'd' THEN t.typname END AS domain,
         a.attgenerated::text AS generated
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
  LEFT JOIN pg_type e ON e.typarray = coalesce(b.oid, t.oid)
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
  LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
  JOIN pg_database d ON d.datname = current_database()
  CROSS JOIN LATERAL (
    SELECT CASE l.collprovider WHEN 'd' THEN coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') ELSE l.collprovider::text END AS provider,
           CASE l.collprovider WHEN 'd' THEN d.datcollate ELSE l.collcollate END AS collate,
           CASE l.collprovider WHEN 'd' THEN to_jsonb(d) ->> 'datlocale' ELSE to_jsonb(l) ->> 'colllocale' END AS locale
  ) c
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;

/** One row of {@link publicationsQuery}. */
export const publicationRow = z.object({
  name: z.string(),
  entries: z.array(z.string()),
  /** Inserts, updates, deletes and truncates are all published. */
  complete: z.boolean(),
  /** Updates or deletes are published, so that Postgres checks the replica identity of every write. */
  needsIdentity: z.boolean(),
  viaRoot: z.boolean(),
  generated: z.boolean(),
  owned: z.boolean(),
  /** It sends some rows of the table only. */
  rowFilter: z.boolean(),
  /** It sends some columns of the table only. */
  columnList: z.boolean(),
});

/**
 * Every publication that carries the table with oid `$1` (by itself, a table it is a part of, its schema, or all tables), and the one
 * named `$2` in any case. `$3` are the oids below it.
 */
export function publicationsQuery(serverVersion: number): string {
  const bySchema =
    serverVersion >= 150_000
      ? " UNION ALL SELECT s.oid, s.pnpubid, f.below, '{}' FROM pg_publication_namespace s JOIN pg_class c ON c.relnamespace = s.pnnspid JOIN family f ON f.oid = c.oid"
      : "";
  return `
  WITH family (oid, below) AS (
    SELECT $1::oid, false UNION SELECT relid::oid, false FROM pg_partition_ancestors($1::oid) UNION SELECT unnest($3::oid[]), true),
  entry AS (SELECT r.oid, r.prpubid, f.below, to_jsonb(r) AS row FROM pg_publication_rel r JOIN family f ON f.oid = r.prrelid${bySchema}),
  publication AS (
    SELECT p.pubname AS name,
           CASE WHEN p.puballtables THEN ARRAY[concat_ws('.', p.oid, p.xmin)]
                ELSE ARRAY(SELECT concat_ws('.', p.oid, p.xmin, e.oid) FROM entry e WHERE e.prpubid = p.oid AND NOT e.below) END AS entries,
           p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AS complete, p.pubupdate OR p.pubdelete AS "needsIdentity",
           p.pubviaroot AS "viaRoot", coalesce(to_jsonb(p) ->> 'pubgencols' = 's', false) AS generated, pg_has_role(p.pubowner, 'USAGE') AS owned,
           EXISTS (SELECT FROM entry e WHERE e.prpubid = p.oid AND e.row ->> 'prqual' IS NOT NULL) AS "rowFilter",
           EXISTS (SELECT FROM entry e WHERE e.prpubid = p.oid AND e.row ->> 'prattrs' IS NOT NULL) AS "columnList"
    FROM pg_publication p)
  SELECT * FROM publication WHERE cardinality(entries) > 0 OR name = $2`;
}

/** One row of {@link partitionOriginsQuery}. */
export const originRow = z.object({ part: z.number(), ancestor: z.number(), born: z.boolean() });

/**
 * For each partition of `$1` and each table above it, whether the partition came into being as a part of it, so that it was empty then.
 * `CREATE TABLE … PARTITION OF` makes the table and its link in one command: in one transaction and within two command counts, while
 * creating, filling and attaching takes at least three. System columns' entries tell when a table was made, since nothing alters them.
 */
export const partitionOriginsQuery = `
  WITH RECURSIVE link AS (
    SELECT h.inhrelid, h.inhparent,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = h.inhrelid AND a.attnum = -1 AND a.xmin = h.xmin
                   AND h.cmin::text::int8 - a.cmin::text::int8 BETWEEN 0 AND 2) AS born
    FROM pg_inherits h),
  above AS (
    SELECT l.inhrelid AS part, l.inhparent AS ancestor, l.born FROM link l WHERE l.inhrelid = ANY ($1::oid[])
    UNION ALL SELECT a.part, l.inhparent, a.born AND l.born FROM above a JOIN link l ON l.inhrelid = a.ancestor)
  SELECT part, ancestor, born FROM above`;
