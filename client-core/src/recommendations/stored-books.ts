import { addMonths, minor, monthOf, monthRange, type ForecastReport } from "@saldo/schema";
import { forecastAtOnce, readBusiness } from "../forecast/index.ts";
import { readBooks, type Books } from "../reports/books.ts";
import { readCash } from "../reports/cash.ts";
import { isCompleteMonth } from "../reports/complete-months.ts";
import { listCategories } from "../reports/lists.ts";
import { openMonths } from "../reports/month-rows.ts";
import type { RowColumns, RowPlace } from "../reports/row-columns.ts";
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
  const transfers = new Set(categories.filter(({ kind }) => kind === "transfer").map(({ id }) => id));
  const isMeant = ({ currency: of, kind, categoryId }: RowPlace) => of === books.currency && kind !== "transfer" && !transfers.has(categoryId ?? "");
  const rows = await readAdviceRows(reader, workspaceId, { from, to: dataThrough, isMeant });
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

/** Which rows are wanted. */
interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly isMeant: (place: RowPlace) => boolean;
}

/** Rows by day, then id, read month by month. */
async function readAdviceRows(reader: SqlReader, workspaceId: string, wanted: Wanted): Promise<AdviceRow[]> {
  const rows: AdviceRow[] = [];
  const months = openMonths(reader, workspaceId);
  for (const month of monthRange(monthOf(wanted.from), monthOf(wanted.to))) addMonth(rows, await months.read(month), wanted);
  return rows;
}

function addMonth(rows: AdviceRow[], columns: RowColumns, { from, to, isMeant }: Wanted): void {
  const { postedOn, places } = columns;
  const meant = new Map<RowPlace, boolean>();
  for (const [at, place] of places.entries()) {
    const day = postedOn[at] ?? "";
    if (day < from || day > to) continue;
    let counts = meant.get(place);
    if (counts === undefined) meant.set(place, (counts = isMeant(place)));
    if (counts) rows.push(new RowOfColumns(columns, at, place));
  }
}

/** A row of columns that is read where it stands: half a million rows with fields of their own take three times the memory, and the time to collect it. */
class RowOfColumns implements AdviceRow {
  readonly #columns: RowColumns;
  readonly #at: number;
  readonly #place: RowPlace;
  constructor(columns: RowColumns, at: number, place: RowPlace) {
    this.#columns = columns;
    this.#at = at;
    this.#place = place;
  }
  get id() {
    return this.#columns.ids[this.#at] ?? "";
  }
  get postedOn() {
    return this.#columns.postedOn[this.#at] ?? "";
  }
  get amountMinor() {
    return minor(this.#columns.amountMinor[this.#at] ?? 0);
  }
  get description() {
    return this.#columns.descriptions[this.#at] ?? "";
  }
  get counterpartyName() {
    return this.#columns.counterpartyNames[this.#at] || null;
  }
  get currency() {
    return this.#place.currency;
  }
  get counterpartyId() {
    return this.#place.counterpartyId;
  }
  get counterpartyTaxId() {
    return this.#place.counterpartyTaxId;
  }
  get categoryId() {
    return this.#place.categoryId;
  }
  get kind() {
    return this.#place.kind;
  }
}

/** Cash at the ends of the months ahead, as the forecast of the business has it. */
function cashAheadIn(report: ForecastReport): CashAhead[] {
  if (report.outcome !== "ok" || report.version !== 2) return [];
  return report.points.slice(0, aheadMonths).flatMap(({ month, cash }) => (cash === null ? [] : [{ month, meanMinor: cash.mean, lowMinor: cash.lo80, highMinor: cash.hi80 }]));
}
