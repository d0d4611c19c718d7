import { z } from "zod";

/** An amount in a report. */
export const minorUnits = z.int();
/** `YYYY-MM`. */
export const month = z.string().regex(/^\d{4}-\d{2}$/);

/** A point forecast in minor units with its 80% and 95% prediction intervals. */
export const forecastRange = z.strictObject({ mean: minorUnits, lo80: minorUnits, hi80: minorUnits, lo95: minorUnits, hi95: minorUnits });
/** See {@link forecastRange}. */
export type ForecastRange = z.infer<typeof forecastRange>;
