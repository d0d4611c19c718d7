import type { AdviceLedger } from "./ledger.ts";

/** Where rows are, by their ids. */
export interface RowPlaces {
  /** Places of the rows that are there, in the order asked for. */
  of(ids: readonly string[]): number[];
}

/** Finds rows of a ledger by id. */
export function rowPlaces({ books }: AdviceLedger): RowPlaces {
  const places = new Map(books.rows.map(({ id }, place) => [id, place]));
  return { of: (ids) => ids.flatMap((id) => places.get(id) ?? []) };
}
