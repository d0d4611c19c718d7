import { addMonths, firstDay, lastDay, minor, minorFromDatabase, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { RecurringRow } from "../../recurring/index.ts";
import { groupsOf, isTransferIn, monthsOf, readBooks, type Books } from "../../reports/books.ts";
import { readCash } from "../../reports/cash.ts";
import { isCompleteMonth } from "../../reports/complete-months.ts";
import { countedRows, notTransfers } from "../../reports/counted-rows.ts";
import { readRows, type SqlReader } from "../../store/index.ts";
import type { BusinessMonth, BusinessRequest } from "./model.ts";

/** Regular payments are looked for in this many months. */
const recurringMonths = 26;
/** Parties with more rows than this in that time are customers at a till, not payees of regular payments. */
const partyRowsMax = 500;

const nullableText = z.string().nullable();
const paymentRow = z
  .object({
    id: z.string(),
    posted_on: z.string(),
    amount_minor: z.unknown().transform(minorFromDatabase),
    currency: z.string(),
    description: z.string(),
    counterparty_name: nullableText,
    counterparty_id: nullableText,
    counterparty_tax_id: nullableText,
    category_id: nullableText,
  })
  .transform(
    (row): RecurringRow => ({
      id: row.id,
      postedOn: row.posted_on,
      amountMinor: row.amount_minor,
      currency: row.currency,
      description: row.description,
      counterpartyName: row.counterparty_name,
      counterpartyId: row.counterparty_id,
      counterpartyTaxId: row.counterparty_tax_id,
      categoryId: row.category_id,
    }),
  );

/** Reads what a forecast of a workspace starts from, in the currency its dashboard has unless one is given; without a row there are no months. */
export async function readBusiness(
  reader: SqlReader,
  { workspaceId, currency, today, horizonMonths }: { readonly workspaceId: string; readonly currency?: string; readonly today: string; readonly horizonMonths: number },
): Promise<BusinessRequest> {
  const books = await readBooks(reader, workspaceId, currency);
  const { range } = books;
  const complete = range === null ? [] : monthsOf(books).filter((month) => isCompleteMonth(month, { dataThrough: range.last, today }));
  const last = complete.at(-1);
  return {
    currency: books.currency,
    horizonMonths,
    months: complete.map((month) => businessMonth(books, month)),
    categories: books.categories,
    rows: last === undefined ? [] : await readPayments(reader, books, last),
    planned: await readRows(reader, "planned_item", sql`where "workspace_id" = ${workspaceId} order by "first_on", "id"`),
    cash: last === undefined ? null : await openingCash(reader, books, { today, after: lastDay(last) }),
  };
}

function businessMonth(books: Books, month: Month): BusinessMonth {
  const isTransfer = isTransferIn(books);
  const expensesMinor = new Map<string | null, ReturnType<typeof minor>>();
  let revenueMinor = 0;
  for (const group of groupsOf(books, month)) {
    if (isTransfer(group)) continue;
    revenueMinor += group.inMinor;
    if (group.outMinor !== 0) expensesMinor.set(group.categoryId, minor((expensesMinor.get(group.categoryId) ?? 0) + group.outMinor));
  }
  return { month, revenueMinor: minor(revenueMinor), expensesMinor };
}

/** What went out lately to parties that are paid now and then. */
async function readPayments(reader: SqlReader, { workspaceId, currency }: Books, last: Month): Promise<RecurringRow[]> {
  const from = firstDay(addMonths(last, 1 - recurringMonths));
  const inScope = sql`${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
    and "transaction"."amount_minor" < 0 and "transaction"."posted_on" >= ${from} and "transaction"."posted_on" <= ${lastDay(last)}`;
  const party = sql`coalesce(nullif("transaction"."counterparty_name", ''), "transaction"."description")`;
  const rows = await reader.query(sql`
    select "transaction"."id", "transaction"."posted_on", "transaction"."amount_minor", "transaction"."currency", "transaction"."description",
      "transaction"."counterparty_name", "transaction"."counterparty_id", "transaction"."counterparty_tax_id", "transaction"."category_id"
    from "transaction"
    where ${inScope} and ${party} not in (select ${party} from "transaction" where ${inScope} group by 1 having count(*) > ${partyRowsMax})
    order by "transaction"."posted_on", "transaction"."id"`);
  return rows.map((row) => paymentRow.parse(row));
}

const moved = z.object({ moved_minor: z.unknown().transform(minorFromDatabase) });

/** Cash at the end of a day: what is known now less what moved on those accounts since. */
async function openingCash(reader: SqlReader, books: Books, { today, after }: { today: string; after: string }): Promise<BusinessRequest["cash"]> {
  const cash = await readCash(reader, books, today);
  if (cash === null) return null;
  const ids = sql.join(cash.accounts.map(({ accountId }) => sql`${accountId}`), sql`, `);
  const [row] = await reader.query(sql`
    select cast(coalesce(sum("transaction"."amount_minor"), 0) as bigint) as "moved_minor" from "transaction"
    where ${countedRows(books.workspaceId)} and "transaction"."currency" = ${books.currency} and "transaction"."posted_on" > ${after}
      and "transaction"."account_id" in (${ids})`);
  return { openingMinor: minor(cash.totalMinor - moved.parse(row).moved_minor), unknownAccounts: cash.unknownAccounts };
}
