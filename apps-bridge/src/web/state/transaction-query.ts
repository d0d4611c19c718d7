import { counterpartyNamesMax, figureRowIdsMax, rowsBehind, type FigureRows, type ReportDays, type RowsBehind } from "@saldo/schema";
import type { ListTotals, TransactionFilter } from "../../bridge/contract/transactions.ts";

/** The figure a list was opened from, which its rows must add up to. */
export interface DrillDown {
  /** The figure, in minor units, as its report showed it. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly measure: "revenue" | "expenses" | "profit";
  /** Name of the category it belongs to, when it is one's. */
  readonly name: string | undefined;
}

/** A list's narrowing as the address has it; anything that is not a date or a known word is left out. */
export function filterOfQuery(query: URLSearchParams): TransactionFilter {
  const date = (name: string): string | undefined => matching(query.get(name), /^\d{4}-\d{2}-\d{2}$/);
  const category = query.get("category");
  const filter = {
    from: date("from"),
    to: date("to"),
    categoryId: category === "none" ? null : matching(category, /^.{1,64}$/),
    accountId: matching(query.get("account"), /^.{1,64}$/),
    direction: oneOf(query.get("direction"), ["in", "out"] as const),
    ...rowsOrMeasure(query),
    search: query.get("q")?.slice(0, 200) || undefined,
    currency: matching(query.get("currency"), /^[A-Z]{3}$/),
    counterpartyNames: some(query.getAll("party").filter((name) => name.length <= 300).slice(0, counterpartyNamesMax)),
    ids: some((query.get("rows") ?? "").split(".").filter((id) => /^[\w-]{1,64}$/.test(id)).slice(0, figureRowIdsMax)),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Which rows a figure of the detail report is made of, or the measure of another figure. */
function rowsOrMeasure(query: URLSearchParams): Pick<TransactionFilter, "rows" | "measure"> {
  const rows = rowsOfQuery(query);
  return rows === undefined ? { measure: oneOf(query.get("measure"), ["revenue", "expenses", "profit"] as const) } : { rows };
}

function rowsOfQuery(query: URLSearchParams): RowsBehind | undefined {
  const text = query.get("made");
  if (text === null) return undefined;
  try {
    const parsed = rowsBehind.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The figure a list was opened from, when the address names one. */
export function drillDownOfQuery(query: URLSearchParams): DrillDown | undefined {
  const measure = oneOf(query.get("measure"), ["revenue", "expenses", "profit"] as const);
  const currency = matching(query.get("currency"), /^[A-Z]{3}$/);
  const amount = matching(query.get("adds"), /^-?\d{1,16}$/);
  if (measure === undefined || currency === undefined || amount === undefined) return undefined;
  return { amountMinor: Number(amount), currency, measure, name: query.get("of") ?? undefined };
}

/** The address of the rows a report's figure is made of. */
export function drillDownHref(drill: DrillDown & { readonly from: string; readonly to: string; readonly categoryId?: string | null }): string {
  const query = new URLSearchParams({
    from: drill.from,
    to: drill.to,
    measure: drill.measure,
    currency: drill.currency,
    adds: String(drill.amountMinor),
  });
  if (drill.categoryId !== undefined) query.set("category", drill.categoryId ?? "none");
  if (drill.name !== undefined) query.set("of", drill.name);
  return `/transactions?${query.toString()}`;
}

/** The address of the rows a figure of advice is made of; `name` says which figure it is. */
export function rowsHref({ from, to, direction = "out", categoryId, counterpartyNames = [], ids = [], totalMinor, dividedBy }: FigureRows, currency: string, name: string): string {
  const measure = direction === "in" ? "revenue" : "expenses";
  const of = dividedBy > 1 ? `${name} × ${dividedBy}` : name;
  const href = drillDownHref({ from, to, measure, currency, amountMinor: totalMinor, name: of, ...(categoryId === undefined ? {} : { categoryId }) });
  const narrowing = new URLSearchParams(counterpartyNames.map((party) => ["party", party]));
  if (ids.length > 0) narrowing.set("rows", ids.join("."));
  return narrowing.size === 0 ? href : `${href}&${narrowing.toString()}`;
}

const measureOf = { in: "revenue", out: "expenses", net: "profit" } as const;

/** The address of the rows a figure of the detail report is made of, in some days; without an amount they are not held to add up to one. */
export function detailHref(drill: { readonly rows: RowsBehind; readonly days: ReportDays; readonly currency: string; readonly amountMinor: number | undefined; readonly name: string }): string {
  const { rows, days, currency, amountMinor, name } = drill;
  const query = new URLSearchParams({ from: days.from, to: days.to, measure: measureOf[rows.measure], currency, of: name, made: JSON.stringify(rows) });
  if (amountMinor !== undefined) query.set("adds", String(amountMinor));
  return `/transactions?${query.toString()}`;
}

/** How far the listed rows are from the figure: zero means that it adds up. Expenses are written as positive figures; transfers count where they are listed. */
export function drillDownDifference(drill: DrillDown, totals: Omit<ListTotals, "currency">): number {
  const net = totals.inMinor + totals.transferInMinor - totals.outMinor - totals.transferOutMinor;
  return (drill.measure === "expenses" ? -net : net) - drill.amountMinor;
}

function some<Value>(values: readonly Value[]): Value[] | undefined {
  return values.length === 0 ? undefined : [...values];
}

function matching(text: string | null, pattern: RegExp): string | undefined {
  return text !== null && pattern.test(text) ? text : undefined;
}

function oneOf<const Word extends string>(text: string | null, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === text);
}
