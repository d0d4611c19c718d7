import { forecastHorizonMonthsMax, forecastReport } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { cloudJobSchema } from "./cloud.ts";
import { instant, rowId } from "./money.ts";

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

/** Forecasts: one of the device is always there; the cloud's is asked for. */
export const forecastMethods = {
  /** Stops computing when it is not watched any more. */
  "forecast.watch": watch(z.object({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax).optional() }), forecastViewSchema),
  "forecast.request": write(z.object({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax) }), z.object({ jobId: rowId })),
};
