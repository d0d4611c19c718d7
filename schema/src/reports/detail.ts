import { z } from "zod";
import { categoryActivities } from "../tables/books.ts";
import { reportComparisons, reportPeriod } from "./period.ts";
import { rowsBehind } from "./rows-behind.ts";

const minorUnits = z.int();
const basisPoints = z.int();
const month = z.string().regex(/^\d{4}-\d{2}$/);

/**
 * One figure in the period and in what it is held against; null where the books do not reach back. `meanMinor` is rounded half away from zero.
 * Each is the sum of the rows of `rowsBehind` in the days of `period` or of `comparisons`.
 */
export const detailFigures = z.strictObject({
  currentMinor: minorUnits,
  previousMinor: minorUnits.nullable(),
  yearAgoMinor: minorUnits.nullable(),
  meanMinor: minorUnits.nullable(),
});

/** See {@link detailFigures}. */
export type DetailFigures = z.output<typeof detailFigures>;

/** Figures with the rows behind them. */
export const detailLine = z.strictObject({ figures: detailFigures, rows: rowsBehind });

/** See {@link detailLine}. */
export type DetailLine = z.output<typeof detailLine>;

const category = { categoryId: z.string().nullable(), name: z.string().nullable(), slot: z.int() };

/**
 * A category on one side of the report, categories beneath it included. They stand as a tree written down: each before those beneath it, which are one
 * deeper, largest first.
 */
export const detailCategory = z.strictObject({
  ...category,
  side: z.enum(["revenue", "expenses"]),
  depth: z.int(),
  parentId: z.string().nullable(),
  /** Of the side's total, in basis points. */
  shareBasisPoints: basisPoints,
  /** The last twelve months up to the report's, oldest first. */
  trendMinor: z.array(minorUnits),
  ...detailLine.shape,
});

/** See {@link detailCategory}. */
export type DetailCategory = z.output<typeof detailCategory>;

/** A counterparty by the name the bank gave. */
export const detailCounterparty = z.strictObject({ name: z.string().nullable(), ...detailLine.shape });

/** Most counterparties of one side; the rest stand as one line. */
export const detailCounterpartiesMax = 50;

const counterparties = z.strictObject({
  /** Largest in the period first. */
  largest: z.array(detailCounterparty).max(detailCounterpartiesMax),
  /** All others; null when there are none. */
  others: detailLine.nullable(),
  /** How many have rows in the period. */
  count: z.int(),
});

/** Money of one account; `net` has transfers, the others have not. */
export const detailAccount = z.strictObject({ accountId: z.string(), name: z.string().nullable(), revenue: detailLine, expenses: detailLine, net: detailLine });

const cashSection = z.strictObject({
  activity: z.enum(categoryActivities),
  total: detailLine,
  /** Top categories, largest amount of the period first. */
  lines: z.array(z.strictObject({ ...category, ...detailLine.shape })),
});

/** Steps of a bridge beyond these stand as one. */
export const bridgeStepsMax = 7;

/** The detail report of one period in one currency, as computed on a device or a worker. */
export const detailReport = z.strictObject({
  version: z.literal(1),
  currency: z.string(),
  period: reportPeriod,
  comparisons: reportComparisons,
  transactionCount: z.int(),
  profitAndLoss: z.strictObject({
    revenue: detailLine,
    expenses: detailLine,
    profit: detailLine,
    /** Profit / revenue; null without revenue. */
    marginBasisPoints: basisPoints.nullable(),
    previousMarginBasisPoints: basisPoints.nullable(),
  }),
  categories: z.array(detailCategory),
  customers: counterparties,
  suppliers: counterparties,
  accounts: z.array(detailAccount),
  /** Opening + operating + investing + financing + transfers = closing, on the accounts whose balance is known. */
  cashFlow: z.strictObject({
    sections: z.array(cashSection).length(categoryActivities.length),
    /** What transfers between own accounts leave: zero when both sides are in the books. */
    transfers: detailLine,
    net: detailLine,
    /** Cash at the ends of the period on accounts whose balance somebody has said; null when none is known, or not all. */
    balances: z.strictObject({ openingMinor: minorUnits, closingMinor: minorUnits }).nullable(),
  }),
  /** Expenses by month and top category. */
  matrix: z.strictObject({
    months: z.array(z.strictObject({ month, partial: z.boolean() })),
    lines: z.array(z.strictObject({ ...category, rows: rowsBehind, cellsMinor: z.array(minorUnits), totalMinor: minorUnits, /** Median of the complete months. */ usualMinor: minorUnits })),
    totalsMinor: z.array(minorUnits),
    totalMinor: minorUnits,
  }),
  /** Why profit changed since what it is compared with; null when there is nothing to compare with. `from` + the steps = `to`. */
  bridge: z
    .strictObject({
      against: z.enum(["previous", "year_ago"]),
      fromMinor: minorUnits,
      toMinor: minorUnits,
      /** By how much each changed profit: more expenses are negative. Revenue first, then categories of expenses by size, then the rest of them. */
      steps: z.array(z.strictObject({ kind: z.enum(["revenue", "category", "rest"]), ...category, deltaMinor: minorUnits, rows: rowsBehind })),
    })
    .nullable(),
  /** Every currency that has rows in the period, each in its own; the report's first. */
  currencies: z.array(
    z.strictObject({
      currency: z.string(),
      revenueMinor: minorUnits,
      expensesMinor: minorUnits,
      transactionCount: z.int(),
      /** The same in `combined.currency`; null when a rate is missing. */
      converted: z.strictObject({ revenueMinor: minorUnits, expensesMinor: minorUnits }).nullable(),
      /** The rates it was converted by, oldest first: the last one known by the end of each month. */
      rates: z.array(z.strictObject({ month, base: z.string(), quote: z.string(), rate: z.string(), onDate: z.iso.date(), source: z.string() })),
      /** Months that have rows and no rate on or before their last day. */
      monthsWithoutRate: z.array(month),
    }),
  ),
  /** All currencies in the workspace's own; null when there is only one, or a rate is missing: nothing is guessed. */
  combined: z.strictObject({ currency: z.string(), revenueMinor: minorUnits, expensesMinor: minorUnits }).nullable(),
});

/** See {@link detailReport}. */
export type DetailReport = z.output<typeof detailReport>;
