import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, real, sqliteTable, text, type SQLiteColumnBuilderBase } from "drizzle-orm/sqlite-core";
import type { ColumnDeclaration, LogicalType } from "../tables/column.ts";
import { sqlName } from "../tables/sql-name.ts";
import type { DeviceTableDeclaration } from "../tables/table.ts";
import { indexName } from "./pg.ts";

const builders: Readonly<Record<LogicalType, (name: string) => SQLiteColumnBuilderBase & { notNull(): SQLiteColumnBuilderBase }>> = {
  id: (name) => text(name),
  text: (name) => text(name),
  integer: (name) => integer(name),
  money: (name) => integer(name),
  real: (name) => real(name),
  boolean: (name) => integer(name, { mode: "boolean" }),
  date: (name) => text(name),
  instant: (name) => text(name),
  json: (name) => text(name),
  bytes: (name) => blob(name, { mode: "buffer" }),
};

function column(key: string, declaration: ColumnDeclaration): SQLiteColumnBuilderBase {
  const builder = builders[declaration.type](sqlName(key));
  return declaration.nullable ? builder : builder.notNull();
}

/** The SQLite table of a declaration, as devices keep it. */
export function toSqliteTable(declaration: DeviceTableDeclaration) {
  const columns: Record<string, SQLiteColumnBuilderBase> = {};
  for (const [key, value] of Object.entries(declaration.columns)) columns[key] = column(key, value);
  return sqliteTable(declaration.name, columns, (table) => {
    const pick = (keys: readonly string[]) => keys.map((key) => required(table[key], key));
    const [firstKey, ...restKeys] = pick(declaration.key);
    const indexes = declaration.deviceIndexes.map((keys) => {
      const [first, ...rest] = pick(keys);
      return index(indexName(declaration.name, keys)).on(required(first, keys.join()), ...rest);
    });
    const sparse = declaration.sparseIndexes.map((key) => index(indexName(declaration.name, [key])).on(required(table[key], key)).where(sql`${sql.identifier(sqlName(key))} is not null`));
    return [primaryKey({ name: `${declaration.name}_pkey`, columns: [required(firstKey, "key"), ...restKeys] }), ...indexes, ...sparse];
  });
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`no column ${name} in the declaration`);
  return value;
}
