import { sql } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "../../store/index.ts";

/** Most doubles that are listed. */
const listedMax = 200;
/** Most imports whose comparisons are looked at, newest first. */
const importsMax = 2_000;

/** A row that came in twice by imports that did not know of each other, and the one that came first. */
export interface DoubledRow {
  readonly id: string;
  readonly twinId: string;
  readonly importId: string;
  readonly postedOn: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly counterpartyName: string | null;
  readonly description: string;
}

const importRow = z.object({ id: z.string(), first_on: z.string(), last_on: z.string(), compared_with: z.preprocess((value) => (typeof value === "string" ? JSON.parse(value) : value), z.array(z.string())), completed_at: z.string().nullable() });
const pairRow = z.object({
  id: z.string(), import_id: z.string(), account_id: z.string(), posted_on: z.string(), amount_minor: z.unknown().transform(Number), currency: z.string(),
  counterparty_name: z.string().nullable(), description: z.string(), search_text: z.string(),
});

type StoredPart = z.output<typeof pairRow>;

/**
 * Rows that came in twice because two devices imported overlapping statements before they heard of each other. Imports that were compared while
 * importing hold no doubles, so only pairs of imports of which neither knew the other are looked at: for one person on one device, none. Rows a person
 * kept apart are left out. Each row of the later import is paired with one of the earlier, first by id.
 */
export async function findDoubles(reader: SqlReader, workspaceId: string): Promise<DoubledRow[]> {
  const rows = await reader.query(sql`
    select "id", "first_on", "last_on", "compared_with", "completed_at" from "import"
    where "workspace_id" = ${workspaceId} and "status" = 'complete' and "first_on" is not null order by "completed_at" desc, "id" desc limit ${sql.raw(String(importsMax))}`);
  const imports = rows.map((row) => importRow.parse(row)).toReversed();
  const doubles: DoubledRow[] = [];
  for (const [at, later] of imports.entries()) {
    for (const earlier of imports.slice(0, at)) {
      if (later.compared_with.includes(earlier.id) || earlier.compared_with.includes(later.id)) continue;
      const [from, to] = [later.first_on > earlier.first_on ? later.first_on : earlier.first_on, later.last_on < earlier.last_on ? later.last_on : earlier.last_on];
      if (from > to) continue;
      doubles.push(...pairUp(await rowsOf(reader, workspaceId, earlier.id, from, to), await rowsOf(reader, workspaceId, later.id, from, to)));
      if (doubles.length >= listedMax) return doubles.slice(0, listedMax);
    }
  }
  return doubles;
}

async function rowsOf(reader: SqlReader, workspaceId: string, importId: string, from: string, to: string): Promise<StoredPart[]> {
  const rows = await reader.query(sql`
    select "id", "import_id", "account_id", "posted_on", "amount_minor", "currency", "counterparty_name", "description", "search_text" from "transaction"
    where "workspace_id" = ${workspaceId} and "import_id" = ${importId} and "posted_on" >= ${from} and "posted_on" <= ${to} and "parent_id" is null and not "is_distinct" order by "id"`);
  return rows.map((row) => pairRow.parse(row));
}

function pairUp(earlier: readonly StoredPart[], later: readonly StoredPart[]): DoubledRow[] {
  const keyOf = (row: StoredPart) => `${row.account_id} ${row.posted_on} ${row.amount_minor} ${row.search_text}`;
  const free = new Map<string, StoredPart[]>();
  for (const row of earlier) free.set(keyOf(row), [...(free.get(keyOf(row)) ?? []), row]);
  return later.flatMap((row) => {
    const twin = free.get(keyOf(row))?.shift();
    if (twin === undefined) return [];
    const { id, import_id: importId, posted_on: postedOn, amount_minor: amountMinor, currency, counterparty_name: counterpartyName, description } = row;
    return [{ id, twinId: twin.id, importId, postedOn, amountMinor, currency, counterpartyName, description }];
  });
}
