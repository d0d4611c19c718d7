import { counterpartyNamesMax, figureRowIdsMax, type FigureName, type FigureRows, type RecommendationFigure } from "@saldo/schema";
import { daysOfMonths, type AdviceLedger, type Party } from "./ledger.ts";

/** A figure that is worked out from others. */
export function derived(name: FigureName, unit: RecommendationFigure["unit"], value: number): RecommendationFigure {
  return { name, unit, value: Math.round(value), rows: null };
}

/** What narrows the rows of a figure. */
type Narrowing = Pick<FigureRows, "categoryId" | "counterpartyNames">;

/** Money of some complete months by their places, shared over them when `perMonth`. */
export function monthsFigure(
  ledger: AdviceLedger,
  name: FigureName,
  { first, last, direction, isMeant, among, perMonth, ...narrowing }: {
    readonly first: number;
    readonly last: number;
    readonly direction: "in" | "out";
    readonly isMeant: (row: number) => boolean;
    readonly among?: readonly number[];
    readonly perMonth: boolean;
  } & Narrowing,
): RecommendationFigure {
  let total = 0;
  let count = 0;
  const sign = direction === "in" ? 1 : -1;
  const see = (row: number) => {
    const month = ledger.month[row] ?? -1;
    const amount = sign * (ledger.amount[row] ?? 0);
    if (month < first || month > last || amount <= 0 || !isMeant(row)) return;
    total += amount;
    count += 1;
  };
  if (among === undefined) for (let row = 0; row < ledger.amount.length; row++) see(row);
  else for (const row of among) see(row);
  const dividedBy = perMonth ? last - first + 1 : 1;
  const rows: FigureRows = { ...daysOfMonths(ledger, first, last), direction, ...narrowing, totalMinor: total, count, dividedBy };
  return { name, unit: perMonth ? "money_per_month" : "money", value: Math.round(total / dividedBy), rows };
}

/** The mean of named rows, oldest first, as one payment; of many only the latest. */
export function rowsFigure(ledger: AdviceLedger, name: FigureName, places: readonly number[], shared: "mean" | "sum" = "mean"): RecommendationFigure {
  const named = places.slice(-figureRowIdsMax);
  const rows = named.flatMap((place) => ledger.books.rows[place] ?? []);
  const total = Math.abs(named.reduce((sum, place) => sum + (ledger.amount[place] ?? 0), 0));
  const dividedBy = shared === "mean" ? Math.max(1, rows.length) : 1;
  const behind: FigureRows = {
    from: rows[0]?.postedOn ?? ledger.dataThrough,
    to: rows.at(-1)?.postedOn ?? ledger.dataThrough,
    direction: (ledger.amount[named[0] ?? -1] ?? 0) > 0 ? "in" : "out",
    ids: rows.map(({ id }) => id),
    totalMinor: total,
    count: rows.length,
    dividedBy,
  };
  return { name, unit: "money", value: Math.round(total / dividedBy), rows: behind };
}

/** The names of a party as a filter takes them; undefined for a party of too many spellings. */
export function namesOf(party: Party): string[] | undefined {
  return party.names.size > counterpartyNamesMax ? undefined : [...party.names].map((name) => name.slice(0, 300));
}
