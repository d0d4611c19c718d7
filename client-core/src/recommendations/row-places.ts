import type { RecurringSeries } from "../recurring/index.ts";
import type { AdviceLedger } from "./ledger.ts";

/** Where rows are, by their ids. */
export interface RowPlaces {
  /** Places of the rows that are there, in the order asked for. */
  of(ids: readonly string[]): number[];
}

/** Finds the rows of series in a ledger by id; others are not looked for. */
export function rowPlaces({ books }: AdviceLedger, series: readonly RecurringSeries[]): RowPlaces {
  const wanted = new Set(series.flatMap(({ rowIds }) => rowIds));
  const places = new Map<string, number>();
  for (let place = 0; place < books.rows.length; place++) {
    const id = books.rows[place]?.id ?? "";
    if (wanted.has(id)) places.set(id, place);
  }
  return { of: (ids) => ids.flatMap((id) => places.get(id) ?? []) };
}
