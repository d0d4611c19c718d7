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

/** Gathers rows into a {@link Ledger}. */
export interface LedgerBuilder {
  add(row: LedgerRow): void;
  build(): Ledger;
}

/** Makes a {@link LedgerBuilder} for rows with so many details. */
export function ledgerBuilder(detailCount = 0): LedgerBuilder {
  const [currencies, names, vendors, categories, accounts] = [new Numbering(), new Numbering(), new Numbering(), new Numbering(), new Numbering()];
  const detailNames = Array.from({ length: detailCount }, () => new Numbering());
  const days = new Map<string, number>();
  const vendorOfName: number[] = [];
  const columns = { ids: [] as string[], day: [] as number[], minute: [] as number[], amount: [] as number[], currency: [] as number[], name: [] as number[], category: [] as number[], account: [] as number[], document: [] as number[], distinct: [] as number[] };
  const details = detailNames.map((): number[] => []);
  let [lastDate, lastDay]: [string | undefined, number] = [undefined, 0];
  const dayOf = (date: string) => {
    if (date === lastDate) return lastDay;
    const day = days.get(date) ?? Date.parse(`${date}T00:00:00Z`) / dayMs;
    days.set(date, day);
    lastDate = date;
    lastDay = day;
    return day;
  };
  return {
    add(row) {
      const spelled = row.counterparty === "" ? row.description : row.counterparty;
      const name = names.of(spelled);
      vendorOfName[name] ??= vendors.of(vendorKey(spelled));
      columns.ids.push(row.id);
      columns.day.push(dayOf(row.postedOn));
      columns.minute.push(row.minuteOfDay ?? -1);
      columns.amount.push(row.amountMinor);
      columns.currency.push(currencies.of(row.currency));
      columns.name.push(name);
      columns.category.push(row.category === null || row.category === "" ? -1 : categories.of(row.category));
      columns.account.push(row.account === null ? -1 : accounts.of(row.account));
      columns.document.push(row.counterparty === "" ? 0 : documentNumber(row.description));
      columns.distinct.push(row.isDistinct ? 1 : 0);
      for (const [index, column] of details.entries()) column.push(detailNames[index]?.of(row.details[index] ?? "") ?? -1);
    },
    build() {
      const order = inOrder(columns.day);
      const sorted = (column: readonly number[]) => placed(new Int32Array(column.length), column, order);
      const name = sorted(columns.name);
      return {
        count: name.length,
        ids: order === undefined ? columns.ids : Array.from(order, (place) => columns.ids[place] ?? ""),
        day: sorted(columns.day),
        minuteOfDay: placed(new Int16Array(name.length), columns.minute, order),
        amountMinor: placed(new Float64Array(name.length), columns.amount, order),
        currency: sorted(columns.currency),
        currencies: currencies.texts,
        vendor: name.map((of) => vendorOfName[of] ?? -1),
        vendorKeys: vendors.texts,
        name,
        names: names.texts,
        category: sorted(columns.category),
        categories: categories.texts,
        account: sorted(columns.account),
        document: placed(new Float64Array(name.length), columns.document, order),
        details: details.map(sorted),
        isDistinct: placed(new Uint8Array(name.length), columns.distinct, order),
      };
    },
  };
}

/** Places in the order of their days, those of one day as they came; undefined where they are in it, as most ledgers are. */
function inOrder(days: readonly number[]): Int32Array | undefined {
  if (days.every((day, place) => place === 0 || (days[place - 1] ?? 0) <= day)) return undefined;
  return Int32Array.from(days, (_, place) => place).sort((a, b) => (days[a] ?? 0) - (days[b] ?? 0) || a - b);
}

/** Fills an array with a column's values in an order. */
function placed<Values extends Int32Array | Int16Array | Float64Array | Uint8Array>(into: Values, column: readonly number[], order: Int32Array | undefined): Values {
  for (let place = 0; place < into.length; place++) into[place] = column[order?.[place] ?? place] ?? 0;
  return into;
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
