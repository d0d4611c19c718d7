import { addMonths, firstDay, lastDay, minor, minorFromDatabase, type Month, type ReportDays } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { RecurringRow } from "../../recurring/index.ts";
import { groupsOf, isTransferIn, monthsOf, readBooks, type Books } from "../../reports/books.ts";
import { netByAccount, readCash } from "../../reports/cash.ts";
import { isCompleteMonth } from "../../reports/complete-months.ts";
import { countedRows, notTransfers } from "../../reports/counted-rows.ts";
import { sharedRows } from "../../reports/month-rows.ts";
import { addDays } from "../../reports/period.ts";
import { firstPlaceFrom, type RowColumns, type RowPlace } from "../../reports/row-columns.ts";
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
      counterpartyName: row.counterparty_name || null,
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
async function readPayments(reader: SqlReader, books: Books, last: Month): Promise<RecurringRow[]> {
  const days = { from: firstDay(addMonths(last, 1 - recurringMonths)), to: lastDay(last) };
  const rows = await sharedRows(reader, books.workspaceId);
  return rows === undefined ? queryPayments(reader, books, days) : paymentsAmong(rows, books, days);
}

async function queryPayments(reader: SqlReader, { workspaceId, currency }: Books, { from, to }: ReportDays): Promise<RecurringRow[]> {
  const inScope = sql`${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
    and "transaction"."amount_minor" < 0 and "transaction"."posted_on" >= ${from} and "transaction"."posted_on" <= ${to}`;
  const party = sql`coalesce(nullif("transaction"."counterparty_name", ''), "transaction"."description")`;
  const rows = await reader.query(sql`
    select "transaction"."id", "transaction"."posted_on", "transaction"."amount_minor", "transaction"."currency", "transaction"."description",
      "transaction"."counterparty_name", "transaction"."counterparty_id", "transaction"."counterparty_tax_id", "transaction"."category_id"
    from "transaction"
    where ${inScope} and ${party} not in (select ${party} from "transaction" where ${inScope} group by 1 having count(*) > ${partyRowsMax})
    order by "transaction"."posted_on", "transaction"."id"`);
  return rows.map((row) => paymentRow.parse(row));
}

/** The same among rows in memory. */
function paymentsAmong(rows: RowColumns, books: Books, { from, to }: ReportDays): RecurringRow[] {
  const isTransfer = isTransferIn(books);
  const meant = new Map<RowPlace, boolean>();
  const isMeant = (place: RowPlace): boolean => {
    const known = meant.get(place) ?? (place.currency === books.currency && !isTransfer({ categoryId: place.categoryId, isTransfer: place.kind === "transfer" }));
    meant.set(place, known);
    return known;
  };
  const { postedOn, ids, amountMinor, counterpartyNames, descriptions, places } = rows;
  const byParty = new Map<string, number[]>();
  for (let at = firstPlaceFrom(rows, from); at < postedOn.length && (postedOn[at] ?? "") <= to; at++) {
    const place = places[at];
    if ((amountMinor[at] ?? 0) >= 0 || place === undefined || !isMeant(place)) continue;
    const party = counterpartyNames[at] || (descriptions[at] ?? "");
    const own = byParty.get(party);
    if (own === undefined) byParty.set(party, [at]);
    else own.push(at);
  }
  const chosen = [...byParty.values()].filter(({ length }) => length <= partyRowsMax).flat();
  return chosen
    .toSorted((a, b) => a - b)
    .flatMap((at): RecurringRow[] => {
      const place = places[at];
      if (place === undefined) return [];
      const { currency, counterpartyId, counterpartyTaxId, categoryId } = place;
      return [{ id: ids[at] ?? "", postedOn: postedOn[at] ?? "", amountMinor: minor(amountMinor[at] ?? 0), currency, description: descriptions[at] ?? "", counterpartyName: counterpartyNames[at] || null, counterpartyId, counterpartyTaxId, categoryId }];
    });
}

/** Cash at the end of a day: what is known now less what moved on those accounts since. */
async function openingCash(reader: SqlReader, books: Books, { today, after }: { today: string; after: string }): Promise<BusinessRequest["cash"]> {
  const cash = await readCash(reader, books, today);
  if (cash === null) return null;
  const isBehind = books.range !== null && books.range.last > after;
  const since = isBehind ? netByAccount(await books.ledger.groupsOf(books.currency, { from: addDays(after, 1), to: books.range.last })) : new Map<string, number>();
  const movedMinor = cash.accounts.reduce((sum, { accountId }) => sum + (since.get(accountId) ?? 0), 0);
  return { openingMinor: minor(cash.totalMinor - movedMinor), unknownAccounts: cash.unknownAccounts };
}
