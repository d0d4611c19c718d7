import { minor, type Month, type ReportDays } from "@saldo/schema";
import type { CounterpartySums, CurrencyLedger, Ledger, LedgerGroup } from "./ledger.ts";
import { firstPlaceFrom, type RowColumns, type RowPlace } from "./row-columns.ts";

/** The ledger of rows that are in memory, by day: added up without another look at the database. */
export function keptLedger(rows: RowColumns): Ledger {
  const rangeOf = ({ from, to }: ReportDays): readonly [number, number] => {
    let end = firstPlaceFrom(rows, to);
    while (rows.postedOn[end] === to) end++;
    return [firstPlaceFrom(rows, from), end];
  };
  return {
    currencies: currenciesOf(rows),
    groupsOf: (currency, days) => Promise.resolve(groupsIn(rows, ...rangeOf(days)).get(currency) ?? []),
    counterpartiesOf(currency, days, isTransfer) {
      const transfers = new Map<RowPlace, boolean>();
      const isLeftOut = (place: RowPlace) => {
        const known = transfers.get(place) ?? (place.currency !== currency || isTransfer({ categoryId: place.categoryId, isTransfer: place.kind === "transfer" }));
        transfers.set(place, known);
        return known;
      };
      const names = new Map<string, { inMinor: number; outMinor: number }>();
      const [start, end] = rangeOf(days);
      for (let at = start; at < end; at++) {
        const place = rows.places[at];
        if (place === undefined || isLeftOut(place)) continue;
        const name = rows.counterpartyNames[at] ?? "";
        let sums = names.get(name);
        if (sums === undefined) names.set(name, (sums = { inMinor: 0, outMinor: 0 }));
        addTo(sums, rows.amountMinor[at] ?? 0);
      }
      return Promise.resolve(new Map([...names].map(([name, { inMinor, outMinor }]): [string | null, CounterpartySums] => [name || null, { inMinor: minor(inMinor), outMinor: minor(outMinor) }])));
    },
  };
}

function addTo(sums: { inMinor: number; outMinor: number }, amountMinor: number): void {
  if (amountMinor > 0) sums.inMinor += amountMinor;
  else sums.outMinor -= amountMinor;
}

interface PlaceSums {
  inMinor: number;
  outMinor: number;
  count: number;
}

/** Groups of the rows at some places, by currency. */
function groupsIn({ places, amountMinor }: RowColumns, start: number, end: number): Map<string, LedgerGroup[]> {
  const sums = new Map<RowPlace, PlaceSums>();
  for (let at = start; at < end; at++) {
    const place = places[at];
    if (place === undefined) continue;
    let own = sums.get(place);
    if (own === undefined) sums.set(place, (own = { inMinor: 0, outMinor: 0, count: 0 }));
    addTo(own, amountMinor[at] ?? 0);
    own.count++;
  }
  const groups = new Map<string, { readonly place: RowPlace; readonly own: PlaceSums }>();
  for (const [place, own] of sums) {
    const key = JSON.stringify([place.currency, place.accountId, place.categoryId, place.kind === "transfer"]);
    const known = groups.get(key)?.own;
    if (known === undefined) groups.set(key, { place, own: { ...own } });
    else {
      known.inMinor += own.inMinor;
      known.outMinor += own.outMinor;
      known.count += own.count;
    }
  }
  const byCurrency = new Map<string, LedgerGroup[]>();
  for (const { place, own } of groups.values()) {
    const group: LedgerGroup = { accountId: place.accountId, categoryId: place.categoryId, isTransfer: place.kind === "transfer", inMinor: minor(own.inMinor), outMinor: minor(own.outMinor), count: own.count };
    const known = byCurrency.get(place.currency);
    if (known === undefined) byCurrency.set(place.currency, [group]);
    else known.push(group);
  }
  return byCurrency;
}

/** The first and last day of each currency. */
function rangesOf({ postedOn, places }: RowColumns): Map<string, { first: string; last: string }> {
  const ranges = new Map<string, { first: string; last: string }>();
  for (let at = 0; at < places.length; at++) {
    const [day = "", currency = ""] = [postedOn[at], places[at]?.currency];
    const range = ranges.get(currency);
    if (range === undefined) ranges.set(currency, { first: day, last: day });
    else range.last = day;
  }
  return ranges;
}

function currenciesOf(rows: RowColumns): Ledger["currencies"] {
  const { postedOn } = rows;
  const byMonth = new Map<string, Map<Month, readonly LedgerGroup[]>>();
  for (let start = 0, end = 0; start < postedOn.length; start = end) {
    const month = (postedOn[start] ?? "").slice(0, 7);
    end = firstPlaceFrom(rows, `${month}~`);
    for (const [currency, groups] of groupsIn(rows, start, end)) byMonth.set(currency, (byMonth.get(currency) ?? new Map<Month, readonly LedgerGroup[]>()).set(month, groups));
  }
  const ranges = rangesOf(rows);
  return new Map([...byMonth].map(([currency, months]): [string, CurrencyLedger] => {
    const groups = [...months.values()].flat();
    const { first, last } = ranges.get(currency) ?? { first: "", last: "" };
    return [currency, { first, last, count: groups.reduce((sum, { count }) => sum + count, 0), months: [...months.keys()], accountIds: new Set(groups.map(({ accountId }) => accountId)), groupsOf: (month) => months.get(month) ?? [] }];
  }));
}
