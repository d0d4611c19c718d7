import { minor, minorFromDatabase, sumMinor, type DashboardReport, type Minor } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { readRows, type SqlReader } from "../store/index.ts";
import type { Books } from "./books.ts";
import { countedRows } from "./counted-rows.ts";

const movement = z.object({ account_id: z.string(), moved_minor: z.unknown().transform(minorFromDatabase) });

/**
 * Cash on the accounts of the books' currency whose balance somebody has said, archived ones left out. A balance said for the end of a day
 * is carried forward by the account's rows after that day (transfers too), so that balances of different days add up; one said without a
 * day is taken as it is. Null when no balance is known.
 */
export async function readCash(reader: SqlReader, books: Books, today: string): Promise<DashboardReport["cash"]> {
  const { workspaceId, currency, range } = books;
  const accounts = await readRows(
    reader,
    "account",
    sql`where "workspace_id" = ${workspaceId} and "currency" = ${currency} and not "archived" order by "name", "id"`,
  );
  const said = accounts.flatMap(({ id, name, balanceMinor, balanceAsOf }) => (balanceMinor === null ? [] : [{ id, name, balanceMinor, balanceAsOf }]));
  if (said.length === 0) return null;
  const days = said.flatMap(({ balanceAsOf }) => (balanceAsOf === null ? [] : [balanceAsOf])).toSorted();
  const moved = await readMovements(reader, books, days[0]);
  const balances = said.map(({ id, name, balanceMinor }) => ({ accountId: id, name, balanceMinor: minor(balanceMinor + (moved.get(id) ?? 0)) }));
  const latest = [...days, ...(range ? [range.last] : [])].toSorted().at(-1);
  return {
    totalMinor: sumMinor(balances.map(({ balanceMinor }) => balanceMinor)),
    asOf: latest ?? today,
    accounts: balances,
    unknownAccounts: accounts.length - said.length,
  };
}

/** What moved on each account after the day its balance was said for. */
async function readMovements(reader: SqlReader, { workspaceId, currency, range }: Books, since: string | undefined): Promise<Map<string, Minor>> {
  if (since === undefined || range === null || range.last <= since) return new Map();
  const rows = await reader.query(sql`
    select "transaction"."account_id", cast(sum("transaction"."amount_minor") as bigint) as "moved_minor"
    from "transaction"
    join "account" on "account"."id" = "transaction"."account_id" and "account"."workspace_id" = ${workspaceId}
    where ${countedRows(workspaceId)} and "transaction"."currency" = ${currency} and "transaction"."posted_on" > ${since}
      and "transaction"."posted_on" > "account"."balance_as_of"
    group by "transaction"."account_id"`);
  return new Map(rows.map((row) => movement.parse(row)).map(({ account_id, moved_minor }) => [account_id, moved_minor]));
}
