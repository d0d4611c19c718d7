import type { JsonValue } from "../json.ts";
import type { Minor } from "../money.ts";
import type { ColumnDeclaration, LogicalType } from "./column.ts";

/**
 * Who receives a table's rows: everyone of a workspace, one user, one user's devices of one workspace, or one device. `columns` hold the ids the
 * shape is narrowed to.
 */
export interface TableScope {
  readonly kind: "workspace" | "user" | "author" | "device";
  readonly columns: readonly [string, ...string[]];
}

/** An index of the named columns, in order. */
export type IndexDeclaration = readonly string[];

/** A table a device keeps: synced rows, or the device's own bookkeeping. Column keys are camelCase; SQL names are their snake_case. */
export interface DeviceTableDeclaration {
  readonly name: string;
  /** Key columns on a device, whose database holds one workspace. On the server workspace tables lead with their workspace. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  /** Indexes kept on devices, beyond the key. */
  readonly deviceIndexes: readonly IndexDeclaration[];
  /** Nullable columns few rows have: indexed only where they are set, so that the other rows cost nothing. */
  readonly sparseIndexes: readonly string[];
}

/** One synced table as data: the single source of both SQL dialects, row types and shapes. */
export interface TableDeclaration extends DeviceTableDeclaration {
  readonly scope: TableScope;
  /** Indexes kept on the server, beyond the key. */
  readonly serverIndexes: readonly IndexDeclaration[];
}

interface ValueByType {
  readonly id: string;
  readonly text: string;
  readonly integer: number;
  readonly money: Minor;
  readonly real: number;
  readonly boolean: boolean;
  readonly date: string;
  readonly instant: string;
  readonly json: JsonValue;
  readonly bytes: Uint8Array;
}

type NotNull<Column extends ColumnDeclaration> = Column extends { readonly values: readonly (infer Value)[] }
  ? Value
  : ValueByType[Column["type"] & LogicalType];

/** The TypeScript value of a column. */
export type ColumnValue<Column extends ColumnDeclaration> = Column["nullable"] extends true ? NotNull<Column> | null : NotNull<Column>;

/** A whole row of a declared table. */
export type RowOf<Table extends DeviceTableDeclaration> = {
  -readonly [Name in keyof Table["columns"] & string]: ColumnValue<Table["columns"][Name]>;
};

interface TableParts<Columns extends Record<string, ColumnDeclaration>> {
  readonly columns: Columns;
  readonly deviceIndexes?: readonly (readonly ((keyof Columns & string) | "id" | "workspaceId")[])[];
  readonly serverIndexes?: readonly (readonly ((keyof Columns & string) | "id" | "workspaceId")[])[];
  /** On the server led by the workspace. */
  readonly sparseIndexes?: readonly (keyof Columns & string)[];
}

/** Declares a table every member of a workspace receives; adds `id` and `workspaceId`. */
export function workspaceTable<const Name extends string, const Columns extends Record<string, ColumnDeclaration>>(
  name: Name,
  parts: TableParts<Columns>,
) {
  return {
    name,
    scope: { kind: "workspace", columns: ["workspaceId"] },
    key: ["id"],
    columns: {
      id: { type: "id", nullable: false },
      workspaceId: { type: "id", nullable: false },
      ...parts.columns,
    },
    deviceIndexes: parts.deviceIndexes ?? [],
    serverIndexes: parts.serverIndexes ?? [],
    sparseIndexes: parts.sparseIndexes ?? [],
  } as const satisfies TableDeclaration;
}

/** Declares a table with a scope of its own, keyed by `id`. */
export function scopedTable<
  const Name extends string,
  const Scope extends TableScope,
  const Columns extends Record<string, ColumnDeclaration>,
>(name: Name, scope: Scope, parts: TableParts<Columns>) {
  return {
    name,
    scope,
    key: ["id"],
    columns: { id: { type: "id", nullable: false }, ...parts.columns },
    deviceIndexes: parts.deviceIndexes ?? [],
    serverIndexes: parts.serverIndexes ?? [],
    sparseIndexes: parts.sparseIndexes ?? [],
  } as const satisfies TableDeclaration;
}

/** Declares a table only a device has: bookkeeping that is never synced. */
export function deviceTable<const Name extends string, const Columns extends Record<string, ColumnDeclaration>>(
  name: Name,
  parts: {
    readonly key: readonly (keyof Columns & string)[];
    readonly columns: Columns;
    readonly deviceIndexes?: readonly (readonly (keyof Columns & string)[])[];
  },
) {
  return { name, key: parts.key, columns: parts.columns, deviceIndexes: parts.deviceIndexes ?? [], sparseIndexes: [] } as const satisfies DeviceTableDeclaration;
}
