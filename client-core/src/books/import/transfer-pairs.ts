import { compareBytewise } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { LocalDatabase } from "../../store/index.ts";
import { amountHash, dateOfDay, dayCounter, PlacesByHash } from "./row-keys.ts";

/** Days the two sides of a transfer may lie apart: banks take a weekend. */
const transferDaysMax = 4;
/** Days of books read at a time. */
const sliceDays = 28;
/** Most rows with a hint of a transfer for which the other side is looked for. */
export const transferSeedsMax = 100_000;

/** One side of a transfer, or a row that may be. */
export interface TransferSide {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly day: number;
}

/**
 * Pairs sides of transfers: opposite amounts in one currency on two accounts, at most {@link transferDaysMax} days apart. `seeds` carry a hint of a
 * transfer; the other side needs none. Each row is in one pair at most, the closest days first; equal choices go by id. Pure.
 */
export function pairTransfers(seeds: readonly TransferSide[], others: readonly TransferSide[]): [string, string][] {
  const byAmount = new Map<string, TransferSide[]>();
  for (const side of others) {
    const key = `${side.currency} ${side.amountMinor}`;
    const sides = byAmount.get(key);
    if (sides === undefined) byAmount.set(key, [side]);
    else sides.push(side);
  }
  const choices: { readonly one: TransferSide; readonly other: TransferSide; readonly daysApart: number }[] = [];
  for (const one of seeds) {
    for (const other of byAmount.get(`${one.currency} ${-one.amountMinor}`) ?? []) {
      const daysApart = Math.abs(one.day - other.day);
      if (other.accountId !== one.accountId && daysApart <= transferDaysMax) choices.push({ one, other, daysApart });
    }
  }
  choices.sort((a, b) => a.daysApart - b.daysApart || compareBytewise(a.one.id, b.one.id) || compareBytewise(a.other.id, b.other.id));
  const taken = new Set<string>();
  const pairs: [string, string][] = [];
  for (const { one, other } of choices) {
    if (taken.has(one.id) || taken.has(other.id)) continue;
    taken.add(one.id).add(other.id);
    pairs.push([one.id, other.id]);
  }
  return pairs;
}

const sideRow = z.object({
  id: z.string(), account_id: z.string(), currency: z.string(), posted_on: z.string(), amount_minor: z.unknown().transform(Number), kind: z.string(),
});

/**
 * Finds the other sides of the transfers an import brought, among its own rows and those of the books, and own sides of transfers the books had
 * already. `seeds` are its rows with a hint; `range` the days it spans. Rows a person judged, split ones and linked ones stay as they are.
 */
export async function findTransferPairs(
  database: LocalDatabase,
  { workspaceId, importId, seeds, range, hasOtherRows, pause }: {
    readonly workspaceId: string;
    readonly importId: string;
    readonly seeds: readonly TransferSide[];
    readonly range: { readonly first: string; readonly last: string };
    /** False when the books hold nothing but this import. */
    readonly hasOtherRows: boolean;
    readonly pause: () => Promise<void>;
  },
): Promise<[string, string][]> {
  const dayOf = dayCounter();
  const free = sql`"transaction"."workspace_id" = ${workspaceId} and "transaction"."transfer_id" is null and "transaction"."parent_id" is null and not "transaction"."is_split"
    and "transaction"."kind_source" <> 'person' and coalesce("transaction"."import_id", '') in
    (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and ("import"."status" = 'complete' or "import"."id" = ${importId}) union all select '')`;
  const [from, to] = [dayOf(range.first) - transferDaysMax, dayOf(range.last) + transferDaysMax];
  const columns = sql`"id", "account_id", "currency", "posted_on", "amount_minor", "kind"`;
  const read = async (condition: ReturnType<typeof sql>): Promise<TransferSide[]> => {
    const rows = await database.query(sql`select ${columns} from "transaction" where ${free} and ${condition}`);
    return rows.map((row) => sideOf(row, dayOf));
  };
  const all = [...seeds];
  if (hasOtherRows) {
    const earlier = await read(sql`"transaction"."kind" = 'transfer' and "transaction"."posted_on" >= ${dateOfDay(from)} and "transaction"."posted_on" <= ${dateOfDay(to)} and coalesce("transaction"."import_id", '') <> ${importId}`);
    all.push(...earlier.slice(0, transferSeedsMax));
  }
  if (all.length === 0) return [];
  const opposite = new PlacesByHash(all.length, (place) => amountHash(0, -(all[place]?.amountMinor ?? 0)));
  const others: TransferSide[] = [];
  for (let start = from; start <= to; start += sliceDays) {
    const end = Math.min(start + sliceDays - 1, to);
    const rows = await database.query(sql`select ${columns} from "transaction"
      where ${free} and "transaction"."posted_on" >= ${dateOfDay(start)} and "transaction"."posted_on" <= ${dateOfDay(end)} and "transaction"."kind" in ('ordinary', 'transfer')`);
    for (const row of rows) {
      const amountMinor = Number(row["amount_minor"]);
      const isOpposite = opposite.some(amountHash(0, amountMinor), (place) => all[place]?.amountMinor === -amountMinor && all[place]?.accountId !== row["account_id"]);
      if (isOpposite) others.push(sideOf(row, dayOf));
    }
    await pause();
  }
  return pairTransfers(all, others);
}

function sideOf(row: unknown, dayOf: (date: string) => number): TransferSide {
  const { id, account_id: accountId, currency, posted_on, amount_minor: amountMinor } = sideRow.parse(row);
  return { id, accountId, currency, amountMinor, day: dayOf(posted_on) };
}
