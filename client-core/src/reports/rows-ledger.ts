import { minor, minorFromDatabase, type Minor, type Month, type ReportDays } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "../store/index.ts";
import { countAll, countedRows, ownTransfer, sumIn, sumOut } from "./counted-rows.ts";
import type { Ledger, LedgerGroup } from "./ledger.ts";

const sums = z.object({
  account_id: z.string(),
  category_id: z.string().nullable(),
  own_transfer: z.number(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
  row_count: z.unknown().transform(minorFromDatabase),
});
const monthSums = sums.extend({ currency: z.string(), month: z.string(), first: z.string(), last: z.string() });
const nameSums = z.object({
  name: z.string(),
  category_id: z.string().nullable(),
  own_transfer: z.number(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
});

const groupColumns = sql`"transaction"."account_id", "transaction"."category_id", ${ownTransfer} as "own_transfer"`;
const sumColumns = sql`${sumIn} as "in_minor", ${sumOut} as "out_minor"`;

/** The ledger as the rows themselves tell it, added up by the database: where no rollups are kept. */
export async function rowsLedger(reader: SqlReader, workspaceId: string): Promise<Ledger> {
  const within = (currency: string, { from, to }: ReportDays): SQL =>
    sql`${countedRows(workspaceId)} and "transaction"."currency" = ${currency} and "transaction"."posted_on" >= ${from} and "transaction"."posted_on" <= ${to}`;
  return {
    currencies: await readCurrencies(reader, workspaceId),
    async groupsOf(currency, days) {
      const rows = await reader.query(sql`
        select ${groupColumns}, ${sumColumns}, ${countAll} as "row_count" from "transaction" where ${within(currency, days)}
        group by "transaction"."account_id", "transaction"."category_id", ${ownTransfer}`);
      return rows.map((row) => groupOf(sums.parse(row)));
    },
    async counterpartiesOf(currency, days, isTransfer) {
      const name = sql`coalesce("transaction"."counterparty_name", '')`;
      const rows = await reader.query(sql`
        select ${name} as "name", "transaction"."category_id", ${ownTransfer} as "own_transfer", ${sumColumns} from "transaction" where ${within(currency, days)}
        group by ${name}, "transaction"."category_id", ${ownTransfer}`);
      const names = new Map<string | null, { readonly inMinor: Minor; readonly outMinor: Minor }>();
      for (const row of rows.map((each) => nameSums.parse(each))) {
        if (isTransfer({ categoryId: row.category_id || null, isTransfer: row.own_transfer === 1 })) continue;
        const known = names.get(row.name || null);
        names.set(row.name || null, { inMinor: minor((known?.inMinor ?? 0) + row.in_minor), outMinor: minor((known?.outMinor ?? 0) + row.out_minor) });
      }
      return names;
    },
  };
}

/** The whole books in one pass: a group for each currency, month, account and category that has rows. */
async function readCurrencies(reader: SqlReader, workspaceId: string): Promise<Ledger["currencies"]> {
  const month = sql`substr("transaction"."posted_on", 1, 7)`;
  const rows = await reader.query(sql`
    select "transaction"."currency", ${month} as "month", ${groupColumns}, ${sumColumns}, ${countAll} as "row_count",
      min("transaction"."posted_on") as "first", max("transaction"."posted_on") as "last"
    from "transaction" where ${countedRows(workspaceId)}
    group by "transaction"."currency", ${month}, "transaction"."account_id", "transaction"."category_id", ${ownTransfer}`);
  const currencies = new Map<string, { first: string; last: string; count: number; accountIds: Set<string>; byMonth: Map<Month, LedgerGroup[]> }>();
  for (const row of rows.map((each) => monthSums.parse(each))) {
    const ledger = currencies.get(row.currency) ?? { first: row.first, last: row.last, count: 0, accountIds: new Set(), byMonth: new Map<Month, LedgerGroup[]>() };
    currencies.set(row.currency, ledger);
    if (row.first < ledger.first) ledger.first = row.first;
    if (row.last > ledger.last) ledger.last = row.last;
    ledger.count += row.row_count;
    ledger.accountIds.add(row.account_id);
    ledger.byMonth.set(row.month, [...(ledger.byMonth.get(row.month) ?? []), groupOf(row)]);
  }
  return new Map(
    [...currencies].map(([currency, { byMonth, ...ledger }]) => [currency, { ...ledger, months: [...byMonth.keys()].toSorted(), groupsOf: (wanted) => byMonth.get(wanted) ?? [] }]),
  );
}

function groupOf(row: z.infer<typeof sums>): LedgerGroup {
  return { accountId: row.account_id, categoryId: row.category_id || null, isTransfer: row.own_transfer === 1, inMinor: row.in_minor, outMinor: row.out_minor, count: row.row_count };
}
