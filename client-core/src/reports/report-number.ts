import type { ReportDays, RowsBehind } from "@saldo/schema";

/** Rows that are added to a number or taken from it. */
export interface NumberTerm {
  readonly rows: RowsBehind;
  readonly days: ReportDays;
  readonly sign: 1 | -1;
}

/** A number of a report and the rows it is made of: the sum of the terms, divided by `dividedBy` and rounded where it is a mean, beside what was said and is of no row. */
export interface ReportNumber {
  /** Where it stands. */
  readonly path: string;
  readonly amountMinor: number;
  readonly terms: readonly NumberTerm[];
  readonly dividedBy: number;
  /** A balance somebody said. */
  readonly saidMinor?: number;
  /** Where it is of other rows than the report's. */
  readonly currency?: string;
}
