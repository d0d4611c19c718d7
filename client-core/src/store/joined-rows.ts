import { minorFromDatabase } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "./local-database.ts";

/** Between the fields of a row and between rows, while they travel as one text: neither is part of any file's text, as a rule. */
export const fieldEnd = "\u001f";
export const rowEnd = "\u001e";

const joined = z.object({ count: z.unknown().transform(minorFromDatabase), rows: z.string().nullable() });

/**
 * Reads rows as one text, which costs a third of as many row objects: `fields` are texts that are never null, `from` is what follows `select … from`.
 * Undefined when a field holds one of the signs that divide it: then read the rows one by one. In no order.
 */
export async function readJoinedRows(reader: SqlReader, fields: readonly SQL[], from: SQL): Promise<string | undefined> {
  const join = reader.dialect === "sqlite" ? sql`group_concat` : sql`string_agg`;
  const [found] = await reader.query(sql`select cast(count(*) as bigint) as "count", ${join}(${rowText(fields)}, ${sql.raw(`'${rowEnd}'`)}) as "rows" from ${from}`);
  const { count, rows } = joined.parse(found);
  if (rows === null) return "";
  return signsIn(rows, rowEnd) === count - 1 && signsIn(rows, fieldEnd) === count * (fields.length - 1) ? rows : undefined;
}

/**
 * Reads rows as columns, each of which travels as one text: `fields` are texts that are never null, `from` is what follows `select … from`. `decode` makes what is wanted
 * of the texts of all columns, with {@link rowEnd} between their fields; undefined where one has not as many fields as there are rows: then that sign is replaced by a
 * space within them. All columns are in one order, which may be any.
 */
export async function readColumns<Columns>(reader: SqlReader, fields: readonly SQL[], from: SQL, decode: (texts: readonly string[], count: number) => Columns | undefined): Promise<Columns> {
  const columns = await joinedColumns(reader, fields, from, decode);
  if (columns !== undefined) return columns;
  const plain = fields.map((field) => sql`replace(${field}, ${sql.raw(`'${rowEnd}'`)}, ' ')`);
  const replaced = await joinedColumns(reader, plain, from, decode);
  if (replaced === undefined) throw new TypeError("columns have not as many fields as there are rows");
  return replaced;
}

async function joinedColumns<Columns>(reader: SqlReader, fields: readonly SQL[], from: SQL, decode: (texts: readonly string[], count: number) => Columns | undefined): Promise<Columns | undefined> {
  const join = reader.dialect === "sqlite" ? sql`group_concat` : sql`string_agg`;
  const texts = fields.map((field, index) => sql`${join}(${field}, ${sql.raw(`'${rowEnd}'`)}) as ${sql.identifier(`c${index}`)}`);
  const [found = {}] = await reader.query(sql`select cast(count(*) as bigint) as "count", ${sql.join(texts, sql`, `)} from ${from}`);
  const count = minorFromDatabase(found["count"]);
  return decode(fields.map((_, index) => (count === 0 ? "" : oneText.parse(found[`c${index}`]))), count);
}

const oneText = z.string();

function rowText(fields: readonly SQL[]): SQL {
  return sql.join([...fields], sql` || ${sql.raw(`'${fieldEnd}'`)} || `);
}

function signsIn(text: string, sign: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
