import { addMonths, monthOf, type Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { openMonths } from "../reports/month-rows.ts";
import type { RowColumns } from "../reports/row-columns.ts";
import type { SqlReader } from "../store/index.ts";
import { ledgerBuilder, type Ledger, type LedgerBuilder } from "./ledger.ts";

const named = z.object({ id: z.string(), name: z.string() });
const spanned = z.object({ first: z.string().nullable(), last: z.string().nullable() });

/**
 * Reads the rows of a workspace that count in reports as a ledger, month by month; transfers between own accounts stay out. `pause` is called between
 * months.
 */
export async function readLedger(reader: SqlReader, workspaceId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<Ledger> {
  const builder = ledgerBuilder();
  const categories = new Map((await reader.query(sql`select "id", "name" from "category" where "workspace_id" = ${workspaceId}`)).map((row) => named.parse(row)).map(({ id, name }) => [id, name]));
  const rows = openMonths(reader, workspaceId);
  for (const month of await monthsOf(reader, workspaceId)) {
    addMonth(builder, await rows.read(month), categories);
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

function addMonth(builder: LedgerBuilder, { postedOn, ids, amountMinor, counterpartyNames, descriptions, places }: RowColumns, categories: ReadonlyMap<string, string>): void {
  for (const [at, place] of places.entries()) {
    if (place.kind === "transfer") continue;
    builder.add({
      id: ids[at] ?? "",
      postedOn: postedOn[at] ?? "",
      minuteOfDay: null,
      amountMinor: amountMinor[at] ?? 0,
      currency: place.currency,
      counterparty: counterpartyNames[at] ?? "",
      description: descriptions[at] ?? "",
      category: place.categoryId === null ? null : (categories.get(place.categoryId) ?? null),
      account: place.accountId,
      details: noDetails,
      isDistinct: place.isDistinct,
    });
  }
}

const noDetails: readonly string[] = [];
