/** One column as the catalogue describes it. Serialised with a shape, so only plain data. */
export interface Column {
  readonly name: string;
  readonly typeOid: number;
  readonly typeMod: number;
  /** Name of the type; of the element type for an array; of the base type for a domain. */
  readonly typeName: string;
  /** Quoted, schema-qualified type as SQL text, for casts. */
  readonly typeSql: string;
  readonly typeKind: "base" | "enum" | "domain" | "composite" | "other";
  /** 0 when not an array. */
  readonly dims: number;
  readonly notNull: boolean;
  /** Position in the primary key, or -1. */
  readonly pkIndex: number;
  /** True when equality of the column's collation is equality of bytes. */
  readonly collationDeterministic: boolean;
  /** True when the order of the column's collation is the order of UTF-8 bytes. */
  readonly collationBytewise: boolean;
  /** The collation as SQL text when it changes the case of texts character by character, else `null`. */
  readonly caseCollation: string | null;
}

/** A table as the catalogue describes it; columns in table order, generated ones left out. */
export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Indexes (into `columns`) of the key, in key order; all columns when there is no primary key. */
export function keyColumns(table: Table): readonly number[] {
  const indexes = table.columns.flatMap((column, index) => (column.pkIndex >= 0 ? [index] : []));
  if (indexes.length === 0) return table.columns.map((_, index) => index);
  return indexes.toSorted((a, b) => (table.columns[a]?.pkIndex ?? 0) - (table.columns[b]?.pkIndex ?? 0));
}

/** Equal for tables whose rows look the same on the wire: name, columns, types. */
export function tableSignature(table: { readonly schema: string; readonly name: string; readonly columns: readonly Pick<Column, "name" | "typeOid" | "typeMod">[] }): string {
  return JSON.stringify([table.schema, table.name, table.columns.map((column) => [column.name, column.typeOid, column.typeMod])]);
}
