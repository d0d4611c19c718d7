import { sql } from "drizzle-orm";
import { bigint, boolean, customType, doublePrecision, index, pgTable, primaryKey, type PgColumnBuilderBase } from "drizzle-orm/pg-core";
import type { ColumnDeclaration, LogicalType } from "../tables/column.ts";
import { sqlName } from "../tables/sql-name.ts";
import type { DeviceTableDeclaration, IndexDeclaration, TableDeclaration } from "../tables/table.ts";

/** Text that sorts bytewise whatever the database's locale is. */
const textBytewise = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

const builders: Readonly<Record<LogicalType, (name: string) => PgColumnBuilderBase & { notNull(): PgColumnBuilderBase }>> = {
  id: (name) => textBytewise(name),
  text: (name) => textBytewise(name),
  integer: (name) => bigint(name, { mode: "number" }),
  money: (name) => bigint(name, { mode: "number" }),
  real: (name) => doublePrecision(name),
  boolean: (name) => boolean(name),
  date: (name) => textBytewise(name),
  instant: (name) => textBytewise(name),
  json: (name) => textBytewise(name),
  bytes: (name) => bytea(name),
};

function column(key: string, declaration: ColumnDeclaration): PgColumnBuilderBase {
  const builder = builders[declaration.type](sqlName(key));
  return declaration.nullable ? builder : builder.notNull();
}

/**
 * The server's table of a declaration. A workspace table's key leads with its workspace, so that a device can never touch another
 * workspace's row by guessing its id.
 */
export function toServerTable(declaration: TableDeclaration) {
  const scope = declaration.scope.columns[0] === "workspaceId" ? ["workspaceId"] : [];
  return build(declaration, serverKey(declaration), declaration.serverIndexes, scope);
}

/** The PGlite table of a declaration: the database holds one workspace, and the key is the row's own. */
export function toPgliteTable(declaration: DeviceTableDeclaration) {
  return build(declaration, declaration.key, declaration.deviceIndexes, []);
}

function build(declaration: DeviceTableDeclaration, key: readonly string[], indexes: readonly IndexDeclaration[], sparseScope: readonly string[]) {
  const columns: Record<string, PgColumnBuilderBase> = {};
  for (const [name, value] of Object.entries(declaration.columns)) columns[name] = column(name, value);
  return pgTable(declaration.name, columns, (table) => {
    const pick = (keys: readonly string[]) => keys.map((name) => required(table[name], name));
    const [firstKey, ...restKeys] = pick(key);
    const built = indexes.map((keys) => {
      const [first, ...rest] = pick(keys);
      return index(indexName(declaration.name, keys)).on(required(first, keys.join()), ...rest);
    });
    const sparse = declaration.sparseIndexes.map((name) => {
      const [first, ...rest] = pick([...sparseScope, name]);
      return index(indexName(declaration.name, [...sparseScope, name])).on(required(first, name), ...rest).where(sql`${sql.identifier(sqlName(name))} is not null`);
    });
    return [primaryKey({ name: `${declaration.name}_pkey`, columns: [required(firstKey, "key"), ...restKeys] }), ...built, ...sparse];
  });
}

/** Key columns of a table on the server, by declaration key. */
export function serverKey(declaration: TableDeclaration): readonly string[] {
  return declaration.scope.columns[0] === "workspaceId" ? ["workspaceId", ...declaration.key] : declaration.key;
}

/** Name of an index, the same in both dialects. */
export function indexName(table: string, keys: readonly string[]): string {
  return `${table}_${keys.map(sqlName).join("_")}_idx`;
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`no column ${name} in the declaration`);
  return value;
}
