import { z } from "zod";
import { forecastRange, minorUnits, month } from "./forecast-parts.ts";

/**
 * How far forecasts made on the past alone missed. Accuracy is 100 − MAPE, the mean of |actual − forecast| / |actual|, in hundredths of a percent: of
 * the total of `totalMonths` months, and of single months; null where an actual amount is zero.
 */
export const businessBacktest = z.strictObject({
  origins: z.int(),
  totalMonths: z.int(),
  totalAccuracyBasisPoints: z.int().nullable(),
  monthAccuracyBasisPoints: z.int().nullable(),
  /** Mean of 200·|y−f|/(|y|+|f|) over months and origins. */
  smapeBasisPoints: z.int(),
  meanAbsoluteErrorMinor: minorUnits,
  coverage80BasisPoints: z.int(),
  coverage95BasisPoints: z.int(),
});
/** See {@link businessBacktest}. */
export type BusinessBacktest = z.infer<typeof businessBacktest>;

/** Revenue, or expenses of one category, of the small ones together, or of none. Amounts are positive; expenses too. */
export const forecastComponent = z.strictObject({
  /** `revenue`, `category:ID`, `uncategorised` or `other` (small categories together). */
  id: z.string(),
  kind: z.enum(["revenue", "expense"]),
  categoryId: z.string().nullable(),
  /** Name of the category when the forecast was made; null for revenue, what has no category and the small ones. */
  name: z.string().nullable(),
  slot: z.int(),
  /** Categories put together in it. */
  pooled: z.int(),
  /** What the method is, in the notation of its field. */
  model: z.string(),
  /** Symmetric, or skewed away from zero; with Student's t of these degrees of freedom. */
  shape: z.enum(["normal", "skewed"]),
  degreesOfFreedom: z.number(),
  /** The last complete months, as many as `historyMonths`, oldest first. */
  history: z.array(minorUnits),
  months: z.array(
    z.strictObject({
      meanMinor: minorUnits,
      /** Standard deviation of what comes around the mean. */
      deviationMinor: minorUnits,
      /** Part of the mean that is known payments. */
      knownMinor: minorUnits,
    }),
  ),
  backtest: businessBacktest.nullable(),
});
/** See {@link forecastComponent}. */
export type ForecastComponent = z.infer<typeof forecastComponent>;

/** A payment the forecast takes for known: found to come regularly, or planned by a person. Negative goes out. */
export const knownPayment = z.strictObject({
  source: z.enum(["recurring", "planned"]),
  /** Key of the series or id of the planned item. */
  key: z.string(),
  name: z.string(),
  componentId: z.string(),
  on: z.string(),
  amountMinor: minorUnits,
  /** 0–1,000; a planned item counts with its amount times this. */
  likelihoodPermille: z.int(),
});
/** See {@link knownPayment}. */
export type KnownPayment = z.infer<typeof knownPayment>;

/** The forecast of a business, version 2: every month's parts add up to its totals exactly, and all that scenarios are computed from is in it. */
export const forecastReport2 = z.strictObject({
  version: z.literal(2),
  outcome: z.literal("ok"),
  currency: z.string(),
  /** Last complete month the forecast starts from. */
  asOfMonth: month,
  horizonMonths: z.int(),
  /** Complete months it was learned from, gaps among them. */
  monthsUsed: z.int(),
  /** The months of each component's `history`, oldest first; the last is `asOfMonth`. */
  historyMonths: z.array(month),
  model: z.strictObject({ revenue: z.string(), expenses: z.string(), net: z.string() }),
  points: z.array(z.strictObject({ month, revenue: forecastRange, expenses: forecastRange, net: forecastRange, cash: forecastRange.nullable() })),
  backtest: z.strictObject({ revenue: businessBacktest.nullable(), expenses: businessBacktest.nullable(), net: businessBacktest.nullable() }),
  components: z.array(forecastComponent),
  /** How errors of the components go together, in thousandths; a symmetric matrix in their order. */
  correlationPermille: z.array(z.array(z.int())),
  /** How errors of one component in different months go together, in thousandths. */
  persistencePermille: z.int(),
  /** Widths of expenses and net, as their past errors were, against what the parts make of them; thousandths. */
  widthPermille: z.strictObject({ expenses: z.int(), net: z.int() }),
  known: z.array(knownPayment),
  /** Planned items left out because they are in another currency. */
  plannedElsewhere: z.int(),
  /** Cash at the end of `asOfMonth`; null when no balance is known. */
  cash: z.strictObject({ openingMinor: minorUnits, unknownAccounts: z.int() }).nullable(),
  /** Probability that cash has been below zero at the end of a month up to this one, in hundredths of a percent; null without cash. */
  cashOutBasisPoints: z.array(z.int()).nullable(),
});
/** See {@link forecastReport2}. */
export type BusinessForecast = z.infer<typeof forecastReport2>;
