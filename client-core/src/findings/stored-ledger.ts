import { sql } from "drizzle-orm";
import { z } from "zod";
import { countedRows } from "../reports/counted-rows.ts";
import type { SqlReader } from "../store/index.ts";
import { ledgerBuilder, type Ledger } from "./ledger.ts";

/** Rows read from the database at a time. */
const pageRowsMax = 20_000;

const stored = z.object({
  id: z.string(),
  posted_on: z.string(),
  amount_minor: z.coerce.number(),
  currency: z.string(),
  counterparty_name: z.string().nullable(),
  description: z.string(),
  category: z.string().nullable(),
  account_id: z.string(),
  distinct: z.coerce.number(),
});

/** Reads the rows of a workspace that count in reports as a ledger; transfers between own accounts stay out. `pause` is called between pages. */
export async function readLedger(reader: SqlReader, workspaceId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<Ledger> {
  const builder = ledgerBuilder();
  let after: { readonly day: string; readonly id: string } | undefined;
  for (;;) {
    const beyond = after === undefined ? sql`` : sql`and ("transaction"."posted_on" > ${after.day} or ("transaction"."posted_on" = ${after.day} and "transaction"."id" > ${after.id}))`;
    const from = after === undefined ? sql`` : sql`and "transaction"."posted_on" >= ${after.day}`;
    const rows = await reader.query(sql`
      select "transaction"."id", "transaction"."posted_on", "transaction"."amount_minor", "transaction"."currency", "transaction"."counterparty_name",
        "transaction"."description", "category"."name" as "category", "transaction"."account_id", case when "transaction"."is_distinct" then 1 else 0 end as "distinct"
      from "transaction" left join "category" on "category"."workspace_id" = ${workspaceId} and "category"."id" = "transaction"."category_id"
      where ${countedRows(workspaceId)} and "transaction"."kind" <> 'transfer' ${from} ${beyond}
      order by "transaction"."posted_on", "transaction"."id" limit ${pageRowsMax}`);
    for (const row of rows) {
      const { id, posted_on: postedOn, amount_minor: amountMinor, currency, counterparty_name: counterparty, description, category, account_id: account, distinct } = stored.parse(row);
      builder.add({ id, postedOn, minuteOfDay: null, amountMinor, currency, counterparty: counterparty ?? "", description, category, account, details: [], isDistinct: distinct === 1 });
      after = { day: postedOn, id };
    }
    if (rows.length < pageRowsMax) return builder.build();
    await pause();
  }
}
