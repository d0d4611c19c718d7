import { z } from "zod";
import { forecastReport2 } from "./forecast-business.ts";
import { forecastRange, month } from "./forecast-parts.ts";

/** How far earlier forecasts of the same series missed, as version 1 told it. Percentages are in hundredths (1,234 = 12.34%). */
export const backtest = z.strictObject({
  origins: z.int(),
  /** 100 − |Σ actual − Σ forecast| / |Σ actual| over the horizon, mean over origins; null when actuals sum to zero. */
  totalAccuracyBasisPoints: z.int().nullable(),
  /** Mean of 200·|y−f|/(|y|+|f|) over months and origins. */
  smapeBasisPoints: z.int().nullable(),
  /** Share of actual months inside the 80% interval. */
  coverage80BasisPoints: z.int().nullable(),
});

const forecastReport1 = z.strictObject({
  version: z.literal(1),
  outcome: z.literal("ok"),
  currency: z.string(),
  /** Last complete month the forecast starts from. */
  asOfMonth: month,
  horizonMonths: z.int(),
  model: z.strictObject({ revenue: z.string(), expenses: z.string(), net: z.string() }),
  points: z.array(z.strictObject({ month, revenue: forecastRange, expenses: forecastRange, net: forecastRange })),
  backtest: z.strictObject({ revenue: backtest.nullable(), expenses: backtest.nullable(), net: backtest.nullable() }),
});

/**
 * The forecast of a business as stored in `report_result.result` for ever: version 1 with revenue, expenses and net by month, version 2 with categories,
 * known payments, cash and what scenarios are computed from.
 */
export const forecastReport = z.union([
  forecastReport1,
  forecastReport2,
  z.strictObject({ version: z.literal([1, 2]), outcome: z.literal("not_enough_data"), currency: z.string(), monthsHave: z.int(), monthsNeed: z.int() }),
]);

/** See {@link forecastReport}. */
export type ForecastReport = z.infer<typeof forecastReport>;
