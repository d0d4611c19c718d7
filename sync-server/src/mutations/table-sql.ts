import { serverKey, sqlName, tableCodec, tables, type LogicalType, type TableCodec, type TableName } from "@saldo/schema";

/** How a logical type's values arrive in a statement. */
const parameterTypes: Readonly<Record<LogicalType, string>> = {
  id: "text",
  text: "text",
  integer: "bigint",
  money: "bigint",
  real: "double precision",
  boolean: "boolean",
  date: "text",
  instant: "text",
  json: "text",
  bytes: "bytea",
};

/** What a mutation may do to a table beside reading it. */
export interface TableRights {
  readonly insert: boolean;
  readonly change: boolean;
  readonly remove: boolean;
}

/** Parts of a table's statements that never change. */
export interface TableSql {
  readonly codec: TableCodec;
  /** Quoted name. */
  readonly table: string;
  /** Quoted column names, comma separated. */
  readonly columns: string;
  /** Keys of rows that a patch may not touch: they say whose the row is. */
  readonly ownershipKeys: ReadonlySet<string>;
  /** Predicate over `$1` = workspace and, where the rows are a person's own, `$2` = user. */
  readonly scope: string;
  /** True when `scope` names `$2`. */
  readonly scopedByUser: boolean;
  readonly rights: TableRights;
}

const all: TableRights = { insert: true, change: true, remove: true };
const readOnly: TableRights = { insert: false, change: false, remove: false };
/** Tables whose rows say who may do what: mutations read them, and change what is named here. */
const guarded: Partial<Record<TableName, TableRights>> = {
  workspace: { ...readOnly, change: true },
  member: readOnly,
  client: readOnly,
  rejection: { ...readOnly, change: true },
};

const cache = new Map<TableName, TableSql>();

/** The statement parts of a table (cached). */
export function tableSql(name: TableName): TableSql {
  const known = cache.get(name);
  if (known) return known;
  const made = build(name);
  cache.set(name, made);
  return made;
}

function build(name: TableName): TableSql {
  const declaration = tables[name];
  const codec = tableCodec(declaration);
  const scopedByUser = declaration.scope.kind !== "workspace";
  const workspaceColumn = name === "workspace" ? "id" : "workspace_id";
  return {
    codec,
    table: quoted(name),
    columns: codec.columns.map((column) => quoted(column.sql)).join(", "),
    ownershipKeys: new Set([...serverKey(declaration), "workspaceId", "userId"]),
    scope: scopedByUser ? `${quoted(workspaceColumn)} = $1 and ${quoted("user_id")} = $2` : `${quoted(workspaceColumn)} = $1`,
    scopedByUser,
    rights: guarded[name] ?? all,
  };
}

/** The SQL type of a column's parameter. */
export function parameterType(type: LogicalType): string {
  return parameterTypes[type];
}

/** A quoted identifier from a declaration's name. */
export function quoted(name: string): string {
  return `"${name}"`;
}

/** The quoted SQL column of a row's key. Throws `TypeError` on a key the table does not have. */
export function columnOf(sql: TableSql, key: string): { readonly quoted: string; readonly type: LogicalType; readonly nullable: boolean } {
  const column = sql.codec.byKey.get(key);
  if (!column) throw new TypeError(`no column ${sqlName(key)} in ${sql.codec.table}`);
  return { quoted: quoted(column.sql), type: column.declaration.type, nullable: column.declaration.nullable };
}
