import { addMonths, monthOf, monthRange, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { readRows, type SqlReader } from "../store/index.ts";

/** Stands for every workspace, or for every month of one. */
export const every = "*";

const monthForm = /^\d{4}-(0[1-9]|1[0-2])$/;

/** What of a workspace's rollups is not as its rows are. */
export interface Staleness {
  /** True when months that have no rows any more may still have a rollup. */
  readonly isAll: boolean;
  /** Months to be rolled up anew, oldest first; of all, only those that have rows. */
  readonly months: readonly Month[];
}

/** True when something is stale: one short read. */
export async function isStale(reader: SqlReader, workspaceId: string): Promise<boolean> {
  const marks = await reader.query(sql`select 1 as "one" from "rollup_stale" where "workspace_id" in (${workspaceId}, ${every}) limit 1`);
  return marks.length > 0;
}

/** Reads the marks and works out which months they mean. */
export async function readStaleness(reader: SqlReader, workspaceId: string): Promise<Staleness> {
  const marks = await readRows(reader, "rollup_stale", sql`where "workspace_id" in (${workspaceId}, ${every})`);
  if (marks.some(({ what }) => what === every)) return { isAll: true, months: await monthsWithRows(reader, workspaceId) };
  const months = new Set<Month>();
  for (const { what } of marks) {
    if (monthForm.test(what)) months.add(what);
    else for (const month of await monthsOfImport(reader, workspaceId, what)) months.add(month);
  }
  return { isAll: false, months: [...months].toSorted() };
}

const dateRow = z.object({ posted_on: z.string().nullable() });

/** Months that have any row, by one step through the index on dates for each. */
async function monthsWithRows(reader: SqlReader, workspaceId: string): Promise<Month[]> {
  const months: Month[] = [];
  for (let from = ""; ; ) {
    const [row] = await reader.query(sql`
      select "posted_on" from "transaction" where "workspace_id" = ${workspaceId} and "posted_on" >= ${from} order by "posted_on" limit 1`);
    const found = row === undefined ? null : dateRow.parse(row).posted_on;
    if (found === null) return months;
    const month = monthOf(found);
    months.push(month);
    from = `${addMonths(month, 1)}-01`;
  }
}

const monthRow = z.object({ month: z.string() });

/** The months of an import's rows: all between those it tells, since no edit moves a row to another day, else looked up. */
async function monthsOfImport(reader: SqlReader, workspaceId: string, importId: string): Promise<readonly Month[]> {
  const [found] = await readRows(reader, "import", sql`where "id" = ${importId} and "workspace_id" = ${workspaceId}`);
  if (found && found.firstOn !== null && found.lastOn !== null) return monthRange(monthOf(found.firstOn), monthOf(found.lastOn));
  const rows = await reader.query(sql`
    select distinct substr("posted_on", 1, 7) as "month" from "transaction" where "workspace_id" = ${workspaceId} and "import_id" = ${importId}`);
  return rows.map((row) => monthRow.parse(row).month);
}
