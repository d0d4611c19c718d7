import { z } from "zod";

const minorUnits = z.int();
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** A point forecast in minor units with its 80% and 95% prediction intervals. */
export const forecastRange = z.strictObject({ mean: minorUnits, lo80: minorUnits, hi80: minorUnits, lo95: minorUnits, hi95: minorUnits });

/** How far earlier forecasts of the same series missed. Percentages are in hundredths (1,234 = 12.34%). */
export const backtest = z.strictObject({
  origins: z.int(),
  /** 100 − |Σ actual − Σ forecast| / |Σ actual| over the horizon, mean over origins; null when actuals sum to zero. */
  totalAccuracyBasisPoints: z.int().nullable(),
  /** Mean of 200·|y−f|/(|y|+|f|) over months and origins. */
  smapeBasisPoints: z.int().nullable(),
  /** Share of actual months inside the 80% interval. */
  coverage80BasisPoints: z.int().nullable(),
});

/** The forecast of revenue, expenses and net by month, as stored in `report_result.result` for ever. */
export const forecastReport = z.discriminatedUnion("outcome", [
  z.strictObject({
    version: z.literal(1),
    outcome: z.literal("ok"),
    currency: z.string(),
    /** Last complete month the forecast starts from. */
    asOfMonth: month,
    horizonMonths: z.int(),
    model: z.strictObject({ revenue: z.string(), expenses: z.string(), net: z.string() }),
    points: z.array(z.strictObject({ month, revenue: forecastRange, expenses: forecastRange, net: forecastRange })),
    backtest: z.strictObject({ revenue: backtest.nullable(), expenses: backtest.nullable(), net: backtest.nullable() }),
  }),
  z.strictObject({ version: z.literal(1), outcome: z.literal("not_enough_data"), currency: z.string(), monthsHave: z.int(), monthsNeed: z.int() }),
]);

/** See {@link forecastReport}. */
export type ForecastReport = z.infer<typeof forecastReport>;
