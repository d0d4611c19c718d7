import { groupRows, pairNumbers } from "./grouping.ts";
import type { Ledger } from "./ledger.ts";

/** How well each row's category fits: logarithms of probabilities, the row itself left out. 0 is certain, −7 is one in a thousand. */
export interface CategorySignals {
  /** Given the counterparty's other payments. */
  readonly byVendor: Float32Array;
  /** Given the categories the counterparty is in and what else others who are in those are in. */
  readonly byKin: Float32Array;
  /** Given whichever other detail of the row fits best: its cost centre, its card; without any, its share of all rows. */
  readonly byDetails: Float32Array;
  /** Its share of all rows. */
  readonly overall: Float32Array;
  /** The share of the counterparty's other payments that are in its most usual category. */
  readonly usualShare: Float32Array;
  /** The counterparty's most usual category among its other payments; −1 where there is none. */
  readonly usual: Int32Array;
  /** How much better the best other category of the counterparty fits all that is known of a row, in logarithms; below 0 where none does. */
  readonly rival: (row: number) => number;
  /** How rare it is in the ledger that a counterparty's payments are all of one category but a single one: −ln of the share of payments that are such a single one. */
  readonly strayRarity: number;
}

/** Payments the overall share counts as beside a counterparty's own. */
const priorPayments = 1.5;
/** Most categories whose kinship is worked out: its table is their square. */
const kinCategoriesMax = 1_500;

/** Computes {@link CategorySignals}. Rows without a category get the values of certainty. */
export function categorySignals(ledger: Ledger): CategorySignals {
  const { count, category, categories, vendor, vendorKeys, details } = ledger;
  const signals: Columns = {
    byVendor: new Float32Array(count),
    byKin: new Float32Array(count),
    byDetails: new Float32Array(count),
    overall: new Float32Array(count),
    usualShare: new Float32Array(count),
    usual: new Int32Array(count).fill(-1),
  };
  const width = categories.length;
  if (width < 2) return { ...signals, rival: () => 0, strayRarity: 0 };
  const totals = new Float64Array(width);
  let known = 0;
  for (const number of category) {
    if (number < 0) continue;
    totals[number] = (totals[number] ?? 0) + 1;
    known++;
  }
  const share = totals.map((total) => (total + 0.5) / (known + 0.5 * width));
  const pairs = pairNumbers(vendor, category);
  const vendorTable = countTable(vendor, vendorKeys.length, category, pairs);
  const kin = width <= kinCategoriesMax ? kinship(vendorTable, share) : undefined;
  const contexts = details.map((column) => countTable(column, 1 + column.reduce((most, number) => Math.max(most, number), -1), category));
  const firstOf = new Int32Array(pairs.count).fill(-1);
  for (let row = 0; row < count; row++) {
    const own = category[row] ?? -1;
    if (own < 0) continue;
    const prior = share[own] ?? 0;
    signals.byDetails[row] = contexts.length === 0 ? Math.log(prior) : bestContext(contexts, details, row, own, prior);
    const pair = pairs.numbers[row] ?? 0;
    const first = firstOf[pair] ?? -1;
    if (first >= 0) {
      copyVendorSignals(signals, first, row);
      continue;
    }
    firstOf[pair] = row;
    const of = withoutRow(vendorTable, vendor[row] ?? -1, own);
    signals.overall[row] = Math.log(prior);
    signals.byVendor[row] = Math.log((of.same + priorPayments * prior) / (of.all + priorPayments));
    signals.byKin[row] = kin === undefined ? (signals.byVendor[row] ?? 0) : Math.log(kin(vendor[row] ?? -1, own, of.all));
    signals.usualShare[row] = of.all === 0 ? 0 : of.most / of.all;
    signals.usual[row] = of.usual;
  }
  const rivals = new Float64Array(pairs.count).fill(Number.NaN);
  const rival = (row: number): number => {
    const pair = pairs.numbers[row] ?? 0;
    const before = rivals[pair] ?? Number.NaN;
    if (!Number.isNaN(before)) return before;
    const found = rivalOf(row);
    // Without details, rows of one counterparty and category are alike.
    if (contexts.length === 0) rivals[pair] = found;
    return found;
  };
  const rivalOf = (row: number): number => {
    const own = category[row] ?? -1;
    const key = vendor[row] ?? -1;
    const fits = (other: number) => {
      let sum = Math.log(shareIn(vendorTable, key, other, own, share));
      for (let index = 0; index < contexts.length; index++) {
        const table = contexts[index];
        if (table !== undefined) sum += Math.log(shareIn(table, details[index]?.[row] ?? -1, other, own, share) / (share[other] ?? 1));
      }
      return sum;
    };
    let best = -Infinity;
    for (let cell = firstCell(vendorTable, key); cell < firstCell(vendorTable, key + 1); cell++) {
      const other = vendorTable.category[cell] ?? -1;
      if (other !== own) best = Math.max(best, fits(other));
    }
    return own < 0 || best === -Infinity ? 0 : best - fits(own);
  };
  return { ...signals, rival, strayRarity: strayRarityOf(vendorTable, vendorKeys) };
}

type Columns = Omit<CategorySignals, "rival" | "strayRarity">;

/** Payments from which on a counterparty's usual category is known. */
const knownPayments = 5;

/** See {@link CategorySignals.strayRarity}. One such payment is left out: the row that is asked about. */
function strayRarityOf(table: CountTable, vendorKeys: readonly string[]): number {
  let [strays, payments] = [0, 0];
  for (let vendor = 0; vendor < table.size; vendor++) {
    const total = table.totals[vendor] ?? 0;
    if (total < knownPayments || vendorKeys[vendor] === "") continue;
    payments += total;
    let singles = 0;
    let most = 0;
    for (let cell = firstCell(table, vendor), end = firstCell(table, vendor + 1); cell < end; cell++) {
      const rows = table.rows[cell] ?? 0;
      if (rows === 1) singles++;
      most = Math.max(most, rows);
    }
    if (singles > 0 && most + singles === total) strays += singles;
  }
  return -Math.log((Math.max(0, strays - 1) + 0.5) / (payments + 1));
}

/** The share of one category among the rows with a value, a row of the category `own` left out. */
function shareIn(table: CountTable, value: number, of: number, own: number, share: Float64Array): number {
  const rows = rowsIn(table, value, of) - (of === own ? 1 : 0);
  return (Math.max(0, rows) + priorPayments * (share[of] ?? 0)) / (Math.max(0, (table.totals[value] ?? 0) - 1) + priorPayments);
}

/** Rows of one counterparty and category are alike in all but their details. */
function copyVendorSignals({ overall, byVendor, byKin, usualShare, usual }: Columns, from: number, to: number): void {
  overall[to] = overall[from] ?? 0;
  byVendor[to] = byVendor[from] ?? 0;
  byKin[to] = byKin[from] ?? 0;
  usualShare[to] = usualShare[from] ?? 0;
  usual[to] = usual[from] ?? 0;
}

/** How well the category fits whichever detail of the row it fits best. */
function bestContext(contexts: readonly CountTable[], details: Ledger["details"], row: number, own: number, prior: number): number {
  let best = -Infinity;
  for (let index = 0; index < contexts.length; index++) {
    const table = contexts[index];
    if (table === undefined) continue;
    const value = details[index]?.[row] ?? -1;
    const same = Math.max(0, rowsIn(table, value, own) - 1);
    const all = Math.max(0, (table.totals[value] ?? 0) - 1);
    best = Math.max(best, Math.log((same + priorPayments * prior) / (all + priorPayments)));
  }
  return best;
}

/** How often each category occurs with each value, a few cells a value: those of value `v` are from `starts[v]` to before `starts[v + 1]`, in the order they were met. */
interface CountTable {
  readonly size: number;
  readonly starts: Int32Array;
  /** By cell: the category, and the rows of it. */
  readonly category: Int32Array;
  readonly rows: Float64Array;
  /** By value: rows that have a category. */
  readonly totals: Float64Array;
}

function countTable(values: Int32Array, size: number, category: Int32Array, pairs = pairNumbers(values, category)): CountTable {
  const valueOf = new Int32Array(pairs.count).fill(-1);
  const categoryOf = new Int32Array(pairs.count);
  const counts = new Float64Array(pairs.count);
  const totals = new Float64Array(size);
  for (let row = 0; row < values.length; row++) {
    const [value, own] = [values[row] ?? -1, category[row] ?? -1];
    if (value < 0 || own < 0) continue;
    const pair = pairs.numbers[row] ?? 0;
    valueOf[pair] = value;
    categoryOf[pair] = own;
    counts[pair] = (counts[pair] ?? 0) + 1;
    totals[value] = (totals[value] ?? 0) + 1;
  }
  const cells = groupRows(valueOf, size);
  return { size, starts: cells.starts, category: cells.rows.map((pair) => categoryOf[pair] ?? -1), rows: Float64Array.from(cells.rows, (pair) => counts[pair] ?? 0), totals };
}

/** The first cell of a value; that of the next value ends its cells. Of no value there are none. */
function firstCell({ starts }: CountTable, value: number): number {
  return starts[Math.max(0, value)] ?? 0;
}

/** Rows of one category with a value. */
function rowsIn(table: CountTable, value: number, of: number): number {
  for (let cell = firstCell(table, value), end = firstCell(table, value + 1); cell < end; cell++) if (table.category[cell] === of) return table.rows[cell] ?? 0;
  return 0;
}

function withoutRow(table: CountTable, value: number, own: number): { readonly same: number; readonly all: number; readonly most: number; readonly usual: number } {
  let [all, most, usual, same] = [-1, 0, -1, 0];
  for (let cell = firstCell(table, value), end = firstCell(table, value + 1); cell < end; cell++) {
    const [category, rows] = [table.category[cell] ?? -1, table.rows[cell] ?? 0];
    all += rows;
    const others = category === own ? rows - 1 : rows;
    if (category === own) same = others;
    if (others > most) [most, usual] = [others, category];
  }
  return { same: Math.max(0, same), all: Math.max(0, all), most, usual };
}

/** Most categories of a counterparty whose kinship is learned from: who is in all of them says nothing. */
const kinCellsMax = 60;

/**
 * The share of payments in one category among counterparties that are also in another: how alike categories are in use. A counterparty's
 * own say is left out by not asking it about itself: pairs of a category with itself do not count.
 */
function kinship(table: CountTable, share: Float64Array): (value: number, own: number, others: number) => number {
  const { category, rows } = table;
  const width = share.length;
  const together = new Float32Array(width * width);
  const from = new Float32Array(width);
  for (let value = 0; value < table.size; value++) {
    const [start, end] = [firstCell(table, value), firstCell(table, value + 1)];
    if (end - start < 2 || end - start > kinCellsMax) continue;
    let all = 0;
    for (let cell = start; cell < end; cell++) all += rows[cell] ?? 0;
    for (let cell = start; cell < end; cell++) {
      const one = category[cell] ?? 0;
      from[one] = (from[one] ?? 0) + (rows[cell] ?? 0);
      for (let beside = start; beside < end; beside++) {
        const place = one * width + (category[beside] ?? 0);
        if (beside !== cell) together[place] = (together[place] ?? 0) + ((rows[cell] ?? 0) * (rows[beside] ?? 0)) / all;
      }
    }
  }
  return (value, own, others) => {
    if (others === 0) return share[own] ?? 0;
    const ownRows = rowsIn(table, value, own);
    let sum = 0;
    let all = 0;
    for (let cell = firstCell(table, value), end = firstCell(table, value + 1); cell < end; cell++) {
      const [one, oneRows] = [category[cell] ?? 0, rows[cell] ?? 0];
      if (one === own) continue;
      all += oneRows;
      // Of those that are in both, this counterparty is one: its say is taken off.
      const pair = Math.max(0, (together[one * width + own] ?? 0) - (oneRows * ownRows) / (oneRows + ownRows));
      sum += (oneRows * (pair + 4 * (share[own] ?? 0))) / (Math.max(0, (from[one] ?? 0) - oneRows) + 4);
    }
    return all === 0 ? 1 : Math.min(1, sum / all);
  };
}
