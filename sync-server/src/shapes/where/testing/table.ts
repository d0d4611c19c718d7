import type { Column, Table } from "../../catalog/table.ts";

/** A column for tests without a database. */
export function testColumn(name: string, typeName: string, more: Partial<Column> = {}): Column {
  return {
    name, typeName, typeOid: 1, typeMod: -1, typeSql: `pg_catalog.${typeName}`, typeKind: "base", domain: null, dims: 0, notNull: false, pkIndex: -1, collationDeterministic: true, collationBytewise: false, collation: null, collationCaseSimple: false, ...more,
  };
}

/** A table `public.t` for tests without a database. */
export const testTable: Table = {
  oid: 1,
  schema: "public",
  name: "t",
  unpublished: [],
  partitioned: false,
  relations: [1],
  publicationEntries: [],
  columns: [
    testColumn("id", "int8", { pkIndex: 0 }), testColumn("name", "text"), testColumn("done", "bool"), testColumn("amount", "numeric"), testColumn("code", "text", { collationBytewise: true }),
    testColumn("extra", "jsonb"), testColumn("other", "text"), testColumn("Odd", "uuid"), testColumn("at", "timestamptz"), testColumn("tags", "text", { typeSql: "pg_catalog._text", dims: 1 }),
    testColumn("colour", "colour", { typeKind: "enum", typeSql: "public.colour" }), testColumn("user", "text"), testColumn("f", "float8"), testColumn("c3", "bpchar", { typeMod: 7 }), testColumn("day", "date"),
  ],
};
