import { compareBytewise, minor, minorFromDatabase, searchTextOf, transactionKinds, type Minor, type Row } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { readRows, type SqlReader } from "../store/index.ts";
import { countAll, countedRows, notTransfers, sumIn, sumOut } from "./counted-rows.ts";

/** Most rows one page holds. */
export const transactionPageRowsMax = 500;

/** Which of the rows that count are meant; every field narrows. */
export interface TransactionFilter {
  readonly workspaceId: string;
  /** First posting date, included. */
  readonly from?: string;
  /** Last posting date, included. */
  readonly to?: string;
  /** Null: those without a category. */
  readonly categoryId?: string | null;
  readonly accountId?: string;
  readonly importId?: string;
  readonly direction?: "in" | "out";
  readonly kind?: Row<"transaction">["kind"];
  /** Words as a person typed them; a row matches when it has the whole text, in any case, ё as е. */
  readonly search?: string;
  readonly currency?: string;
  /** Any of these counterparties, as the bank writes them. */
  readonly counterpartyNames?: readonly string[];
  /** Only on these days. */
  readonly days?: readonly string[];
  /** Exactly these rows. */
  readonly ids?: readonly string[];
  /** Leaves transfers between own accounts out, as revenue and expenses do. */
  readonly excludeTransfers?: boolean;
  /** Only transfers between own accounts. */
  readonly onlyTransfers?: boolean;
  /** Any of these; null is none. */
  readonly categoryIds?: readonly (string | null)[];
  /** The name as the bank gave it; null is none. */
  readonly counterpartyName?: string | null;
  /** None of these names; null is none. */
  readonly exceptCounterpartyNames?: readonly (string | null)[];
}

/** Money of the filter's rows in one currency; `outMinor` is a positive amount. */
export interface CurrencyTotal {
  readonly currency: string;
  readonly inMinor: Minor;
  readonly outMinor: Minor;
  readonly count: number;
}

/**
 * One page of transactions, newest first (by posting date, then id). `cursor` is the `nextCursor` of the page before, null for the first.
 * Throws `RangeError` when the limit is not 1 to {@link transactionPageRowsMax} or the cursor is not one of ours.
 */
export async function listTransactions(
  reader: SqlReader,
  filter: TransactionFilter,
  cursor: string | null,
  limit: number,
): Promise<{ readonly rows: Row<"transaction">[]; readonly nextCursor: string | null }> {
  if (!Number.isInteger(limit) || limit < 1 || limit > transactionPageRowsMax) throw new RangeError("the page limit is out of range");
  const after = cursor === null ? sql`` : sql` and ("transaction"."posted_on", "transaction"."id") < (${sql.join(positionOf(cursor), sql`, `)})`;
  const order = sql`order by "transaction"."posted_on" desc, "transaction"."id" desc limit ${limit + 1}`;
  const found = await readRows(reader, "transaction", sql`where ${matching(filter)}${after} ${order}`);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: last && found.length > limit ? `${last.postedOn} ${last.id}` : null };
}

function positionOf(cursor: string): SQL[] {
  const match = /^(\d{4}-\d{2}-\d{2}) (\S{1,64})$/.exec(cursor);
  if (!match) throw new RangeError("not a cursor of a page");
  return [sql`${match[1]}`, sql`${match[2]}`];
}

const totalRow = z.object({
  currency: z.string(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
  row_count: z.unknown().transform(minorFromDatabase),
});

/** Count and sums by currency of everything a filter matches: the foot of a drill-down, equal to the figure it was opened from. */
export async function totalTransactions(
  reader: SqlReader,
  filter: TransactionFilter,
): Promise<{ readonly count: number; readonly totals: readonly CurrencyTotal[] }> {
  const rows = await reader.query(sql`
    select "transaction"."currency", ${sumIn} as "in_minor", ${sumOut} as "out_minor", ${countAll} as "row_count"
    from "transaction" where ${matching(filter)} group by "transaction"."currency" order by "transaction"."currency"`);
  const totals = rows
    .map((row) => totalRow.parse(row))
    .map((row) => ({ currency: row.currency, inMinor: row.in_minor, outMinor: row.out_minor, count: row.row_count }));
  return { count: totals.reduce((sum, { count }) => sum + count, 0), totals };
}

/** Money of a filter's rows in one currency, all amounts positive: what came in and went out, and what moved between own accounts and is neither. */
export interface ListedTotal {
  readonly currency: string;
  readonly inMinor: Minor;
  readonly outMinor: Minor;
  readonly transferInMinor: Minor;
  readonly transferOutMinor: Minor;
  /** Of all its rows. */
  readonly count: number;
}

/** What {@link totalTransactions} tells, with transfers between own accounts told apart. */
export async function totalApart(reader: SqlReader, filter: TransactionFilter): Promise<ApartTotals> {
  const own = sql`case when ${notTransfers(filter.workspaceId)} then 0 else 1 end`;
  const rows = await reader.query(sql`
    select "currency", "own_transfer", ${sumIn} as "in_minor", ${sumOut} as "out_minor", ${countAll} as "row_count"
    from (select "transaction"."currency", "transaction"."amount_minor", ${own} as "own_transfer" from "transaction" where ${matching(filter)}) as "transaction"
    group by "currency", "own_transfer" order by "currency", "own_transfer"`);
  const totals = rows.map((row) => totalRow.extend({ own_transfer: z.number() }).parse(row));
  const part = (flag: number) =>
    totals.filter((row) => row.own_transfer === flag).map((row) => ({ currency: row.currency, inMinor: row.in_minor, outMinor: row.out_minor, count: row.row_count }));
  return { counted: part(0), transfers: part(1) };
}

/** The two parts of a list's totals. */
export interface ApartTotals {
  readonly counted: readonly CurrencyTotal[];
  readonly transfers: readonly CurrencyTotal[];
}

/** Puts the two parts side by side, by currency. */
export function besideTransfers({ counted, transfers }: ApartTotals): { readonly count: number; readonly totals: readonly ListedTotal[] } {
  const currencies = [...new Set([...counted, ...transfers].map(({ currency }) => currency))].toSorted(compareBytewise);
  const totals = currencies.map((currency) => {
    const [own, moved] = [counted, transfers].map((part) => part.find((total) => total.currency === currency));
    return {
      currency,
      inMinor: own?.inMinor ?? minor(0),
      outMinor: own?.outMinor ?? minor(0),
      transferInMinor: moved?.inMinor ?? minor(0),
      transferOutMinor: moved?.outMinor ?? minor(0),
      count: (own?.count ?? 0) + (moved?.count ?? 0),
    };
  });
  return { count: totals.reduce((sum, { count }) => sum + count, 0), totals };
}

/** Money of one kind of rows in one currency, and the value added tax their purposes name. */
export interface KindTotal extends CurrencyTotal {
  readonly kind: Row<"transaction">["kind"];
  readonly vatMinor: Minor;
}

const kindRow = z.object({
  kind: z.enum(transactionKinds),
  currency: z.string(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
  vat_minor: z.unknown().transform(minorFromDatabase),
  row_count: z.unknown().transform(minorFromDatabase),
});

/** What the rows of a filter come to by kind and currency, in order of both. */
export async function totalsByKind(reader: SqlReader, filter: TransactionFilter): Promise<KindTotal[]> {
  const rows = await reader.query(sql`
    select "transaction"."kind", "transaction"."currency", ${sumIn} as "in_minor", ${sumOut} as "out_minor",
      cast(coalesce(sum("transaction"."vat_minor"), 0) as bigint) as "vat_minor", ${countAll} as "row_count"
    from "transaction" where ${matching(filter)} group by "transaction"."kind", "transaction"."currency" order by "transaction"."kind", "transaction"."currency"`);
  return rows.map((row) => kindRow.parse(row)).map((row) => ({ kind: row.kind, currency: row.currency, inMinor: row.in_minor, outMinor: row.out_minor, vatMinor: row.vat_minor, count: row.row_count }));
}

/** A column of text is one of some; null stands for none, as does an empty text. Of no values, none is. */
function isOneOf(column: string, values: readonly (string | null)[]): SQL {
  if (values.length === 0) return sql`1 = 0`;
  return sql`coalesce("transaction".${sql.identifier(column)}, '') in (${sql.join(values.map((value) => sql`${value ?? ""}`), sql`, `)})`;
}

function matching(filter: TransactionFilter): SQL {
  const { workspaceId, from, to, categoryId, accountId, importId, direction, kind, search, currency, counterpartyNames, ids } = filter;
  const { days, excludeTransfers, onlyTransfers, categoryIds, counterpartyName, exceptCounterpartyNames } = filter;
  const words = search === undefined ? "" : searchTextOf(search, null);
  const conditions = [
    countedRows(workspaceId),
    from !== undefined && sql`"transaction"."posted_on" >= ${from}`,
    to !== undefined && sql`"transaction"."posted_on" <= ${to}`,
    days !== undefined && sql`"transaction"."posted_on" in (${listed(days)})`,
    categoryId !== undefined && (categoryId === null ? sql`"transaction"."category_id" is null` : sql`"transaction"."category_id" = ${categoryId}`),
    accountId !== undefined && sql`"transaction"."account_id" = ${accountId}`,
    importId !== undefined && sql`"transaction"."import_id" = ${importId}`,
    direction === "in" && sql`"transaction"."amount_minor" > 0`,
    direction === "out" && sql`"transaction"."amount_minor" < 0`,
    kind !== undefined && sql`"transaction"."kind" = ${kind}`,
    currency !== undefined && sql`"transaction"."currency" = ${currency}`,
    counterpartyNames !== undefined && sql`"transaction"."counterparty_name" in (${listed(counterpartyNames)})`,
    ids !== undefined && sql`"transaction"."id" in (${listed(ids)})`,
    words !== "" && sql`"transaction"."search_text" like ${`%${words.replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`,
    excludeTransfers === true && notTransfers(workspaceId),
    onlyTransfers === true && sql`not (${notTransfers(workspaceId)})`,
    categoryIds !== undefined && isOneOf("category_id", categoryIds),
    counterpartyName !== undefined && isOneOf("counterparty_name", [counterpartyName]),
    exceptCounterpartyNames !== undefined && exceptCounterpartyNames.length > 0 && sql`not (${isOneOf("counterparty_name", exceptCounterpartyNames)})`,
  ];
  return sql.join(conditions.filter((condition) => condition !== false), sql` and `);
}

function listed(texts: readonly string[]): SQL {
  return sql.join(texts.map((text) => sql`${text}`), sql`, `);
}
