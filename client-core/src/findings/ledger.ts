import { documentNumber } from "./document-number.ts";
import { vendorKey } from "./vendor-key.ts";

/** One movement of money as findings look at it. */
export interface LedgerRow {
  readonly id: string;
  readonly postedOn: string;
  /** Minute of the day; null where only the date is known. */
  readonly minuteOfDay: number | null;
  /** + in, − out. */
  readonly amountMinor: number;
  readonly currency: string;
  /** Empty where the bank names none: then the description stands for it. */
  readonly counterparty: string;
  readonly description: string;
  readonly category: string | null;
  readonly account: string | null;
  /** Whatever else is known of the row that tells rows apart (cost centre, card, department), in the same order in every row. */
  readonly details: readonly string[];
  /** A person said that it is no copy of a row like it. */
  readonly isDistinct: boolean;
}

/**
 * The rows of a ledger as columns, in the order of posting dates. Names are numbered; −1 stands for none. Everything that findings compute
 * is a pass over these arrays.
 */
export interface Ledger {
  readonly count: number;
  readonly ids: readonly string[];
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** −1 where unknown. */
  readonly minuteOfDay: Int16Array;
  readonly amountMinor: Float64Array;
  readonly currency: Int32Array;
  readonly currencies: readonly string[];
  /** The counterparty whatever its spelling. */
  readonly vendor: Int32Array;
  readonly vendorKeys: readonly string[];
  /** The counterparty as it is spelled. */
  readonly name: Int32Array;
  readonly names: readonly string[];
  readonly category: Int32Array;
  readonly categories: readonly string[];
  readonly account: Int32Array;
  /** A number for the document the purpose names by its own; 0 where it names none. */
  readonly document: Float64Array;
  readonly details: readonly Int32Array[];
  readonly isDistinct: Uint8Array;
}

const dayMs = 86_400_000;

/** Numbers texts in the order they come. */
class Numbering {
  readonly #numbers = new Map<string, number>();
  readonly texts: string[] = [];

  /** The last one asked for: neighbours are often alike. */
  #text: string | undefined;
  #number = -1;

  of(text: string): number {
    if (text === this.#text) return this.#number;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    this.#text = text;
    return (this.#number = number);
  }
}

/** What many rows have in common. */
export type LedgerPlace = Readonly<Pick<LedgerRow, "currency" | "category" | "account" | "isDistinct">>;

/** Gathers rows into a {@link Ledger}. */
export interface LedgerBuilder {
  add(row: LedgerRow): void;
  /** Adds rows by their columns; rows without a place are left out. Rows with one and the same place are numbered by it once. */
  addColumns(columns: LedgerColumns): void;
  build(): Ledger;
}

/** Rows as columns, of which only the date is known. */
export interface LedgerColumns {
  readonly ids: readonly string[];
  readonly postedOn: readonly string[];
  readonly amountMinor: ArrayLike<number>;
  readonly counterparties: readonly string[];
  readonly descriptions: readonly string[];
  readonly places: readonly (LedgerPlace | null)[];
}

/** Numbers of what a {@link LedgerPlace} names. */
interface PlaceNumbers {
  readonly currency: number;
  readonly category: number;
  readonly account: number;
  readonly isDistinct: number;
}

/** Makes a {@link LedgerBuilder} for rows with so many details. */
export function ledgerBuilder(detailCount = 0): LedgerBuilder {
  const [currencies, names, vendors, categories, accounts] = [new Numbering(), new Numbering(), new Numbering(), new Numbering(), new Numbering()];
  const detailNames = Array.from({ length: detailCount }, () => new Numbering());
  const dayOf = dayNumbers();
  const vendorOfName: number[] = [];
  const ids: string[] = [];
  let columns = columnsOf(1_024, detailCount);
  const numbersOf = ({ currency, category, account, isDistinct }: LedgerPlace): PlaceNumbers => ({
    currency: currencies.of(currency),
    category: category === null || category === "" ? -1 : categories.of(category),
    account: account === null ? -1 : accounts.of(account),
    isDistinct: isDistinct ? 1 : 0,
  });
  /** Adds a row and gives its place. */
  const addRow = (place: PlaceNumbers, id: string, date: string, amountMinor: number, counterparty: string, description: string): number => {
    const row = ids.push(id) - 1;
    if (row >= columns.day.length) columns = grown(columns);
    const spelled = counterparty === "" ? description : counterparty;
    const name = names.of(spelled);
    vendorOfName[name] ??= vendors.of(vendorKey(spelled));
    columns.day[row] = dayOf(date);
    columns.amount[row] = amountMinor;
    columns.name[row] = name;
    columns.document[row] = counterparty === "" ? 0 : documentNumber(description);
    columns.currency[row] = place.currency;
    columns.category[row] = place.category;
    columns.account[row] = place.account;
    columns.distinct[row] = place.isDistinct;
    return row;
  };
  const known = new Map<LedgerPlace, PlaceNumbers>();
  return {
    add(place) {
      const { id, postedOn, minuteOfDay, amountMinor, counterparty, description, details } = place;
      const row = addRow(numbersOf(place), id, postedOn, amountMinor, counterparty, description);
      columns.minute[row] = minuteOfDay ?? -1;
      for (const [index, column] of columns.details.entries()) column[row] = detailNames[index]?.of(details[index] ?? "") ?? -1;
    },
    addColumns({ ids: added, postedOn, amountMinor, counterparties, descriptions, places }) {
      for (let at = 0; at < added.length; at++) {
        const place = places[at];
        if (!place) continue;
        let numbers = known.get(place);
        if (numbers === undefined) known.set(place, (numbers = numbersOf(place)));
        const row = addRow(numbers, added[at] ?? "", postedOn[at] ?? "", amountMinor[at] ?? 0, counterparties[at] ?? "", descriptions[at] ?? "");
        columns.minute[row] = -1;
      }
    },
    build() {
      const { length } = ids;
      const order = inOrder(columns.day.subarray(0, length));
      const name = placed(columns.name, length, order);
      return {
        count: length,
        ids: order === undefined ? ids : Array.from(order, (place) => ids[place] ?? ""),
        day: placed(columns.day, length, order),
        minuteOfDay: placed(columns.minute, length, order),
        amountMinor: placed(columns.amount, length, order),
        currency: placed(columns.currency, length, order),
        currencies: currencies.texts,
        vendor: name.map((of) => vendorOfName[of] ?? -1),
        vendorKeys: vendors.texts,
        name,
        names: names.texts,
        category: placed(columns.category, length, order),
        categories: categories.texts,
        account: placed(columns.account, length, order),
        document: placed(columns.document, length, order),
        details: columns.details.map((column) => placed(column, length, order)),
        isDistinct: placed(columns.distinct, length, order),
      };
    },
  };
}

/** Columns with room for rows to come. */
function columnsOf(size: number, detailCount: number) {
  const whole = () => new Int32Array(size);
  return {
    day: whole(),
    minute: new Int16Array(size),
    amount: new Float64Array(size),
    currency: whole(),
    name: whole(),
    category: whole(),
    account: whole(),
    document: new Float64Array(size),
    distinct: new Uint8Array(size),
    details: Array.from({ length: detailCount }, whole),
  };
}

/** The same columns with twice the room. */
function grown(columns: ReturnType<typeof columnsOf>): ReturnType<typeof columnsOf> {
  const larger = columnsOf(2 * columns.day.length, columns.details.length);
  for (const name of ["day", "minute", "amount", "currency", "name", "category", "account", "document", "distinct"] as const) larger[name].set(columns[name]);
  for (const [index, column] of larger.details.entries()) column.set(columns.details[index] ?? []);
  return larger;
}

/** Days of dates, each worked out once; neighbours are often alike. */
function dayNumbers(): (date: string) => number {
  const days = new Map<string, number>();
  let [lastDate, lastDay]: [string | undefined, number] = [undefined, 0];
  return (date) => {
    if (date === lastDate) return lastDay;
    const day = days.get(date) ?? Date.parse(`${date}T00:00:00Z`) / dayMs;
    days.set(date, day);
    lastDate = date;
    lastDay = day;
    return day;
  };
}

/** Places in the order of their days, those of one day as they came; undefined where they are in it, as most ledgers are. */
function inOrder(days: Int32Array): Int32Array | undefined {
  if (days.every((day, place) => place === 0 || (days[place - 1] ?? 0) <= day)) return undefined;
  return Int32Array.from(days, (_, place) => place).sort((a, b) => (days[a] ?? 0) - (days[b] ?? 0) || a - b);
}

/** The values of a column's first places, in an order. */
function placed<Values extends Int32Array | Int16Array | Float64Array | Uint8Array>(column: Values, length: number, order: Int32Array | undefined): Values;
function placed(column: Int32Array | Int16Array | Float64Array | Uint8Array, length: number, order: Int32Array | undefined): Int32Array | Int16Array | Float64Array | Uint8Array {
  const values = column.slice(0, length);
  if (order !== undefined) for (let place = 0; place < length; place++) values[place] = column[order[place] ?? place] ?? 0;
  return values;
}

/** Dates of days that were asked for: ledgers have many rows and few days. */
const datesKept = new Map<number, string>();
const datesKeptMax = 20_000;

/** The date of a day of a {@link Ledger}. */
export function dateOf(day: number): string {
  const known = datesKept.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  if (datesKept.size < datesKeptMax) datesKept.set(day, date);
  return date;
}
