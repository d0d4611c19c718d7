import { sql } from "drizzle-orm";
import { z } from "zod";
import type { LocalDatabase, SqlReader } from "../../store/index.ts";
import { amountHash, dateOfDay, dayCounter, PlacesByHash, RowKeys, textHash } from "./row-keys.ts";
import { nearDaysMax, type Coverage, type CoverageOf } from "./match-rows.ts";
import { textLikeness } from "./similar-text.ts";

/** Days of books read at a time. */
const sliceDays = 28;
/** Days whose rows are asked again for their texts. */
const daysAskedMax = 2_000;

/** A finished import as far as comparing goes. */
export interface KnownImport {
  readonly id: string;
  readonly coverage: Coverage | undefined;
}

/** A row of the books that a row of the file is like. */
export interface BooksRow {
  readonly id: string;
  readonly importId: string | null;
  readonly postedOn: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  readonly counterpartyName: string | null;
  readonly searchText: string;
}

const importRow = z.object({ id: z.string(), first_on: z.string().nullable(), last_on: z.string().nullable() });

/** The finished imports of a workspace, by id. */
export async function readKnownImports(reader: SqlReader, workspaceId: string): Promise<KnownImport[]> {
  const dayOf = dayCounter();
  const rows = await reader.query(sql`select "id", "first_on", "last_on" from "import" where "workspace_id" = ${workspaceId} and "status" = 'complete' order by "id"`);
  return rows.map((row) => {
    const { id, first_on: first, last_on: last } = importRow.parse(row);
    return { id, coverage: first === null || last === null ? undefined : { first: dayOf(first), last: dayOf(last) } };
  });
}

/** True when the books hold any row that counts. */
export async function hasRows(reader: SqlReader, workspaceId: string): Promise<boolean> {
  const rows = await reader.query(sql`select 1 from "transaction" where ${entries(workspaceId)} limit 1`);
  return rows.length > 0;
}

/** What reading the books needs to know. */
export interface BooksQuery {
  readonly workspaceId: string;
  /** Account ids by their number in the keys. */
  readonly accounts: readonly string[];
  /** Import ids by their number in the keys. */
  readonly imports: readonly string[];
  readonly pause: () => Promise<void>;
}

/** Rows of the books as keys, and the days each import speaks for around those of the file. */
export interface BooksKeys {
  readonly keys: RowKeys;
  readonly coverage: CoverageOf;
}

/**
 * Reads the rows of the books that may be those of a file, as keys: of its accounts, of amounts that occur in it, around its days. Entries as
 * banks state them: whole ones of split rows, not their parts. A few weeks at a time.
 */
export async function readBooksKeys(database: LocalDatabase, file: RowKeys, query: BooksQuery): Promise<BooksKeys> {
  const keys = new RowKeys();
  const coverages = new Map<number, { first: number; last: number }>();
  const coverageKey = (source: number, account: number) => source * query.accounts.length + account;
  const [first, last] = rangeOf(file.days, file.count);
  const accountOf = new Map(query.accounts.map((id, index) => [id, index]));
  const sourceOf = new Map(query.imports.map((id, index) => [id, index]));
  const amounts = new PlacesByHash(file.count, (row) => amountHash(file.accounts[row] ?? 0, file.amounts[row] ?? 0));
  const dayOf = dayCounter();
  for (let from = first - nearDaysMax; from <= last + nearDaysMax; from += sliceDays) {
    const to = Math.min(from + sliceDays - 1, last + nearDaysMax);
    const rows = await database.query(sql`
      select "account_id", "import_id", "posted_on", "amount_minor", "search_text", "bank_id" from "transaction"
      where ${entries(query.workspaceId)} and "transaction"."posted_on" >= ${dateOfDay(from)} and "transaction"."posted_on" <= ${dateOfDay(to)}`);
    for (const row of rows) {
      const account = accountOf.get(String(row["account_id"]));
      if (account === undefined) continue;
      const importId = row["import_id"];
      const source = typeof importId === "string" ? (sourceOf.get(importId) ?? -1) : -1;
      const day = dayOf(String(row["posted_on"]));
      if (source >= 0) widen(coverages, coverageKey(source, account), day);
      const amountMinor = Number(row["amount_minor"]);
      if (!amounts.some(amountHash(account, amountMinor), (place) => file.accounts[place] === account && file.amounts[place] === amountMinor)) continue;
      keys.add(account, source, day, amountMinor, textHash(String(row["search_text"])), bankHash(row["bank_id"]));
    }
    await query.pause();
  }
  return { keys, coverage: (source, account) => (source < 0 ? undefined : coverages.get(coverageKey(source, account))) };
}

function widen(coverages: Map<number, { first: number; last: number }>, key: number, day: number): void {
  const days = coverages.get(key);
  if (days === undefined) coverages.set(key, { first: day, last: day });
  else if (day < days.first) days.first = day;
  else if (day > days.last) days.last = day;
}

/** Rows as a bank states them. A split one is meant, not its parts; only rows by hand and of finished imports. */
function entries(workspaceId: string) {
  return sql`"transaction"."workspace_id" = ${workspaceId} and "transaction"."parent_id" is null and coalesce("transaction"."import_id", '') in
    (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and "import"."status" = 'complete' union all select '')`;
}

/** Hash of a bank's id; 0 when there is none to believe: one without a digit is a phrase like NONREF. */
export function bankHash(bankId: unknown): number {
  return typeof bankId === "string" && /\d/.test(bankId) ? textHash(bankId) : 0;
}

function rangeOf(days: Int32Array, count: number): readonly [number, number] {
  let [first, last] = [Infinity, -Infinity];
  for (let row = 0; row < count; row++) {
    const day = days[row] ?? 0;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  return [first, last];
}

const storedRow = z.object({
  id: z.string(), account_id: z.string(), import_id: z.string().nullable(), posted_on: z.string(), amount_minor: z.unknown().transform(Number),
  currency: z.string(), description: z.string(), counterparty_name: z.string().nullable(), search_text: z.string(),
});

/** Reads rows again that are known by their keys; the caller tells the place. Rows of more than {@link daysAskedMax} days are left out. */
export async function readBooksRows(database: LocalDatabase, keys: RowKeys, places: readonly number[], query: BooksQuery): Promise<Map<number, BooksRow>> {
  const found = new Map<number, BooksRow>();
  const byDay = new Map<number, number[]>();
  for (const place of places) {
    const day = keys.days[place] ?? 0;
    byDay.set(day, [...(byDay.get(day) ?? []), place]);
  }
  for (const [day, wanted] of [...byDay].slice(0, daysAskedMax)) {
    const rows = await database.query(sql`
      select "id", "account_id", "import_id", "posted_on", "amount_minor", "currency", "description", "counterparty_name", "search_text" from "transaction"
      where ${entries(query.workspaceId)} and "transaction"."posted_on" = ${dateOfDay(day)} order by "id"`);
    const free = rows.map((row) => storedRow.parse(row));
    for (const place of wanted) {
      const at = free.findIndex((row) => query.accounts.indexOf(row.account_id) === keys.accounts[place] && row.amount_minor === keys.amounts[place] && textHash(row.search_text) === keys.texts[place]);
      const [row] = at < 0 ? [] : free.splice(at, 1);
      if (row === undefined) continue;
      const { id, import_id: importId, posted_on: postedOn, amount_minor: amountMinor, currency, description, counterparty_name: counterpartyName, search_text: searchText } = row;
      found.set(place, { id, importId, postedOn, amountMinor, currency, description, counterpartyName, searchText });
    }
  }
  return found;
}

/** From this share of common words on two texts speak of one thing. */
const likenessMin = 0.5;

/** True when two rows with the same money may be one movement: some of their words are the same, or they are of the same day. */
export function mayBeOne(fileText: string, booksText: string, daysApart: number): boolean {
  return daysApart === 0 || textLikeness(fileText, booksText) >= likenessMin;
}
