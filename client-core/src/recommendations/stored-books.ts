import { addMonths, minorFromDatabase, monthOf, transactionKinds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { forecastAtOnce, readBusiness } from "../forecast/index.ts";
import { readBooks, type Books } from "../reports/books.ts";
import { readCash } from "../reports/cash.ts";
import { isCompleteMonth } from "../reports/complete-months.ts";
import { countedRows, notTransfers } from "../reports/counted-rows.ts";
import { listCategories } from "../reports/lists.ts";
import type { SqlReader } from "../store/index.ts";
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

const rowShape = z.object({
  id: z.string(),
  posted_on: z.string(),
  amount_minor: z.unknown().transform(minorFromDatabase),
  description: z.string(),
  counterparty_name: z.string().nullable(),
  counterparty_id: z.string().nullable(),
  counterparty_tax_id: z.string().nullable(),
  category_id: z.string().nullable(),
  kind: z.enum(transactionKinds),
});

/** Rows read at a time. */
const pageRowsMax = 20_000;
/** Months ahead cash is expected for. */
const aheadMonths = 3;

/** Reads what advice is worked out of: three years of rows at most. Give it a snapshot. */
export async function readAdviceBooks(reader: SqlReader, { workspaceId, currency, today, through }: AdviceRequest): Promise<AdviceBooks> {
  const books = await readBooks(reader, workspaceId, currency);
  const categories = (await listCategories(reader, workspaceId)).map(({ id, name, kind }) => ({ id, name, kind }));
  const dataThrough = lastDay(books, through);
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

function lastDay({ range }: Books, through: string | undefined): string | undefined {
  if (range === null) return undefined;
  return through !== undefined && through < range.last ? through : range.last;
}

async function readAdviceRows(reader: SqlReader, { workspaceId, currency, from, to }: { workspaceId: string; currency: string; from: string; to: string }): Promise<AdviceRow[]> {
  const rows: AdviceRow[] = [];
  for (let after: AdviceRow | undefined; ; after = rows.at(-1)) {
    const beyond = after === undefined ? sql`` : sql`and ("transaction"."posted_on", "transaction"."id") > (${after.postedOn}, ${after.id})`;
    const page = await reader.query(sql`
      select "transaction"."id", "transaction"."posted_on", "transaction"."amount_minor", "transaction"."description", "transaction"."counterparty_name",
        "transaction"."counterparty_id", "transaction"."counterparty_tax_id", "transaction"."category_id", "transaction"."kind"
      from "transaction"
      where ${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
        and "transaction"."posted_on" >= ${after?.postedOn ?? from} and "transaction"."posted_on" <= ${to} ${beyond}
      order by "transaction"."posted_on", "transaction"."id" limit ${pageRowsMax}`);
    for (const record of page) {
      const row = rowShape.parse(record);
      rows.push({
        id: row.id,
        postedOn: row.posted_on,
        amountMinor: row.amount_minor,
        currency,
        description: row.description,
        counterpartyName: row.counterparty_name,
        counterpartyId: row.counterparty_id,
        counterpartyTaxId: row.counterparty_tax_id,
        categoryId: row.category_id,
        kind: row.kind,
      });
    }
    if (page.length < pageRowsMax) return rows;
  }
}

/** Cash at the ends of the months ahead, as the forecast of the business has it. */
async function readCashAhead(reader: SqlReader, { workspaceId, currency, today }: { workspaceId: string; currency: string; today: string }): Promise<CashAhead[]> {
  const report = forecastAtOnce(await readBusiness(reader, { workspaceId, currency, today, horizonMonths: aheadMonths }));
  if (report.outcome !== "ok" || report.version !== 2) return [];
  return report.points.flatMap(({ month, cash }) => (cash === null ? [] : [{ month, meanMinor: cash.mean, lowMinor: cash.lo80, highMinor: cash.hi80 }]));
}
