import type { LedgerMonth } from "@saldo/client-core/forecast";
import type { SqlReader } from "@saldo/client-core/store";
import { minorFromDatabase } from "@saldo/schema";
import { sql } from "drizzle-orm";

/**
 * What came in and went out in each month that has rows, in one currency. Rows of unfinished imports, split parents (their parts count)
 * and transfers between own accounts are left out. Throws `RangeError` when a sum leaves the safe integer range.
 */
export async function monthTotals(reader: SqlReader, workspaceId: string, currency: string): Promise<LedgerMonth[]> {
  const records = await reader.query(sql`
    select substr("t"."posted_on", 1, 7) as "month",
      cast(sum(case when "t"."amount_minor" > 0 then "t"."amount_minor" else 0 end) as bigint) as "revenue",
      cast(sum(case when "t"."amount_minor" < 0 then -"t"."amount_minor" else 0 end) as bigint) as "expenses"
    from "transaction" as "t"
    left join "import" as "i" on "i"."workspace_id" = "t"."workspace_id" and "i"."id" = "t"."import_id"
    left join "category" as "c" on "c"."workspace_id" = "t"."workspace_id" and "c"."id" = "t"."category_id"
    where "t"."workspace_id" = ${workspaceId} and "t"."currency" = ${currency} and not "t"."is_split"
      and ("t"."import_id" is null or "i"."status" = 'complete')
      and ("c"."kind" is null or "c"."kind" <> 'transfer')
    group by substr("t"."posted_on", 1, 7)
    order by 1`);
  return records.map(({ month, revenue, expenses }) => ({
    month: String(month),
    revenueMinor: minorFromDatabase(revenue),
    expensesMinor: minorFromDatabase(expenses),
  }));
}
