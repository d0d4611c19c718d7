import { firstDay, lastDay } from "@saldo/schema";
import { readRollups, type MonthEntries, type MonthSums, type Rollups } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { eachMeantRow, meantGroups, rollupFilter, type RollupFilter } from "./rollup-filter.ts";
import { listTransactions, type TransactionFilter } from "./transactions.ts";

/** Rows a page is found among that are looked through as fast as months are asked. */
const fewRows = 10_000;
/** Months asked at first; then twice as many each time. */
const monthsAtFirst = 2;
/** Days of a month, and one. */
const dayNumbers = 32;

/**
 * The page that {@link listTransactions} gives. Rows that are few among many (those of a supplier, of a seldom category) are looked for on the days alone that
 * rollups know them on. Give it a snapshot.
 */
export async function quickPage(reader: SqlReader, filter: TransactionFilter, cursor: string | null, limit: number): ReturnType<typeof listTransactions> {
  const asked = isNarrow(filter) ? await rollupFilter(reader, filter) : undefined;
  const days = asked && (await daysOfPage(await readRollups(reader, filter.workspaceId), asked, cursor?.slice(0, 10), limit));
  if (days?.length === 0) return { rows: [], nextCursor: null };
  return listTransactions(reader, days === undefined ? filter : { ...filter, days }, cursor, limit);
}

/** True for a filter that may leave few rows of many. */
function isNarrow({ categoryId, categoryIds, accountId, kind, currency, onlyTransfers, counterpartyName, counterpartyNames }: TransactionFilter): boolean {
  return onlyTransfers === true || [categoryId, categoryIds, accountId, kind, currency, counterpartyName, counterpartyNames].some((part) => part !== undefined);
}

/** The days that hold a page's rows and the first of the next, newest first; undefined where the newest rows of all hold them. `through` is the day the page before ended on. */
async function daysOfPage(rollups: Rollups, asked: RollupFilter, through: string | undefined, limit: number): Promise<string[] | undefined> {
  const { from = "", to = "9999" } = asked.filter;
  const last = through !== undefined && through < to ? through : to;
  const months = rollups.sums.filter(({ month }) => lastDay(month) >= from && firstDay(month) <= last).toReversed();
  const counts = months.map((month) => countOf(month, asked));
  if (!asked.isNamed && rowsBefore(months, counts, limit) <= fewRows) return undefined;
  const wanted = months.filter((_, place) => (counts[place] ?? 0) > 0).map(({ month }) => month);
  const days: string[] = [];
  let found = 0;
  for (let start = 0, size = monthsAtFirst; start < wanted.length; start += size, size *= 2) {
    const entries = await rollups.readEntries(wanted.slice(start, start + size));
    for (const month of entries.toSorted((a, b) => (a.month < b.month ? 1 : -1))) {
      for (const { day, count } of daysOf(month, asked)) {
        if (day > last) continue;
        days.push(day);
        // Of the day the page before ended on, some were in it.
        if (day !== through) found += count;
        if (found > limit) return days;
      }
    }
  }
  return days;
}

/** How many rows of a month a filter means, whatever their counterparties and day. */
function countOf(month: MonthSums, asked: RollupFilter): number {
  const isMeant = meantGroups(month, asked);
  const { length, column } = month.groups;
  const { direction } = asked.filter;
  const counts = direction === undefined ? column.count : direction === "in" ? column.countIn : column.countOut;
  let count = 0;
  for (let at = 0; at < length; at++) if (isMeant(at)) count += counts[at] ?? 0;
  return count;
}

/** Rows of all kinds in the newest months, as many of them as hold more than a page. */
function rowsBefore(months: readonly MonthSums[], counts: readonly number[], limit: number): number {
  let [rows, found] = [0, 0];
  for (let place = 0; place < months.length && found <= limit; place++) {
    rows += months[place]?.groups.column.count.reduce((sum, count) => sum + count, 0) ?? 0;
    found += counts[place] ?? 0;
  }
  return rows;
}

/** The days of a month with rows that are meant, newest first. */
function daysOf(rows: MonthEntries & { readonly month: string }, asked: RollupFilter): { readonly day: string; readonly count: number }[] {
  const counts = new Int32Array(dayNumbers);
  eachMeantRow(rows, asked, (day) => {
    counts[day] = (counts[day] ?? 0) + 1;
  });
  return Array.from(counts, (count, day) => ({ day: `${rows.month}-${String(day).padStart(2, "0")}`, count })).filter(({ count }) => count > 0).toReversed();
}
