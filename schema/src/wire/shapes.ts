import { tableCodec } from "../dialects/codec.ts";
import { sqlName } from "../tables/sql-name.ts";
import { tableNames, tables, type TableName } from "../tables/index.ts";
import type { TableScope } from "../tables/table.ts";

/** A registered shape: one table narrowed to one scope. The client names it; the server alone sets table, predicate and columns. */
export interface ShapeDeclaration {
  readonly name: TableName;
  readonly scopeKind: TableScope["kind"];
  /** SQL names of the columns that hold the scope's ids. */
  readonly scopeColumns: readonly string[];
  /** SQL names of all columns sent. */
  readonly columns: readonly string[];
}

/** Every registered shape, in the order their rows may be applied. */
export const shapes: readonly ShapeDeclaration[] = tableNames.map((name) => ({
  name,
  scopeKind: tables[name].scope.kind,
  scopeColumns: tables[name].scope.columns.map(sqlName),
  columns: tableCodec(tables[name]).columns.map((column) => column.sql),
}));

/** A device, and the person and workspace it is of. */
export interface DeviceScope {
  readonly workspaceId: string;
  readonly userId: string;
  readonly clientId: string;
}

/** Ids hold no such character. */
const betweenIds = ".";

const scopeIds: Readonly<Record<TableScope["kind"], (device: DeviceScope) => readonly string[]>> = {
  workspace: ({ workspaceId }) => [workspaceId],
  user: ({ userId }) => [userId],
  author: ({ userId, workspaceId }) => [userId, workspaceId],
  device: ({ clientId }) => [clientId],
};

/** The scope a device asks a shape with: its ids, in the order of the scope's columns, as one text. */
export function scopeOfDevice(kind: TableScope["kind"], device: DeviceScope): string {
  return scopeText(scopeIds[kind](device));
}

/** Ids of a scope as one text. */
export function scopeText(ids: readonly string[]): string {
  return ids.join(betweenIds);
}

/** The ids of a scope's text. */
export function idsOfScope(scope: string): readonly string[] {
  return scope.split(betweenIds);
}
