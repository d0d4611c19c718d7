import { minorFromDatabase, type Minor } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "../store/index.ts";
import { countedRows, notTransfers, sumIn, sumOut } from "./counted-rows.ts";

/** A counterparty by the name the bank gave, and its money in some days. */
export interface Counterparty {
  readonly name: string;
  readonly amountMinor: Minor;
}

const found = z.object({ side: z.enum(["in", "out"]), name: z.string(), amount_minor: z.unknown().transform(minorFromDatabase) });

/** The counterparty that brought most and the one that took most in some days, both included; transfers and nameless rows left out. */
export async function readLargestCounterparties(
  reader: SqlReader,
  { workspaceId, currency, from, to }: { workspaceId: string; currency: string; from: string; to: string },
): Promise<{ readonly customer: Counterparty | undefined; readonly supplier: Counterparty | undefined }> {
  const rows = await reader.query(sql`
    with "sums" as (
      select "transaction"."counterparty_name" as "name", ${sumIn} as "in_minor", ${sumOut} as "out_minor"
      from "transaction"
      where ${countedRows(workspaceId)} and ${notTransfers(workspaceId)} and "transaction"."currency" = ${currency}
        and "transaction"."posted_on" >= ${from} and "transaction"."posted_on" <= ${to}
        and "transaction"."counterparty_name" is not null and "transaction"."counterparty_name" <> ''
      group by "transaction"."counterparty_name"
    )
    ${largestOf("in")} union all ${largestOf("out")}`);
  const sides = new Map(rows.map((row) => found.parse(row)).map(({ side, name, amount_minor }) => [side, { name, amountMinor: amount_minor }]));
  return { customer: sides.get("in"), supplier: sides.get("out") };
}

function largestOf(side: "in" | "out"): SQL {
  const sum = sql.identifier(`${side}_minor`);
  return sql`select * from (select ${sql.raw(`'${side}'`)} as "side", "name", ${sum} as "amount_minor" from "sums"
    where ${sum} > 0 order by ${sum} desc, "name" limit 1) as ${sql.identifier(`largest_${side}`)}`;
}
