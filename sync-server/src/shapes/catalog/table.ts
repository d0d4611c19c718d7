import { quoteTable } from "../identifiers.ts";

/** One column as the catalogue describes it. Serialised with a shape, so only plain data. */
export interface Column {
  readonly name: string;
  readonly typeOid: number;
  /** The column's own modifier, as a Relation message carries it: -1 for a domain, whose modifier belongs to the type. */
  readonly typeMod: number;
  /** Name of the type; of the element type for an array; of the base type for a domain. */
  readonly typeName: string;
  /** Quoted, schema-qualified type as SQL text, for casts. */
  readonly typeSql: string;
  readonly typeKind: "base" | "enum" | "domain" | "composite" | "other";
  /** Name of the domain when the column is of one, else `null`. */
  readonly domain: string | null;
  /** 0 when not an array. */
  readonly dims: number;
  readonly notNull: boolean;
  /** Position in the primary key, or -1. */
  readonly pkIndex: number;
  /** True when equality of the column's collation is equality of bytes. */
  readonly collationDeterministic: boolean;
  /** True when the order of the column's collation is the order of UTF-8 bytes. */
  readonly collationBytewise: boolean;
  /** The collation as SQL text; `null` for types without one. */
  readonly collation: string | null;
  /** True when the collation changes the case of texts character by character. */
  readonly collationCaseSimple: boolean;
}

/** A table as the catalogue describes it, and how it is published. */
export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** In table order; generated columns that replication does not carry are left out. */
  readonly columns: readonly Column[];
  /** Generated columns that replication does not carry. */
  readonly unpublished: readonly string[];
  /** True for a table that is divided into partitions; its rows are theirs. */
  readonly partitioned: boolean;
  /** Oids of the tables that hold the rows and whose changes are its changes: itself, or its leaf partitions. */
  readonly relations: readonly number[];
  /** The publication's entries that carry the table, each under a name that a dropped or altered one never has again; none while it is not published. */
  readonly publicationEntries: readonly string[];
}

/** The table's rows as the object of FROM. */
export function rowsOf(table: Table): string {
  return table.partitioned ? quoteTable(table) : `ONLY ${quoteTable(table)}`;
}

/** Indexes (into `columns`) of the key, in key order; all columns when there is no primary key. */
export function keyColumns(table: Table): readonly number[] {
  const indexes = table.columns.flatMap((column, index) => (column.pkIndex >= 0 ? [index] : []));
  if (indexes.length === 0) return table.columns.map((_, index) => index);
  return indexes.toSorted((a, b) => (table.columns[a]?.pkIndex ?? 0) - (table.columns[b]?.pkIndex ?? 0));
}

/** Equal for tables whose rows look the same to clients: name, columns, types, key, header. */
export function tableSignature(table: Table): string {
  const known = signatures.get(table) ?? signatureOf(table);
  signatures.set(table, known);
  return known;
}

/** Thousands of shapes are compared at once, each with a description of its own. */
const signatures = new WeakMap<Table, string>();

function signatureOf(table: Table): string {
  return JSON.stringify([table.schema, table.name, table.columns.map((column) => [column.name, column.typeOid, column.typeMod, column.pkIndex, column.typeName, column.domain, column.notNull])]);
}

/** What {@link columnOrder} compares: columns as a Relation message or the catalogue gives them. */
interface WireColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typeMod: number;
}

/**
 * Where each of a table's columns stands in rows of a relation; `undefined` when the relation's rows are not the table's.
 * Partitions may have their columns in another order than the partitioned table; for any other table the order must be the same.
 */
export function columnOrder(table: Table, relation: readonly WireColumn[]): readonly number[] | undefined {
  if (relation.length !== table.columns.length) return undefined;
  const positions = new Map(relation.map((column, index) => [column.name, index]));
  const order: number[] = [];
  for (const [index, column] of table.columns.entries()) {
    const at = positions.get(column.name);
    const found = at === undefined ? undefined : relation[at];
    if (at === undefined || found?.typeOid !== column.typeOid || found.typeMod !== column.typeMod) return undefined;
    if (!table.partitioned && at !== index) return undefined;
    order.push(at);
  }
  return order;
}
