import { firstDay, lastDay, transactionKinds, type Month, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { fieldEnd, readColumns, type SqlReader } from "../store/index.ts";
import { countedRows } from "./counted-rows.ts";

/** What many rows have in common. */
export type RowPlace = Readonly<Pick<Row<"transaction">, "currency" | "kind" | "accountId" | "categoryId" | "counterpartyId" | "counterpartyTaxId" | "isDistinct">>;

/** Rows of one month that count in reports, transfers among them, by day and then id: the same books are the same rows on every device. */
export interface MonthRows {
  readonly postedOn: readonly string[];
  readonly ids: readonly string[];
  readonly amountMinor: Float64Array;
  /** As the bank gives it; empty where it gives none. */
  readonly counterpartyNames: readonly string[];
  readonly descriptions: readonly string[];
  readonly places: readonly RowPlace[];
}

/** The rows of a workspace, month by month. */
export interface Months {
  read(month: Month): Promise<MonthRows>;
}

const shared = new WeakMap<SqlReader, Map<string, Months>>();

/** Of a reader given here, months that one part of an analysis asks for are kept for the next one that does, and no longer. */
export function shareMonths(reader: SqlReader): void {
  shared.set(reader, new Map());
}

/** Opens the rows of a workspace. Give it a snapshot. */
export function openMonths(reader: SqlReader, workspaceId: string): Months {
  const known = shared.get(reader);
  const months = known?.get(workspaceId) ?? (known === undefined ? monthsIn(reader, workspaceId) : keptOnce(monthsIn(reader, workspaceId)));
  known?.set(workspaceId, months);
  return months;
}

function keptOnce({ read }: Months): Months {
  const kept = new Map<Month, Promise<MonthRows>>();
  return {
    read(month) {
      const rows = kept.get(month);
      if (rows !== undefined) {
        kept.delete(month);
        return rows;
      }
      const first = read(month);
      kept.set(month, first);
      return first;
    },
  };
}

const placeFields = [
  sql`"transaction"."currency"`,
  sql`"transaction"."kind"`,
  sql`"transaction"."account_id"`,
  sql`coalesce("transaction"."category_id", '')`,
  sql`coalesce("transaction"."counterparty_id", '')`,
  sql`coalesce("transaction"."counterparty_tax_id", '')`,
  sql`case when "transaction"."is_distinct" then '1' else '0' end`,
];

/** In the order of the columns in {@link monthsIn}. What many rows have in common stands together: it is looked up once for each of them. */
const fields = [
  sql`"transaction"."posted_on"`,
  sql`"transaction"."id"`,
  sql`cast("transaction"."amount_minor" as text)`,
  sql`coalesce("transaction"."counterparty_name", '')`,
  sql`"transaction"."description"`,
  sql`concat_ws(${sql.raw(`'${fieldEnd}'`)}, ${sql.join(placeFields, sql`, `)})`,
];

const kinds = new Map<string, RowPlace["kind"]>(transactionKinds.map((kind) => [kind, kind]));

function placeOf(text: string): RowPlace {
  const [currency = "", kind = "", accountId = "", categoryId = "", counterpartyId = "", taxId = "", distinct = ""] = text.split(fieldEnd);
  return { currency, kind: kinds.get(kind) ?? "ordinary", accountId, categoryId: categoryId || null, counterpartyId: counterpartyId || null, counterpartyTaxId: taxId || null, isDistinct: distinct === "1" };
}

/** A device finds a month by its index on dates. A server keeps none, and looks at all rows of the workspace for each statement: there a year is read at once. */
function monthsIn(reader: SqlReader, workspaceId: string): Months {
  const readDays = daysOf(reader, workspaceId);
  if (reader.keepsRollups) return { read: (month) => readDays(firstDay(month), lastDay(month)) };
  let last: { readonly year: string; readonly rows: Promise<MonthRows> } | undefined;
  return {
    async read(month) {
      const year = month.slice(0, 4);
      if (last?.year !== year) last = { year, rows: readDays(`${year}-01-01`, `${year}-12-31`) };
      return cut(await last.rows, firstDay(month), lastDay(month));
    },
  };
}

function cut({ postedOn, ids, amountMinor, counterpartyNames, descriptions, places }: MonthRows, from: string, to: string): MonthRows {
  const placeFrom = (isThere: (day: string) => boolean) => {
    const place = postedOn.findIndex(isThere);
    return place < 0 ? postedOn.length : place;
  };
  const [start, end] = [placeFrom((day) => day >= from), placeFrom((day) => day > to)];
  return {
    postedOn: postedOn.slice(start, end),
    ids: ids.slice(start, end),
    amountMinor: amountMinor.slice(start, end),
    counterpartyNames: counterpartyNames.slice(start, end),
    descriptions: descriptions.slice(start, end),
    places: places.slice(start, end),
  };
}

function daysOf(reader: SqlReader, workspaceId: string): (first: string, last: string) => Promise<MonthRows> {
  const [dates, names] = [oneOfEqual((date) => date), oneOfEqual((name) => name)];
  const places = oneOfEqual(placeOf);
  return async (first, last) => {
    const from = sql`"transaction" where ${countedRows(workspaceId)} and "transaction"."posted_on" >= ${first} and "transaction"."posted_on" <= ${last}`;
    const [postedOn = [], ids = [], amounts = [], counterpartyNames = [], descriptions = [], placeTexts = []] = await readColumns(reader, fields, from);
    const order = inOrder(postedOn, ids);
    const sorted = (column: readonly string[]) => (order === undefined ? column : Array.from(order, (place) => column[place] ?? ""));
    return {
      postedOn: sorted(postedOn).map(dates),
      ids: sorted(ids),
      amountMinor: Float64Array.from(sorted(amounts), Number),
      counterpartyNames: sorted(counterpartyNames).map(names),
      descriptions: sorted(descriptions),
      places: sorted(placeTexts).map(places),
    };
  };
}

/** Makes one value of equal texts: they are looked up again and again, and what a text hashes to is worked out once. */
function oneOfEqual<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined) return value;
    const made = make(text);
    known.set(text, made);
    return made;
  };
}

/** Places by day, then id; undefined where rows stand so, as they mostly do. */
function inOrder(dates: readonly string[], ids: readonly string[]): Int32Array | undefined {
  const compare = (a: number, b: number) => {
    const [one = "", two = ""] = [dates[a], dates[b]];
    return one === two ? ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1) : one < two ? -1 : 1;
  };
  if (dates.every((_, place) => place === 0 || compare(place - 1, place) < 0)) return undefined;
  return Int32Array.from(dates, (_, place) => place).sort(compare);
}
