import { firstDay, lastDay, type Month } from "@saldo/schema";
import { z } from "zod";
import type { SqlReader } from "../store/index.ts";
import { packColumns, unpackColumns, type Columns } from "./columns.ts";
import { addTo, counterpartyLayout, packCounterpartySums } from "./counterparty-sums.ts";
import { eachRolledRow, placeOf, type TakeRow } from "./month-rows.ts";

/** Sums by currency, account, category and kind, with how many rows, in and out among them, and the first and last day of the month. */
export const groupLayout = { inMinor: "f64", outMinor: "f64", count: "u32", countIn: "u32", countOut: "u32", account: "u16", category: "u16", currency: "u8", kind: "u8", firstDay: "u8", lastDay: "u8" } as const;
/** The rows themselves. */
export const entryLayout = { amountMinor: "f64", counterparty: "u32", account: "u16", category: "u16", currency: "u8", kind: "u8", day: "u8" } as const;

/** What the numbers of a month's columns stand for. */
export const rollupNames = z.object({
  currencies: z.array(z.string()),
  kinds: z.array(z.string()),
  accounts: z.array(z.string()),
  categories: z.array(z.string().nullable()),
  /** Those of the categories that were taken for transfers between own accounts when counterparties were added up. */
  transferCategories: z.array(z.string()),
});
/** See {@link rollupNames}. */
export type RollupNames = z.output<typeof rollupNames>;

/** The sums of one month. */
export interface MonthSums {
  readonly month: Month;
  readonly names: RollupNames;
  readonly groups: Columns<typeof groupLayout>;
}

/** The rows of one month. */
export interface MonthEntries {
  readonly names: RollupNames;
  readonly counterparties: readonly (string | null)[];
  readonly entries: Columns<typeof entryLayout>;
}

/** The counterparties of one month, with what they brought and took but for transfers. */
export interface MonthCounterparties {
  readonly names: RollupNames;
  readonly counterparties: readonly (string | null)[];
  readonly sums: Columns<typeof counterpartyLayout>;
}

/** A month's rollup as it is stored. */
export interface PackedMonth {
  readonly month: Month;
  readonly names: RollupNames;
  readonly groups: Uint8Array;
  readonly counterparties: readonly (string | null)[];
  readonly counterpartySums: Uint8Array;
  readonly entries: Uint8Array;
}

/** Numbers of the columns that say where a row belongs, and what has been added up there. */
interface Group {
  readonly number: number;
  readonly currency: number;
  readonly kind: number;
  readonly account: number;
  readonly category: number;
  inMinor: number;
  outMinor: number;
  count: number;
  countIn: number;
  countOut: number;
  firstDay: number;
  lastDay: number;
}

/** Numbers texts in the order they are met. */
function numbering<Text extends string | null>() {
  const numbers = new Map<Text, number>();
  return {
    of(text: Text): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    texts: () => [...numbers.keys()],
  };
}

/** Gathers the rows of one month. */
function monthGatherer() {
  const names = { currencies: numbering<string>(), kinds: numbering<string>(), accounts: numbering<string>(), categories: numbering<string | null>() };
  const counterparties = numbering<string>();
  const groups = new Map<string, Group>();
  /** Of each row: the number of its group, its day, its counterparty and its amount. */
  const rows: { readonly group: number[]; readonly day: number[]; readonly counterparty: number[]; readonly amountMinor: number[] } = { group: [], day: [], counterparty: [], amountMinor: [] };
  const groupAt = (place: string, day: number): Group => {
    const known = groups.get(place);
    if (known) return known;
    const { currency, kind, accountId, categoryId } = placeOf(place);
    const numbers = { currency: names.currencies.of(currency), kind: names.kinds.of(kind), account: names.accounts.of(accountId), category: names.categories.of(categoryId) };
    const made = { number: groups.size, ...numbers, inMinor: 0, outMinor: 0, count: 0, countIn: 0, countOut: 0, firstDay: day, lastDay: day };
    groups.set(place, made);
    return made;
  };
  const take: TakeRow = (day, amountMinor, place, counterparty) => {
    const group = groupAt(place, day);
    addTo(group, amountMinor);
    if (day < group.firstDay) group.firstDay = day;
    if (day > group.lastDay) group.lastDay = day;
    rows.group.push(group.number);
    rows.day.push(day);
    rows.counterparty.push(counterparties.of(counterparty));
    rows.amountMinor.push(amountMinor);
  };
  return { take, names, counterparties, groups, rows };
}

/**
 * Makes the rollup of a month from the rows that count; null when it has none. `transferCategories` are those of the workspace. Throws `RangeError` when a
 * sum leaves the safe range.
 */
export async function rollUpMonth(reader: SqlReader, workspaceId: string, month: Month, transferCategories: ReadonlySet<string>): Promise<PackedMonth | null> {
  const { take, names, counterparties, groups, rows } = monthGatherer();
  await eachRolledRow(reader, workspaceId, { from: firstDay(month), to: lastDay(month) }, take);
  if (rows.day.length === 0) return null;
  const sums = [...groups.values()];
  const [kinds, categories] = [names.kinds.texts(), names.categories.texts()];
  const isTransfer = (at: number) => {
    const group = sums[at];
    return group !== undefined && (kinds[group.kind] === "transfer" || transferCategories.has(categories[group.category] ?? ""));
  };
  return {
    month,
    names: { currencies: names.currencies.texts(), kinds, accounts: names.accounts.texts(), categories, transferCategories: [...transferCategories].filter((id) => categories.includes(id)) },
    groups: packColumns(groupLayout, sums.length, (name, at) => sums[at]?.[name] ?? 0),
    counterparties: counterparties.texts().map((name) => name || null),
    counterpartySums: packCounterpartySums(rows, { currencyOf: (group) => sums[group]?.currency ?? 0, isLeftOut: sums.map((_, at) => isTransfer(at)) }),
    entries: packColumns(entryLayout, rows.day.length, (name, at) => {
      if (name === "day" || name === "counterparty" || name === "amountMinor") return rows[name][at] ?? 0;
      return sums[rows.group[at] ?? 0]?.[name] ?? 0;
    }),
  };
}

/** The sums of a packed month. */
export function sumsOf({ month, names, groups }: Pick<PackedMonth, "month" | "names" | "groups">): MonthSums {
  return { month, names, groups: unpackColumns(groupLayout, groups) };
}

/** The rows of a packed month. */
export function entriesOf({ names, counterparties, entries }: Pick<PackedMonth, "names" | "counterparties" | "entries">): MonthEntries {
  return { names, counterparties, entries: unpackColumns(entryLayout, entries) };
}

/** The counterparties of a packed month. */
export function counterpartiesOf({ names, counterparties, counterpartySums }: Pick<PackedMonth, "names" | "counterparties" | "counterpartySums">): MonthCounterparties {
  return { names, counterparties, sums: unpackColumns(counterpartyLayout, counterpartySums) };
}
