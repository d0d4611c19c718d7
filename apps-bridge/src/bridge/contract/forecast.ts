import { forecastHorizonMonthsMax, forecastRange, forecastReport } from "@saldo/schema";
import { z } from "zod";
import { read, watch, write } from "../methods.ts";
import { cloudJobSchema } from "./cloud.ts";
import { calendarMonth, currencyCode, instant, minorAmount, rowId } from "./money.ts";

/** The newest forecast, and the request that is not answered yet or has failed. */
export const forecastViewSchema = z.object({
  latest: z
    .object({
      computedBy: z.enum(["device", "cloud"]),
      computedAt: instant,
      report: forecastReport,
    })
    .nullable(),
  /** Null too when the last one is done or was stopped. */
  request: cloudJobSchema.nullable(),
  /** Series done of all while the device computes; then `latest` is the forecast before. */
  computing: z.object({ done: z.int(), total: z.int() }).nullable(),
});
/** See {@link forecastViewSchema}. */
export type ForecastView = z.output<typeof forecastViewSchema>;

const compared = z.object({ actualMinor: minorAmount, expected: forecastRange });
const total = z.object({
  actualMinor: minorAmount,
  expectedMinor: minorAmount,
  /** 100 − |actual − forecast| / |actual| of the total, in hundredths of a percent. */
  accuracyBasisPoints: z.int().nullable(),
  within80: z.int(),
});

/** A forecast of an earlier month beside what came since, and the months one can be asked of, newest first. */
export const pastForecastSchema = z.object({
  origins: z.array(calendarMonth),
  /** Null while the books are too short to compare. */
  past: z
    .object({
      asOfMonth: calendarMonth,
      currency: currencyCode,
      /** When the cloud made it; null when it was made anew from the rows up to that month. */
      madeAt: instant.nullable(),
      before: z.array(z.object({ month: calendarMonth, revenue: minorAmount, expenses: minorAmount, net: minorAmount })),
      since: z.array(z.object({ month: calendarMonth, revenue: compared, expenses: compared, net: compared })),
      totals: z.object({ revenue: total, expenses: total, net: total }),
    })
    .nullable(),
});
/** See {@link pastForecastSchema}. */
export type PastForecastView = z.output<typeof pastForecastSchema>;

/** Forecasts: one of the device is always there; the cloud's is asked for. */
export const forecastMethods = {
  /** Stops computing when it is not watched any more. */
  "forecast.watch": watch(z.object({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax).optional() }), forecastViewSchema),
  "forecast.past": read(z.object({ asOfMonth: calendarMonth.optional() }), pastForecastSchema),
  "forecast.request": write(z.object({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax) }), z.object({ jobId: rowId })),
};
