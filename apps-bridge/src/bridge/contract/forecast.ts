import { z } from "zod";
import { watch, write } from "../methods.ts";
import { calendarMonth, currencyCode, instant, minorAmount, rowId } from "./money.ts";

const forecastPoint = z.object({
  month: calendarMonth,
  mean: minorAmount,
  lo80: minorAmount,
  hi80: minorAmount,
  lo95: minorAmount,
  hi95: minorAmount,
});
/** One month of a forecast with its 80 % and 95 % prediction intervals, in minor units. */
export type ForecastPoint = z.output<typeof forecastPoint>;

/** A forecast as it was computed. */
export const forecastResultSchema = z.object({
  computedBy: z.enum(["device", "cloud"]),
  computedAt: instant,
  /** Name of the model, e.g. `holt_winters`. */
  model: z.string(),
  horizonMonths: z.int().positive(),
  currency: currencyCode,
  revenue: z.array(forecastPoint),
  expenses: z.array(forecastPoint),
  net: z.array(forecastPoint),
});
/** See {@link forecastResultSchema}. */
export type ForecastResult = z.output<typeof forecastResultSchema>;

/** The newest forecast and what is being computed. */
export const forecastViewSchema = z.object({
  latest: forecastResultSchema.nullable(),
  /** The last request when it is not answered yet, or was refused. */
  request: z
    .object({
      jobId: rowId,
      state: z.enum(["waiting", "running", "failed"]),
      requestedAt: instant,
      errorCode: z.string().nullable(),
    })
    .nullable(),
  /** Months of history a forecast needs and this company has. */
  history: z.object({ monthsNeeded: z.int(), monthsThere: z.int() }),
});
/** See {@link forecastViewSchema}. */
export type ForecastView = z.output<typeof forecastViewSchema>;

/** Forecasts. */
export const forecastMethods = {
  "forecast.watch": watch(z.object({}), forecastViewSchema),
  "forecast.request": write(z.object({ horizonMonths: z.int().min(1).max(24) }), z.object({ jobId: rowId })),
};
