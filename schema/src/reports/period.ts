import { z } from "zod";

const day = z.iso.date();

/** Days, both included. */
export const reportDays = z.strictObject({ from: day, to: day });

/** See {@link reportDays}. */
export type ReportDays = z.output<typeof reportDays>;

/**
 * How the days of a report were chosen. `year_to_date` begins with January of the year of the last row and ends with that row,
 * `twelve_months` are the twelve up to the month of the last row, `all` is the whole books.
 */
export const periodKinds = ["month", "quarter", "year", "year_to_date", "twelve_months", "custom", "all"] as const;

/** The days a report is of. */
export const reportPeriod = z.strictObject({
  kind: z.enum(periodKinds),
  from: day,
  to: day,
  /** True while rows of its last month may be missing: it is compared with the same days then. */
  partial: z.boolean(),
  /** Last posting date of the books in the report's currency; null when there are no rows. */
  dataThrough: day.nullable(),
});

/** See {@link reportPeriod}. */
export type ReportPeriod = z.output<typeof reportPeriod>;

/** What figures of a period are held against; each null (or empty) when the books do not reach back that far. */
export const reportComparisons = z.strictObject({
  /** As many days or months just before; for a year to date and twelve months, a year before. */
  previous: reportDays.nullable(),
  yearAgo: reportDays.nullable(),
  /** The last periods like this one, newest first: figures are held against their mean. */
  mean: z.array(reportDays),
});

/** See {@link reportComparisons}. */
export type ReportComparisons = z.output<typeof reportComparisons>;

/**
 * Days of a report as a person asks for them: a month `2026-10`, a quarter `2026-Q3`, a year `2026`, days `2026-01-15..2026-03-20`; or by where
 * the rows end: `month` (or `last`), `last_complete`, `quarter`, `ytd`, `12m`, `all`.
 */
export const periodChoice = z.string().regex(
  /^(\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?|\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}|month|last|last_complete|quarter|ytd|12m|all)$/,
).refine((choice) => {
  const [from, to] = choice.split("..");
  return to === undefined || (day.safeParse(from).success && day.safeParse(to).success && from !== undefined && from <= to);
});

/** See {@link periodChoice}. */
export type PeriodChoice = z.output<typeof periodChoice>;
