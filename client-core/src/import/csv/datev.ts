import type { YearlessDates } from "../model.ts";
import { completedDate } from "../values/date.ts";

/** Fields of the first line of a DATEV file, numbered from 0 (DATEV format, header of the "Buchungsstapel"). */
const fields = { fiscalYearFrom: 12, from: 14 } as const;
/** The column of the date of a document in the lines below. */
const dateColumn = 9;

/** The dates of a DATEV batch of postings, which name day and month alone; null for any other file. */
export function findDatev(first: readonly string[] | undefined): YearlessDates | null {
  if (first === undefined || !/^(?:EXTF|DTVF)$/.test(first[0] ?? "")) return null;
  const day = [first[fields.from], first[fields.fiscalYearFrom]].find((cell) => /^(?:19|20)\d{6}$/.test(cell ?? ""));
  return day === undefined ? null : { column: dateColumn, from: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}` };
}

/** The cells of a record with the year in its date. */
export function withYear(cells: readonly string[], { column, from }: YearlessDates): readonly string[] {
  const date = cells[column];
  return date === undefined ? cells : cells.with(column, completedDate(date, from));
}
