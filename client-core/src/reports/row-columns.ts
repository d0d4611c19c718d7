import { transactionKinds, type Row } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { fieldEnd, readColumns, rowEnd, type SqlReader } from "../store/index.ts";

/** What many rows have in common. */
export type RowPlace = Readonly<Pick<Row<"transaction">, "currency" | "kind" | "accountId" | "categoryId" | "counterpartyId" | "counterpartyTaxId" | "isDistinct">>;

/** Rows that count in reports, transfers among them, by day and then id: the same books are the same rows on every device. */
export interface RowColumns {
  readonly postedOn: readonly string[];
  readonly ids: readonly string[];
  readonly amountMinor: Float64Array;
  /** As the bank gives it; empty where it gives none. */
  readonly counterpartyNames: readonly string[];
  readonly descriptions: readonly string[];
  /** One and the same object for rows that have it in common. */
  readonly places: readonly RowPlace[];
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

/** In the order of the columns in {@link columnReader}. What many rows have in common stands together: it is looked up once for each of them. */
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

/** Reads rows of "transaction", given what follows `from`; in the order they come. Equal texts and places of all its readings are one value. */
export function columnReader(reader: SqlReader): (from: SQL) => Promise<RowColumns> {
  const [dates, names] = [oneOfEqual((date) => date), oneOfEqual((name) => name)];
  const places = oneOfEqual(placeOf);
  const decode = ([dateTexts = "", idTexts = "", amounts = "", nameTexts = "", descriptionTexts = "", placeTexts = ""]: readonly string[], count: number): RowColumns | undefined => {
    const postedOn = valuesIn(dateTexts, count, dates);
    const ids = valuesIn(idTexts, count, asItIs);
    const amountMinor = numbersIn(amounts, count);
    const counterpartyNames = valuesIn(nameTexts, count, names);
    const descriptions = valuesIn(descriptionTexts, count, asItIs);
    const ofPlaces = valuesIn(placeTexts, count, places);
    if (!postedOn || !ids || !amountMinor || !counterpartyNames || !descriptions || !ofPlaces) return undefined;
    return { postedOn, ids, amountMinor, counterpartyNames, descriptions, places: ofPlaces };
  };
  return (from) => readColumns(reader, fields, from, decode);
}

/** Makes a value of what stands in a text from one place to before another. */
type ReadField<Value> = (text: string, start: number, end: number) => Value;

const asItIs: ReadField<string> = (text, start, end) => text.slice(start, end);

/** The values of a column's fields; undefined when there are not as many as wanted. */
function valuesIn<Value>(text: string, count: number, read: ReadField<Value>): Value[] | undefined {
  const values: Value[] = [];
  for (let start = 0; values.length < count; ) {
    const end = text.indexOf(rowEnd, start);
    values.push(read(text, start, end < 0 ? text.length : end));
    if (end < 0) return values.length === count ? values : undefined;
    start = end + 1;
  }
  return count === 0 ? values : undefined;
}

const [minusSign, zeroDigit, rowEndSign] = ["-".charCodeAt(0), "0".charCodeAt(0), rowEnd.charCodeAt(0)];

/** The whole numbers of a column, read where they stand; undefined when there are not as many as wanted. */
function numbersIn(text: string, count: number): Float64Array | undefined {
  const numbers = new Float64Array(count);
  let [at, size, sign] = [0, 0, 1];
  for (let place = 0; place < text.length; place++) {
    const letter = text.charCodeAt(place);
    if (letter === rowEndSign) {
      numbers[at++] = sign * size;
      [size, sign] = [0, 1];
    } else if (letter === minusSign) sign = -1;
    else size = size * 10 + (letter - zeroDigit);
  }
  if (count > 0) numbers[at++] = sign * size;
  return at === count ? numbers : undefined;
}

/** A text that was met, and others that hash alike. */
interface Known<Value> {
  readonly text: string;
  readonly value: Value;
  readonly next: Known<Value> | undefined;
}

/**
 * Makes one value of equal texts: they are looked up again and again, and what a text hashes to is worked out once. Neighbours are often alike. Only of a text that is
 * new one is made: a row's own would be thrown away at once, with millions like it.
 */
function oneOfEqual<Value>(make: (text: string) => Value): ReadField<Value> {
  const known = new Map<number, Known<Value>>();
  let last: Known<Value> | undefined;
  return (joined, start, end) => {
    if (last !== undefined && standsAt(joined, start, end, last.text)) return last.value;
    const hash = hashOf(joined, start, end);
    const alike = known.get(hash);
    let found = alike;
    while (found !== undefined && !standsAt(joined, start, end, found.text)) found = found.next;
    if (found === undefined) {
      const text = joined.slice(start, end);
      known.set(hash, (found = { text, value: make(text), next: alike }));
    }
    last = found;
    return found.value;
  };
}

function standsAt(joined: string, start: number, end: number, text: string): boolean {
  return text.length === end - start && joined.startsWith(text, start);
}

/** The Fowler-Noll-Vo hash of what stands in a text, in 30 bits. */
function hashOf(joined: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ joined.charCodeAt(at), 0x01000193);
  return hash >>> 2;
}

/** The rows of several readings, one after another. */
export function joinedRows(parts: readonly RowColumns[]): RowColumns {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const together = <Value>(column: (part: RowColumns) => readonly Value[]): Value[] => {
    const none: Value[] = [];
    return none.concat(...parts.map(column));
  };
  const amountMinor = new Float64Array(parts.reduce((count, part) => count + part.amountMinor.length, 0));
  let filled = 0;
  for (const part of parts) {
    amountMinor.set(part.amountMinor, filled);
    filled += part.amountMinor.length;
  }
  return {
    postedOn: together(({ postedOn }) => postedOn),
    ids: together(({ ids }) => ids),
    amountMinor,
    counterpartyNames: together(({ counterpartyNames }) => counterpartyNames),
    descriptions: together(({ descriptions }) => descriptions),
    places: together(({ places }) => places),
  };
}

/** The rows by day and then id. */
export function sortedRows(rows: RowColumns): RowColumns {
  const order = orderOf(rows);
  if (order === undefined) return rows;
  const sorted = <Value>(column: readonly Value[]): Value[] => {
    const values: Value[] = [];
    for (const place of order) {
      const value = column[place];
      if (value !== undefined) values.push(value);
    }
    return values;
  };
  return {
    postedOn: sorted(rows.postedOn),
    ids: sorted(rows.ids),
    amountMinor: Float64Array.from(order, (place) => rows.amountMinor[place] ?? 0),
    counterpartyNames: sorted(rows.counterpartyNames),
    descriptions: sorted(rows.descriptions),
    places: sorted(rows.places),
  };
}

/** Places by day, then id; undefined where rows stand so, as they mostly do. Days are few and counted off; ids within a day are looked at only where they stand otherwise. */
function orderOf({ postedOn, ids }: RowColumns): Int32Array | undefined {
  const isBefore = (a: number, b: number) => {
    const [one = "", two = ""] = [postedOn[a], postedOn[b]];
    return one < two || (one === two && (ids[a] ?? "") <= (ids[b] ?? ""));
  };
  if (postedOn.every((_, place) => place === 0 || isBefore(place - 1, place))) return undefined;
  const rowsOfDays = new Map<string, number[]>();
  for (const [place, day] of postedOn.entries()) {
    const rows = rowsOfDays.get(day);
    if (rows === undefined) rowsOfDays.set(day, [place]);
    else rows.push(place);
  }
  const order = new Int32Array(postedOn.length);
  let filled = 0;
  for (const day of [...rowsOfDays.keys()].toSorted()) {
    const rows = rowsOfDays.get(day) ?? [];
    if (!rows.every((place, at) => at === 0 || isBefore(rows[at - 1] ?? place, place))) rows.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    order.set(rows, filled);
    filled += rows.length;
  }
  return order;
}

/** The first place of sorted rows on a day or after it. */
export function firstPlaceFrom({ postedOn }: RowColumns, day: string): number {
  let [low, high] = [0, postedOn.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((postedOn[middle] ?? "") < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of some days, both included, out of sorted ones. */
export function rowsWithin(rows: RowColumns, first: string, last: string): RowColumns {
  const start = firstPlaceFrom(rows, first);
  let end = firstPlaceFrom(rows, last);
  while (rows.postedOn[end] === last) end++;
  const { postedOn, ids, amountMinor, counterpartyNames, descriptions, places } = rows;
  return {
    postedOn: postedOn.slice(start, end),
    ids: ids.slice(start, end),
    amountMinor: amountMinor.slice(start, end),
    counterpartyNames: counterpartyNames.slice(start, end),
    descriptions: descriptions.slice(start, end),
    places: places.slice(start, end),
  };
}
