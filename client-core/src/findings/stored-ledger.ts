import { addMonths, monthOf, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { openMonths } from "../reports/month-rows.ts";
import type { RowPlace } from "../reports/row-columns.ts";
import type { SqlReader } from "../store/index.ts";
import { ledgerBuilder, type Ledger, type LedgerPlace } from "./ledger.ts";

const named = z.object({ id: z.string(), name: z.string() });
const spanned = z.object({ first: z.string().nullable(), last: z.string().nullable() });

/**
 * Reads the rows of a workspace that count in reports as a ledger, month by month; transfers between own accounts stay out. `pause` is called between
 * months.
 */
export async function readLedger(reader: SqlReader, workspaceId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<Ledger> {
  const builder = ledgerBuilder();
  const categories = new Map((await reader.query(sql`select "id", "name" from "category" where "workspace_id" = ${workspaceId}`)).map((row) => named.parse(row)).map(({ id, name }) => [id, name]));
  const placeOf = ledgerPlaces(categories);
  const rows = openMonths(reader, workspaceId);
  for (const month of await monthsOf(reader, workspaceId)) {
    const { ids, postedOn, amountMinor, counterpartyNames, descriptions, places } = await rows.read(month);
    builder.addColumns({ ids, postedOn, amountMinor, counterparties: counterpartyNames, descriptions, places: places.map(placeOf) });
    await pause();
  }
  return builder.build();
}

/** The months from the first row to the last. */
async function monthsOf(reader: SqlReader, workspaceId: string): Promise<Month[]> {
  const [found] = await reader.query(sql`select min("posted_on") as "first", max("posted_on") as "last" from "transaction" where "workspace_id" = ${workspaceId}`);
  const { first, last } = spanned.parse(found);
  const months: Month[] = [];
  if (first !== null && last !== null) for (let month = monthOf(first); month <= monthOf(last); month = addMonths(month, 1)) months.push(month);
  return months;
}

/** What rows of a place have in common, as findings look at it; null for transfers between own accounts. */
function ledgerPlaces(categories: ReadonlyMap<string, string>): (place: RowPlace) => LedgerPlace | null {
  const known = new Map<RowPlace, LedgerPlace | null>();
  return (place) => {
    let made = known.get(place);
    if (made !== undefined) return made;
    const { kind, currency, categoryId, accountId, isDistinct } = place;
    made = kind === "transfer" ? null : { currency, category: categoryId === null ? null : (categories.get(categoryId) ?? null), account: accountId, isDistinct };
    known.set(place, made);
    return made;
  };
}
