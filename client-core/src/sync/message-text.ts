import { tableCodec, tables, type CodecColumn, type LogicalType, type TableName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";

/** Shorter texts are read sooner than a statement for them is made. */
export const textBytesMin = 20_000;

/** Types whose wire texts SQLite takes as they are: digits become numbers by the column's own type. Its reals may differ in the last bit, and it knows no hex. */
const sameText: ReadonlySet<LogicalType> = new Set(["id", "text", "date", "instant", "json", "integer", "money", "boolean"]);

/** True when rows of a shape can be read out of the text of its messages by SQLite alone. */
export function isReadBySql(shape: TableName): boolean {
  return tableCodec(tables[shape]).columns.every(({ declaration }) => sameText.has(declaration.type));
}

/** A `with` clause whose table `message` has each message of a JSON array of them, in order. */
export function messagesIn(text: Uint8Array): SQL {
  // Materialized: otherwise each column asked for takes its message out of the array again.
  return sql`with "message" as materialized (select jsonb_extract("value", '$.value') as "message_row", "value" ->> '$.headers.operation' as "operation" from jsonb_each(cast(${text} as text)))`;
}

/** What an inserted row's columns are in a message, as SQLite stores them, in the order of declaration; of another message its id is null. */
export function columnsOfInsert(shape: TableName): SQL {
  const columns = tableCodec(tables[shape]).columns;
  return sql.raw(columns.map((column) => (column.sql === "id" ? `case "operation" when 'insert' then ${wireSql(column)} end` : storedSql(column))).join(", "));
}

/** True for a message that tells the same row as a table has, whose columns are named plainly. */
export function tellsSameRow(shape: TableName): SQL {
  return sql.raw(tableCodec(tables[shape]).columns.map((column) => `"${column.sql}" is ${storedSql(column)}`).join(" and "));
}

const wireSql = (column: CodecColumn) => `("message_row" ->> '${column.sql}')`;
const storedSql = (column: CodecColumn) => (column.declaration.type === "boolean" ? `(${wireSql(column)} in ('t', 'true', '1', 1))` : wireSql(column));
