import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { listAccounts } from "../../reports/index.ts";
import type { LocalDatabase } from "../../store/index.ts";
import { ownAccounts, type OwnAccounts } from "./own-accounts.ts";
import { amountHash, dateOfDay, dayCounter, PlacesByHash } from "./row-keys.ts";
import { evidenceOf, transferStrength, type SideEvidence } from "./transfer-evidence.ts";
import { pairUp, transferChoices, transferDaysMax, transferSeedsMax, type TransferSide } from "./transfer-pairs.ts";

/** Days of books read at a time. */
const sliceDays = 28;
/** Rows whose words are read at a time. */
const wordsAtOnce = 500;

/** What is known of an import whose transfers are looked for. */
export interface TransferSearch {
  readonly workspaceId: string;
  readonly importId: string;
  /** Its rows with a hint of a transfer. */
  readonly seeds: readonly TransferSide[];
  /** The days it spans. */
  readonly range: { readonly first: string; readonly last: string };
  /** False when the books hold nothing but this import. */
  readonly hasOtherRows: boolean;
  readonly pause: () => Promise<void>;
}

/**
 * Finds the other sides of the transfers an import brought, among its own rows and those of the books, and the transfers of the books whose other side
 * it brought. Rows a person judged, split ones and linked ones stay as they are.
 */
export async function findTransferPairs(database: LocalDatabase, search: TransferSearch): Promise<[string, string][]> {
  const { workspaceId, seeds, hasOtherRows } = search;
  if (seeds.length === 0 && !hasOtherRows) return [];
  const found = await lookThrough(database, search);
  const own = ownAccounts(await listAccounts(database, workspaceId));
  const evidence = new Map<string, SideEvidence>();
  await readEvidence(database, [...found.met.keys()], own, evidence);
  const hinted = [...found.met.values()].filter(({ id }) => evidence.get(id)?.isOwn === true || evidence.get(id)?.isHint === true);
  const choices = transferChoices([...seeds, ...hinted], [...found.others.values()]);
  await readEvidence(database, choices.flatMap(({ one, other }) => [one.id, other.id]), own, evidence);
  return pairUp(choices, (oneId, otherId) => {
    const [one, other] = [evidence.get(oneId), evidence.get(otherId)];
    return one === undefined || other === undefined ? 0 : transferStrength(one, other);
  });
}

const sideRow = z.object({ id: z.string(), account_id: z.string(), currency: z.string(), posted_on: z.string(), amount_minor: z.unknown().transform(Number) });

interface Found {
  /** Rows that may be the other side, by id. */
  readonly others: ReadonlyMap<string, TransferSide>;
  /** Rows the books had before that one of the import is opposite to, by id. */
  readonly met: ReadonlyMap<string, TransferSide>;
}

/** Reads the days around an import once, a slice at a time. */
async function lookThrough(database: LocalDatabase, { workspaceId, importId, seeds, range, hasOtherRows, pause }: TransferSearch): Promise<Found> {
  const dayOf = dayCounter();
  const [from, to] = [dayOf(range.first) - transferDaysMax, dayOf(range.last) + transferDaysMax];
  const opposite = new PlacesByHash(seeds.length, (place) => amountHash(0, -(seeds[place]?.amountMinor ?? 0)));
  const others = new Map<string, TransferSide>();
  const met = new Map<string, TransferSide>();
  let near: Meeting[] = [];
  for (let start = from; start <= to; start += sliceDays) {
    const end = Math.min(start + sliceDays - 1, to);
    const rows = await database.query(sql`select "id", "account_id", "currency", "posted_on", "amount_minor", "import_id" from "transaction"
      where ${freeRow(workspaceId, importId)} and "transaction"."posted_on" >= ${dateOfDay(start)} and "transaction"."posted_on" <= ${dateOfDay(end)}`);
    near = near.filter(({ side }) => side.day >= start - transferDaysMax);
    for (const row of rows) {
      const amountMinor = Number(row["amount_minor"]);
      const isOpposite = opposite.some(amountHash(0, amountMinor), (place) => seeds[place]?.amountMinor === -amountMinor && seeds[place]?.accountId !== row["account_id"]);
      if (!isOpposite && !hasOtherRows) continue;
      const side = sideOf(row, dayOf);
      if (isOpposite) others.set(side.id, side);
      if (hasOtherRows) near.push({ side, isNew: row["import_id"] === importId });
    }
    if (hasOtherRows && met.size < transferSeedsMax) meet(near, others, met);
    await pause();
  }
  return { others, met };
}

/** A row that may still be linked. */
function freeRow(workspaceId: string, importId: string): SQL {
  return sql`"transaction"."workspace_id" = ${workspaceId} and "transaction"."transfer_id" is null and "transaction"."parent_id" is null and not "transaction"."is_split"
    and "transaction"."kind_source" <> 'person' and "transaction"."kind" in ('ordinary', 'transfer') and coalesce("transaction"."import_id", '') in
    (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and ("import"."status" = 'complete' or "import"."id" = ${importId}) union all select '')`;
}

interface Meeting {
  readonly side: TransferSide;
  readonly isNew: boolean;
}

/** Finds the rows of the books that a new row is opposite to. */
function meet(near: readonly Meeting[], others: Map<string, TransferSide>, met: Map<string, TransferSide>): void {
  const newByAmount = new Map<number, TransferSide[]>();
  for (const { side, isNew } of near) {
    if (!isNew) continue;
    const same = newByAmount.get(side.amountMinor);
    if (same === undefined) newByAmount.set(side.amountMinor, [side]);
    else same.push(side);
  }
  if (newByAmount.size === 0) return;
  for (const { side, isNew } of near) {
    if (isNew) continue;
    const fits = newByAmount.get(-side.amountMinor)?.filter((one) => one.currency === side.currency && one.accountId !== side.accountId && Math.abs(one.day - side.day) <= transferDaysMax);
    if (fits === undefined || fits.length === 0) continue;
    met.set(side.id, side);
    for (const one of fits) others.set(one.id, one);
  }
}

function sideOf(row: unknown, dayOf: (date: string) => number): TransferSide {
  const { id, account_id: accountId, currency, posted_on, amount_minor: amountMinor } = sideRow.parse(row);
  return { id, accountId, currency, amountMinor, day: dayOf(posted_on) };
}

const wordsRow = z.object({
  id: z.string(), account_id: z.string(), kind: z.string(), search_text: z.string(), counterparty_name: z.string().nullable(), counterparty_account: z.string().nullable(),
});

/** Judges the words of rows that were not judged yet. */
async function readEvidence(database: LocalDatabase, ids: readonly string[], own: OwnAccounts, evidence: Map<string, SideEvidence>): Promise<void> {
  const open = [...new Set(ids)].filter((id) => !evidence.has(id));
  for (let start = 0; start < open.length; start += wordsAtOnce) {
    const some = open.slice(start, start + wordsAtOnce).map((id) => sql`${id}`);
    const rows = await database.query(sql`select "id", "account_id", "kind", "search_text", "counterparty_name", "counterparty_account" from "transaction" where "id" in (${sql.join(some, sql`, `)})`);
    for (const row of rows) {
      const { id, account_id: accountId, kind, search_text: searchText, counterparty_name: counterpartyName, counterparty_account: counterpartyAccount } = wordsRow.parse(row);
      evidence.set(id, evidenceOf({ accountId, kind, searchText, counterpartyName, counterpartyAccount }, own));
    }
  }
}
