import { addMonths, compareBytewise, firstDay, lastDay, minorFromDatabase, monthOf, monthRange, transactionKinds, type ForecastReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { forecastAtOnce, readBusiness } from "../forecast/index.ts";
import { readBooks, type Books } from "../reports/books.ts";
import { readCash } from "../reports/cash.ts";
import { isCompleteMonth } from "../reports/complete-months.ts";
import { countedRows, notTransfers } from "../reports/counted-rows.ts";
import { listCategories } from "../reports/lists.ts";
import { readColumns, type SqlReader } from "../store/index.ts";
import { monthsLookedAt, monthsMax, type AdviceBooks, type AdviceRow, type CashAhead } from "./ledger.ts";

/** Which books advice is worked out of. */
export interface AdviceRequest {
  readonly workspaceId: string;
  /** Default: as for the dashboard. */
  readonly currency?: string;
  readonly today: string;
  /** Rows after this day are left out, as if they had not come yet. */
  readonly through?: string;
  /** The forecast of these very books where there is one already: cash ahead is taken from it if it goes far enough. */
  readonly forecast?: ForecastReport;
}

/** Months ahead cash is expected for. */
const aheadMonths = 3;

/** Reads what advice is worked out of: three years of rows at most. Give it a snapshot. */
export async function readAdviceBooks(reader: SqlReader, { workspaceId, currency, today, through, forecast }: AdviceRequest): Promise<AdviceBooks> {
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
  const known = forecast !== undefined && forecast.outcome === "ok" && forecast.horizonMonths >= aheadMonths ? forecast : undefined;
  const cashAhead = cash === null ? [] : cashAheadIn(known ?? forecastAtOnce(await readBusiness(reader, { workspaceId, currency: books.currency, today, horizonMonths: aheadMonths })));
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

/** In the order of the columns in {@link rowsIn}. */
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

/** Rows by day, then id, read month by month. */
async function readAdviceRows(reader: SqlReader, { workspaceId, currency, from, to }: Wanted): Promise<AdviceRow[]> {
  const rows: AdviceRow[] = [];
  const texts = new Map<string, string>();
  for (const month of monthRange(monthOf(from), monthOf(to))) {
    const days = { from: from > firstDay(month) ? from : firstDay(month), to: to < lastDay(month) ? to : lastDay(month) };
    const source = sql`"transaction" where ${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
      and "transaction"."posted_on" >= ${days.from} and "transaction"."posted_on" <= ${days.to}`;
    for (const row of inOrder(rowsIn(await readColumns(reader, fields, source), currency, texts))) rows.push(row);
  }
  return rows;
}

const kinds = new Map<string, AdviceRow["kind"]>(transactionKinds.map((kind) => [kind, kind]));

/** `texts` makes one text of equal ones: rules look them up again and again, and what one text hashes to is worked out once. */
function rowsIn([dates = [], ids = [], amounts = [], descriptions = [], names = [], counterpartyIds = [], taxIds = [], categoryIds = [], kindNames = []]: readonly (readonly string[])[], currency: string, texts: Map<string, string>): AdviceRow[] {
  const one = (text = "") => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
  return dates.map((date, at) => ({
    id: ids[at] ?? "",
    postedOn: one(date),
    amountMinor: minorFromDatabase(amounts[at]),
    currency,
    description: descriptions[at] ?? "",
    counterpartyName: one(names[at]) || null,
    counterpartyId: one(counterpartyIds[at]) || null,
    counterpartyTaxId: one(taxIds[at]) || null,
    categoryId: one(categoryIds[at]) || null,
    kind: kinds.get(kindNames[at] ?? "") ?? "ordinary",
  }));
}

/** The same books are the same rows on every device. */
function inOrder(rows: AdviceRow[]): AdviceRow[] {
  return rows.sort((a, b) => (a.postedOn === b.postedOn ? compareBytewise(a.id, b.id) : a.postedOn < b.postedOn ? -1 : 1));
}

/** Cash at the ends of the months ahead, as the forecast of the business has it. */
function cashAheadIn(report: ForecastReport): CashAhead[] {
  if (report.outcome !== "ok" || report.version !== 2) return [];
  return report.points.slice(0, aheadMonths).flatMap(({ month, cash }) => (cash === null ? [] : [{ month, meanMinor: cash.mean, lowMinor: cash.lo80, highMinor: cash.hi80 }]));
}
