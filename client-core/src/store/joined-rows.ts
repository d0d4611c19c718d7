import { minorFromDatabase } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "./local-database.ts";

/** Between the fields of a row and between rows, while they travel as one text: neither is part of any file's text, as a rule. */
export const fieldEnd = "\u001f";
export const rowEnd = "\u001e";

const joined = z.object({ count: z.unknown().transform(minorFromDatabase), rows: z.string().nullable() });
const single = z.object({ row: z.string() });

/**
 * Reads rows as one text, which costs a third of as many row objects: `fields` are texts that are never null, `from` is what follows `select … from`.
 * Undefined when a field holds one of the signs that divide it: then read the rows one by one with {@link readSingleRows}. In no order.
 */
export async function readJoinedRows(reader: SqlReader, fields: readonly SQL[], from: SQL): Promise<string | undefined> {
  const join = reader.dialect === "sqlite" ? sql`group_concat` : sql`string_agg`;
  const [found] = await reader.query(sql`select cast(count(*) as bigint) as "count", ${join}(${rowText(fields)}, ${sql.raw(`'${rowEnd}'`)}) as "rows" from ${from}`);
  const { count, rows } = joined.parse(found);
  if (rows === null) return "";
  return signsIn(rows, rowEnd) === count - 1 && signsIn(rows, fieldEnd) === count * (fields.length - 1) ? rows : undefined;
}

/** The same rows as texts of their own; what divides fields is replaced within them by a space. */
export async function readSingleRows(reader: SqlReader, fields: readonly SQL[], from: SQL): Promise<string[]> {
  const plain = fields.map((field) => sql`replace(replace(${field}, ${sql.raw(`'${fieldEnd}'`)}, ' '), ${sql.raw(`'${rowEnd}'`)}, ' ')`);
  return (await reader.query(sql`select ${rowText(plain)} as "row" from ${from}`)).map((found) => single.parse(found).row);
}

function rowText(fields: readonly SQL[]): SQL {
  return sql.join([...fields], sql` || ${sql.raw(`'${fieldEnd}'`)} || `);
}

function signsIn(text: string, sign: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
