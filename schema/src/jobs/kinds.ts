import { z } from "zod";

/** Longest forecast, in months. */
export const forecastHorizonMonthsMax = 18;

/** Parameters of a `generate_forecast` job. */
export const forecastParameters = z.strictObject({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax) });

/** The job kinds a worker is registered for, with the zod type of their parameters. A request for any other kind is refused with a code. */
export const jobKinds = {
  generate_forecast: { parameters: forecastParameters, priority: "medium" },
} as const;

/** A job kind that can be requested. */
export type JobKind = keyof typeof jobKinds;

/** True when a kind has a registered worker. */
export function isJobKind(kind: string): kind is JobKind {
  return Object.hasOwn(jobKinds, kind);
}
