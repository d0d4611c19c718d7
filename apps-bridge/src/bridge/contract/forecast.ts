import { forecastHorizonMonthsMax, forecastReport } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { instant, none, rowId } from "./money.ts";

/** The newest forecast, and the request that is not answered yet or has failed. */
export const forecastViewSchema = z.object({
  latest: z
    .object({
      computedBy: z.enum(["device", "cloud"]),
      computedAt: instant,
      report: forecastReport,
    })
    .nullable(),
  request: z
    .object({
      jobId: rowId,
      state: z.enum(["waiting", "running", "failed"]),
      requestedAt: instant,
      errorCode: z.string().nullable(),
    })
    .nullable(),
});
/** See {@link forecastViewSchema}. */
export type ForecastView = z.output<typeof forecastViewSchema>;

/** Forecasts: one of the device is always there; the cloud's is asked for. */
export const forecastMethods = {
  "forecast.watch": watch(none, forecastViewSchema),
  "forecast.request": write(z.object({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax) }), z.object({ jobId: rowId })),
};
