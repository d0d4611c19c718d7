import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { countedRows } from "../reports/counted-rows.ts";
import { fieldEnd, readJoinedRows, rowEnd, type SqlReader } from "../store/index.ts";

/** Where a row belongs. */
export interface Place {
  readonly kind: string;
  readonly currency: string;
  readonly accountId: string;
  readonly categoryId: string | null;
}

/** What a rollup keeps of one row: its day of the month, what it moved, where (as {@link placeOf} reads it) and with whom. */
export type TakeRow = (day: number, amountMinor: number, place: string, counterparty: string) => void;

const placeFields = 4;

/** The place that stands in a row's text. */
export function placeOf(text: string): Place {
  const [kind = "", currency = "", accountId = "", categoryId = ""] = text.split(fieldEnd);
  return { kind, currency, accountId, categoryId: categoryId || null };
}

/**
 * Calls back with each row of some days of one month that counts. The database hands them over as one text, which costs a third of as many rows; should a
 * name hold one of the signs that divide it, rows are read one by one.
 */
export async function eachRolledRow(reader: SqlReader, workspaceId: string, days: { readonly from: string; readonly to: string }, take: TakeRow): Promise<void> {
  const where = sql`${countedRows(workspaceId)} and "transaction"."posted_on" >= ${days.from} and "transaction"."posted_on" <= ${days.to}`;
  const text = await readJoinedRows(reader, fields, sql`"transaction" where ${where}`);
  if (text === undefined) await readOneByOne(reader, where, take);
  else cut(text, take);
}

const fields = [
  sql`substr("transaction"."posted_on", 9, 2)`,
  sql`cast("transaction"."amount_minor" as text)`,
  sql`"transaction"."kind"`,
  sql`"transaction"."currency"`,
  sql`"transaction"."account_id"`,
  sql`coalesce("transaction"."category_id", '')`,
  sql`coalesce("transaction"."counterparty_name", '')`,
];
function cut(text: string, take: TakeRow): void {
  for (let from = 0; from < text.length; ) {
    const dayEnd = text.indexOf(fieldEnd, from);
    const amountEnd = text.indexOf(fieldEnd, dayEnd + 1);
    let placeEnd = amountEnd;
    for (let field = 0; field < placeFields; field++) placeEnd = text.indexOf(fieldEnd, placeEnd + 1);
    const found = text.indexOf(rowEnd, placeEnd);
    const end = found < 0 ? text.length : found;
    take(Number(text.slice(from, dayEnd)), Number(text.slice(dayEnd + 1, amountEnd)), text.slice(amountEnd + 1, placeEnd), text.slice(placeEnd + 1, end));
    from = end + 1;
  }
}

const oneRow = z.object({ day: z.string(), amount: z.string(), kind: z.string(), currency: z.string(), account: z.string(), category: z.string(), counterparty: z.string() });
const fieldNames = Object.keys(oneRow.shape);

async function readOneByOne(reader: SqlReader, where: SQL, take: TakeRow): Promise<void> {
  const columns = sql.join(fields.map((field, index) => sql`${field} as ${sql.identifier(fieldNames[index] ?? "")}`), sql`, `);
  for (const found of await reader.query(sql`select ${columns} from "transaction" where ${where}`)) {
    const { day, amount, kind, currency, account, category, counterparty } = oneRow.parse(found);
    take(Number(day), Number(amount), [kind, currency, account, category].join(fieldEnd), counterparty);
  }
}
