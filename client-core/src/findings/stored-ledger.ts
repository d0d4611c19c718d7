import { addMonths, firstDay, lastDay, monthOf, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { countedRows } from "../reports/counted-rows.ts";
import { fieldEnd, readJoinedRows, readSingleRows, rowEnd, type SqlReader } from "../store/index.ts";
import { ledgerBuilder, type Ledger, type LedgerRow } from "./ledger.ts";

const named = z.object({ id: z.string(), name: z.string() });
const spanned = z.object({ first: z.string().nullable(), last: z.string().nullable() });

/** In the order a row's text is cut in {@link rowOf}; those few rows share stand together. */
const fields = [
  sql`"transaction"."posted_on"`,
  sql`"transaction"."id"`,
  sql`cast("transaction"."amount_minor" as text)`,
  sql`coalesce("transaction"."counterparty_name", '')`,
  sql`"transaction"."description"`,
  sql`"transaction"."currency"`,
  sql`coalesce("transaction"."category_id", '')`,
  sql`"transaction"."account_id"`,
  sql`case when "transaction"."is_distinct" then '1' else '0' end`,
];

/**
 * Reads the rows of a workspace that count in reports as a ledger, month by month; transfers between own accounts stay out. `pause` is called between
 * months.
 */
export async function readLedger(reader: SqlReader, workspaceId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<Ledger> {
  const builder = ledgerBuilder();
  const categories = new Map((await reader.query(sql`select "id", "name" from "category" where "workspace_id" = ${workspaceId}`)).map((row) => named.parse(row)).map(({ id, name }) => [id, name]));
  const sharedBy = new Map<string, Shared>();
  for (const month of await monthsOf(reader, workspaceId)) {
    const rows = (await readMonth(reader, workspaceId, month)).map((text) => rowOf(text, sharedBy, categories));
    for (const row of inOrder(rows)) builder.add(row);
    await pause();
  }
  return builder.build();
}

/** The months from the first row to the last. */
async function monthsOf(reader: SqlReader, workspaceId: string): Promise<Month[]> {
  const [found] = await reader.query(sql`select min("posted_on") as "first", max("posted_on") as "last" from "transaction" where "workspace_id" = ${workspaceId}`);
  const { first, last } = spanned.parse(found);
  const months: Month[] = [];
  if (first !== null && last !== null) for (let month = monthOf(first); month <= monthOf(last); month = addMonths(month, 1)) months.push(month);
  return months;
}

async function readMonth(reader: SqlReader, workspaceId: string, month: Month): Promise<string[]> {
  const from = sql`"transaction" where ${countedRows(workspaceId)} and "transaction"."kind" <> 'transfer'
    and "transaction"."posted_on" >= ${firstDay(month)} and "transaction"."posted_on" <= ${lastDay(month)}`;
  const text = await readJoinedRows(reader, fields, from);
  return text === undefined ? readSingleRows(reader, fields, from) : text === "" ? [] : text.split(rowEnd);
}

type Shared = Pick<LedgerRow, "currency" | "category" | "account" | "isDistinct">;

function rowOf(text: string, sharedBy: Map<string, Shared>, categories: ReadonlyMap<string, string>): LedgerRow {
  const dateEnd = text.indexOf(fieldEnd);
  const idEnd = text.indexOf(fieldEnd, dateEnd + 1);
  const amountEnd = text.indexOf(fieldEnd, idEnd + 1);
  const nameEnd = text.indexOf(fieldEnd, amountEnd + 1);
  const descriptionEnd = text.indexOf(fieldEnd, nameEnd + 1);
  const rest = text.slice(descriptionEnd + 1);
  let shared = sharedBy.get(rest);
  if (shared === undefined) {
    const [currency = "", categoryId = "", account = "", distinct = ""] = rest.split(fieldEnd);
    sharedBy.set(rest, (shared = { currency, category: categories.get(categoryId) ?? null, account, isDistinct: distinct === "1" }));
  }
  return {
    id: text.slice(dateEnd + 1, idEnd),
    postedOn: text.slice(0, dateEnd),
    minuteOfDay: null,
    amountMinor: Number(text.slice(idEnd + 1, amountEnd)),
    currency: shared.currency,
    counterparty: text.slice(amountEnd + 1, nameEnd),
    description: text.slice(nameEnd + 1, descriptionEnd),
    category: shared.category,
    account: shared.account,
    details: noDetails,
    isDistinct: shared.isDistinct,
  };
}

const noDetails: readonly string[] = [];

/** By day, then id: the same books are the same ledger on every device. */
function inOrder(rows: LedgerRow[]): LedgerRow[] {
  const isBefore = (a: LedgerRow, b: LedgerRow) => a.postedOn < b.postedOn || (a.postedOn === b.postedOn && a.id < b.id);
  return rows.every((row, place) => place === 0 || isBefore(rows[place - 1] ?? row, row)) ? rows : rows.sort((a, b) => (isBefore(a, b) ? -1 : 1));
}
