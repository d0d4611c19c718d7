import { addMonths, firstDay, lastDay, monthOf, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { countedRows } from "../reports/counted-rows.ts";
import { readColumns, type SqlReader } from "../store/index.ts";
import { ledgerBuilder, type Ledger, type LedgerBuilder } from "./ledger.ts";

const named = z.object({ id: z.string(), name: z.string() });
const spanned = z.object({ first: z.string().nullable(), last: z.string().nullable() });

/** In the order of the columns in {@link addMonth}. */
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
  for (const month of await monthsOf(reader, workspaceId)) {
    const from = sql`"transaction" where ${countedRows(workspaceId)} and "transaction"."kind" <> 'transfer'
      and "transaction"."posted_on" >= ${firstDay(month)} and "transaction"."posted_on" <= ${lastDay(month)}`;
    addMonth(builder, await readColumns(reader, fields, from), categories);
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

function addMonth(builder: LedgerBuilder, columns: readonly (readonly string[])[], categories: ReadonlyMap<string, string>): void {
  const [dates = [], ids = [], amounts = [], names = [], descriptions = [], currencies = [], categoryIds = [], accounts = [], distinct = []] = columns;
  for (const at of inOrder(dates, ids)) {
    builder.add({
      id: ids[at] ?? "",
      postedOn: dates[at] ?? "",
      minuteOfDay: null,
      amountMinor: Number(amounts[at]),
      currency: currencies[at] ?? "",
      counterparty: names[at] ?? "",
      description: descriptions[at] ?? "",
      category: categories.get(categoryIds[at] ?? "") ?? null,
      account: accounts[at] ?? null,
      details: noDetails,
      isDistinct: distinct[at] === "1",
    });
  }
}

const noDetails: readonly string[] = [];

/** Places by day, then id: the same books are the same ledger on every device. */
function inOrder(dates: readonly string[], ids: readonly string[]): Int32Array {
  const places = Int32Array.from(dates, (_, place) => place);
  const compare = (a: number, b: number) => {
    const [one = "", two = ""] = [dates[a], dates[b]];
    return one === two ? ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1) : one < two ? -1 : 1;
  };
  return places.every((place) => place === 0 || compare(place - 1, place) < 0) ? places : places.sort(compare);
}
