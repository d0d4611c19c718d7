import { addMonths, compareBytewise, firstDay, lastDay, minorFromDatabase, monthOf, monthRange, transactionKinds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { forecastAtOnce, readBusiness } from "../forecast/index.ts";
import { readBooks, type Books } from "../reports/books.ts";
import { readCash } from "../reports/cash.ts";
import { isCompleteMonth } from "../reports/complete-months.ts";
import { countedRows, notTransfers } from "../reports/counted-rows.ts";
import { listCategories } from "../reports/lists.ts";
import { fieldEnd, readJoinedRows, readSingleRows, rowEnd, type SqlReader } from "../store/index.ts";
import { monthsLookedAt, monthsMax, type AdviceBooks, type AdviceRow, type CashAhead } from "./ledger.ts";

/** Which books advice is worked out of. */
export interface AdviceRequest {
  readonly workspaceId: string;
  /** Default: as for the dashboard. */
  readonly currency?: string;
  readonly today: string;
  /** Rows after this day are left out, as if they had not come yet. */
  readonly through?: string;
}

/** Months ahead cash is expected for. */
const aheadMonths = 3;

/** Reads what advice is worked out of: three years of rows at most. Give it a snapshot. */
export async function readAdviceBooks(reader: SqlReader, { workspaceId, currency, today, through }: AdviceRequest): Promise<AdviceBooks> {
  const books = await readBooks(reader, workspaceId, currency);
  const categories = (await listCategories(reader, workspaceId)).map(({ id, name, kind }) => ({ id, name, kind }));
  const dataThrough = throughOf(books, through);
  if (books.range === null || dataThrough === undefined || dataThrough < books.range.first) {
    return { currency: books.currency, rows: [], categories, months: [], cashMinor: null, cashAhead: [] };
  }
  const dataMonth = monthOf(dataThrough);
  const lastComplete = isCompleteMonth(dataMonth, { dataThrough, today }) ? dataMonth : addMonths(dataMonth, -1);
  const months = monthsLookedAt(books.range.first, lastComplete);
  const from = `${addMonths(dataMonth, -monthsMax)}-01`;
  const rows = await readAdviceRows(reader, { workspaceId, currency: books.currency, from, to: dataThrough });
  const cash = through === undefined ? await readCash(reader, books, today) : null;
  const cashMinor = cash?.totalMinor ?? null;
  const cashAhead = cash === null ? [] : await readCashAhead(reader, { workspaceId, currency: books.currency, today });
  return { currency: books.currency, rows, categories, months, cashMinor, cashAhead };
}

function throughOf({ range }: Books, through: string | undefined): string | undefined {
  if (range === null) return undefined;
  return through !== undefined && through < range.last ? through : range.last;
}

interface Wanted {
  readonly workspaceId: string;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
}

/** In the order {@link rowOf} cuts a row's text in. */
const fields = [
  sql`"transaction"."posted_on"`,
  sql`"transaction"."id"`,
  sql`cast("transaction"."amount_minor" as text)`,
  sql`"transaction"."description"`,
  sql`coalesce("transaction"."counterparty_name", '')`,
  sql`coalesce("transaction"."counterparty_id", '')`,
  sql`coalesce("transaction"."counterparty_tax_id", '')`,
  sql`coalesce("transaction"."category_id", '')`,
  sql`"transaction"."kind"`,
];

/** Rows by day, then id, read month by month as one text each. */
async function readAdviceRows(reader: SqlReader, { workspaceId, currency, from, to }: Wanted): Promise<AdviceRow[]> {
  const rows: AdviceRow[] = [];
  const kinds = new Map<string, AdviceRow["kind"]>(transactionKinds.map((kind) => [kind, kind]));
  for (const month of monthRange(monthOf(from), monthOf(to))) {
    const days = { from: from > firstDay(month) ? from : firstDay(month), to: to < lastDay(month) ? to : lastDay(month) };
    const source = sql`"transaction" where ${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
      and "transaction"."posted_on" >= ${days.from} and "transaction"."posted_on" <= ${days.to}`;
    const text = await readJoinedRows(reader, fields, source);
    const texts = text === undefined ? await readSingleRows(reader, fields, source) : text === "" ? [] : text.split(rowEnd);
    for (const row of inOrder(texts.map((each) => rowOf(each, currency, kinds)))) rows.push(row);
  }
  return rows;
}

function rowOf(text: string, currency: string, kinds: ReadonlyMap<string, AdviceRow["kind"]>): AdviceRow {
  const [postedOn = "", id = "", amount = "", description = "", name = "", counterpartyId = "", taxId = "", categoryId = "", kind = ""] = text.split(fieldEnd);
  return {
    id,
    postedOn,
    amountMinor: minorFromDatabase(amount),
    currency,
    description,
    counterpartyName: name || null,
    counterpartyId: counterpartyId || null,
    counterpartyTaxId: taxId || null,
    categoryId: categoryId || null,
    kind: kinds.get(kind) ?? "ordinary",
  };
}

/** The same books are the same rows on every device. */
function inOrder(rows: AdviceRow[]): AdviceRow[] {
  return rows.sort((a, b) => (a.postedOn === b.postedOn ? compareBytewise(a.id, b.id) : a.postedOn < b.postedOn ? -1 : 1));
}

/** Cash at the ends of the months ahead, as the forecast of the business has it. */
async function readCashAhead(reader: SqlReader, { workspaceId, currency, today }: { workspaceId: string; currency: string; today: string }): Promise<CashAhead[]> {
  const report = forecastAtOnce(await readBusiness(reader, { workspaceId, currency, today, horizonMonths: aheadMonths }));
  if (report.outcome !== "ok" || report.version !== 2) return [];
  return report.points.flatMap(({ month, cash }) => (cash === null ? [] : [{ month, meanMinor: cash.mean, lowMinor: cash.lo80, highMinor: cash.hi80 }]));
}
