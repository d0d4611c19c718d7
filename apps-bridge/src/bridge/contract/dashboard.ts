import { z } from "zod";
import { watch } from "../methods.ts";
import { accountingDate, calendarMonth, currencyCode, instant, minorAmount, rowId } from "./money.ts";

const periodFigures = {
  totalRevenueMinor: minorAmount,
  totalExpensesMinor: minorAmount,
  profitMinor: minorAmount,
  /** Profit over revenue, in hundredths of a percent; null when there is no revenue. */
  profitMarginBasisPoints: z.int().nullable(),
};

/** The figures of one month against the month before, with cash, runway, trend, categories and risks. Amounts are of `currency`. */
export const dashboardReportSchema = z.object({
  period: z.object({
    month: calendarMonth,
    /** True while the month is not over: its figures cover `daysActual` days. */
    partial: z.boolean(),
    daysActual: z.int().nonnegative(),
  }),
  currency: currencyCode,
  ...periodFigures,
  /** The month before; of a partial month the same days of it. Null when nothing is known of it. */
  previous: z.object({ month: calendarMonth, ...periodFigures }).nullable(),
  /** Mean net outflow of the last three complete months; zero or less means that cash grows. */
  burnRateMinor: minorAmount,
  runway: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("months"), months: z.number().nonnegative() }),
    z.object({ kind: z.literal("no_burn") }),
    z.object({ kind: z.literal("unknown_balance") }),
  ]),
  cashBalance: z.object({ minor: minorAmount, asOf: accountingDate }).nullable(),
  revenueTrend: z.array(
    z.object({
      month: calendarMonth,
      revenueMinor: minorAmount,
      expensesMinor: minorAmount,
      profitMinor: minorAmount,
      partial: z.boolean(),
    }),
  ),
  /** Expenses, largest first; amounts are positive. */
  categoryBreakdown: z.array(
    z.object({
      /** Null: the rows that have none. */
      categoryId: rowId.nullable(),
      name: z.string(),
      amountMinor: minorAmount,
      previousMinor: minorAmount,
      shareBasisPoints: z.int(),
      /** 1 to 8: the category's colour for life; 0 is the colour of the others. */
      slot: z.int().min(0).max(8),
    }),
  ),
  topRisks: z
    .array(
      z.object({
        code: z.string(),
        severity: z.enum(["high", "medium", "low"]),
        amountMinor: minorAmount.nullable(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    )
    .max(3),
  /** Currencies whose rows are not in the figures above. */
  otherCurrencies: z.array(z.object({ currency: currencyCode, transactions: z.int() })),
  generatedAt: instant,
});
/** See {@link dashboardReportSchema}. */
export type DashboardReport = z.output<typeof dashboardReportSchema>;

/** The dashboard, live. */
export const dashboardMethods = {
  "dashboard.watch": watch(
    z.object({ periodMonth: calendarMonth.optional() }),
    z.discriminatedUnion("kind", [
      /** No transaction yet. */
      z.object({ kind: z.literal("empty") }),
      z.object({
        kind: z.literal("report"),
        report: dashboardReportSchema,
        /** The months that have transactions, first and last. */
        months: z.object({ first: calendarMonth, last: calendarMonth }),
      }),
    ]),
  ),
};
