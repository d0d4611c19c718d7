import { tableCodec } from "../dialects/codec.ts";
import { sqlName } from "../tables/sql-name.ts";
import { tableNames, tables, type TableName } from "../tables/index.ts";
import type { TableScope } from "../tables/table.ts";

/** A registered shape: one table narrowed to one scope. The client names it; the server alone sets table, predicate and columns. */
export interface ShapeDeclaration {
  readonly name: TableName;
  readonly scopeKind: TableScope["kind"];
  /** SQL name of the column that holds the scope's id. */
  readonly scopeColumn: string;
  /** SQL names of all columns sent. */
  readonly columns: readonly string[];
}

/** Every registered shape, in the order their rows may be applied. */
export const shapes: readonly ShapeDeclaration[] = tableNames.map((name) => ({
  name,
  scopeKind: tables[name].scope.kind,
  scopeColumn: sqlName(tables[name].scope.column),
  columns: tableCodec(tables[name]).columns.map((column) => column.sql),
}));
