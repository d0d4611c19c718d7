import { z } from "zod";
import { reportDays, reportPeriod } from "./period.ts";

const minorUnits = z.int();
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** Totals of one month in minor units. Expenses are positive numbers. */
const monthTotals = z.strictObject({
  month,
  revenueMinor: minorUnits,
  expensesMinor: minorUnits,
  profitMinor: minorUnits,
  /** True while the month is still running on the date of the data. */
  partial: z.boolean(),
});

/** A figure with the one it is compared with: the same length of the period before. */
const compared = z.strictObject({ currentMinor: minorUnits, previousMinor: minorUnits });

/** One of the top risks: a code with its parameters, said in words by the screen. */
export const dashboardRisk = z.strictObject({
  code: z.enum([
    "cash_runs_out",
    "burning_without_balance",
    "loss_this_month",
    "revenue_falling",
    "expenses_growing_faster",
    "one_customer",
    "one_supplier",
    "category_jump",
    "uncategorised",
  ]),
  severity: z.enum(["high", "medium", "low"]),
  /** Money at stake. */
  amountMinor: minorUnits,
  /** Names and figures of the sentence: counterparty or category names, months, basis points. */
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** The dashboard of one period in one currency as it was computed at first: of a month or of all. Kept for what is stored. */
const dashboardReport1 = z.strictObject({
  version: z.literal(1),
  currency: z.string(),
  /** Dates covered, inclusive; `dataThrough` is the last posting date of the books, null when there are none. */
  period: z.strictObject({ kind: z.enum(["month", "all"]), from: z.iso.date(), to: z.iso.date(), partial: z.boolean(), dataThrough: z.iso.date().nullable() }),
  transactionCount: z.int(),
  revenue: compared,
  expenses: compared,
  profit: compared,
  /** Profit / revenue; null without revenue. */
  profitMarginBasisPoints: z.int().nullable(),
  previousProfitMarginBasisPoints: z.int().nullable(),
  /** Mean net outflow of the last three complete months, positive when burning; null with fewer than one complete month. */
  burnRateMinor: minorUnits.nullable(),
  runway: z.discriminatedUnion("kind", [
    /** Tenths of a month until cash is gone at the burn rate. */
    z.strictObject({ kind: z.literal("months"), tenths: z.int() }),
    z.strictObject({ kind: z.literal("no_burn") }),
    z.strictObject({ kind: z.literal("unknown_balance") }),
  ]),
  cash: z
    .strictObject({
      totalMinor: minorUnits,
      asOf: z.iso.date(),
      accounts: z.array(z.strictObject({ accountId: z.string(), name: z.string(), balanceMinor: minorUnits })),
      /** Accounts of this currency whose balance nobody has said. */
      unknownAccounts: z.int(),
    })
    .nullable(),
  revenueTrend: z.array(monthTotals),
  /** Expenses by category, largest first. */
  categoryBreakdown: z.array(
    z.strictObject({
      categoryId: z.string().nullable(),
      name: z.string().nullable(),
      slot: z.int(),
      amountMinor: minorUnits,
      previousMinor: minorUnits,
      shareBasisPoints: z.int(),
    }),
  ),
  topRisks: z.array(dashboardRisk).max(3),
  /** Totals of the whole books in currencies other than the report's. */
  otherCurrencies: z.array(z.strictObject({ currency: z.string(), revenueMinor: minorUnits, expensesMinor: minorUnits, transactionCount: z.int() })),
});

/** The same of any period, beside the year before and with the path of cash. Kept for what is stored. */
const dashboardReport2 = z.strictObject({
  ...dashboardReport1.shape,
  version: z.literal(2),
  period: reportPeriod,
  /** The days of the figures before; null when the books do not reach back that far: those figures are zero then. */
  comparedWith: reportDays.nullable(),
  /** The same days a year before; null when the books do not reach back that far. */
  yearAgo: z.strictObject({ days: reportDays, revenueMinor: minorUnits, expensesMinor: minorUnits }).nullable(),
  /** What the accounts of `cash` held at the end of the trend's months (of the last one, on the day of the last row). */
  cashPath: z.array(z.strictObject({ month, balanceMinor: minorUnits, on: z.iso.date() })),
});

/**
 * The dashboard of one period in one currency, as computed on a device or a worker. Every amount is one of rows that can be named from it.
 * Shares and margins are in basis points (hundredths of a percent).
 */
export const dashboardReport = z.strictObject({
  ...dashboardReport2.shape,
  version: z.literal(3),
  /** The complete months the burn rate is the mean of, and what went out in them beyond what came in; null without one. */
  burnOf: z.strictObject({ ...reportDays.shape, months: z.int().min(1), outflowMinor: minorUnits }).nullable(),
  cash: z
    .strictObject({
      totalMinor: minorUnits,
      asOf: z.iso.date(),
      accounts: z.array(
        z.strictObject({
          accountId: z.string(),
          name: z.string(),
          balanceMinor: minorUnits,
          /** The balance somebody said, and the day at whose end it was that; null: it is as it was said, whatever the rows. */
          saidMinor: minorUnits,
          saidFor: z.iso.date().nullable(),
        }),
      ),
      /** Accounts of this currency whose balance nobody has said. */
      unknownAccounts: z.int(),
    })
    .nullable(),
  /** Totals of the whole books in currencies other than the report's, from their first row to their last. */
  otherCurrencies: z.array(z.strictObject({ currency: z.string(), ...reportDays.shape, revenueMinor: minorUnits, expensesMinor: minorUnits, transactionCount: z.int() })),
});

/** A dashboard as it may be stored, by any version. */
export const storedDashboardReport = z.union([dashboardReport, dashboardReport2, dashboardReport1]);

/** See {@link dashboardReport}. */
export type DashboardReport = z.infer<typeof dashboardReport>;
/** See {@link dashboardRisk}. */
export type DashboardRisk = z.infer<typeof dashboardRisk>;
