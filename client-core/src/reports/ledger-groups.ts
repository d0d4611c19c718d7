import { minorFromDatabase, type Minor, type Month } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader, SqlRow } from "../store/index.ts";
import { countAll, countedRows, ownTransfer, sumIn, sumOut } from "./counted-rows.ts";

/** Money that came in and went out (positive) under one category, transfers apart, with the number of rows. */
export interface LedgerGroup {
  readonly categoryId: string | null;
  /** True when its rows are transfers between own accounts by kind; a category may say so too. */
  readonly isTransfer: boolean;
  readonly inMinor: Minor;
  readonly outMinor: Minor;
  readonly count: number;
}

/** A {@link LedgerGroup} of one month in one currency, with the first and last posting dates in it. */
export interface MonthGroup extends LedgerGroup {
  readonly currency: string;
  readonly month: Month;
  readonly first: string;
  readonly last: string;
}

const sums = z.object({
  category_id: z.string().nullable(),
  own_transfer: z.number(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
  row_count: z.unknown().transform(minorFromDatabase),
});
const monthSums = sums.extend({ currency: z.string(), month: z.string(), first: z.string(), last: z.string() });

const groupColumns = sql`"transaction"."category_id", ${ownTransfer} as "own_transfer", ${sumIn} as "in_minor", ${sumOut} as "out_minor", ${countAll} as "row_count"`;

/** Reads the whole books in one pass: a group for each currency, month and category that has rows. */
export async function readMonthGroups(reader: SqlReader, workspaceId: string): Promise<MonthGroup[]> {
  const month = sql`substr("transaction"."posted_on", 1, 7)`;
  const rows = await reader.query(sql`
    select "transaction"."currency", ${month} as "month", ${groupColumns},
      min("transaction"."posted_on") as "first", max("transaction"."posted_on") as "last"
    from "transaction" where ${countedRows(workspaceId)}
    group by "transaction"."currency", ${month}, "transaction"."category_id", ${ownTransfer}`);
  return rows.map((row) => {
    const group = monthSums.parse(row);
    return { ...groupOf(group), currency: group.currency, month: group.month, first: group.first, last: group.last };
  });
}

/** Reads the groups of some days, both included, in one currency. */
export async function readGroupsBetween(
  reader: SqlReader,
  { workspaceId, currency, from, to }: { workspaceId: string; currency: string; from: string; to: string },
): Promise<LedgerGroup[]> {
  const days: SQL = sql`"transaction"."currency" = ${currency} and "transaction"."posted_on" >= ${from} and "transaction"."posted_on" <= ${to}`;
  const rows: SqlRow[] = await reader.query(sql`
    select ${groupColumns} from "transaction" where ${countedRows(workspaceId)} and ${days} group by "transaction"."category_id", ${ownTransfer}`);
  return rows.map((row) => groupOf(sums.parse(row)));
}

function groupOf(row: z.infer<typeof sums>): LedgerGroup {
  return { categoryId: row.category_id, isTransfer: row.own_transfer === 1, inMinor: row.in_minor, outMinor: row.out_minor, count: row.row_count };
}
