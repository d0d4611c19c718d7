import { z } from "zod";
import { periodChoice } from "../reports/period.ts";
import type { Row } from "../tables/index.ts";

/** Longest forecast, in months. */
export const forecastHorizonMonthsMax = 18;

/** Parameters of a `generate_forecast` job. */
export const forecastParameters = z.strictObject({ horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax) });

/** Parameters of an `analyze_report` job: the report it makes, and what it is of. */
export const analyzeParameters = z.strictObject({
  title: z.string().min(1).max(200),
  period: periodChoice,
  /** Default: the workspace's currency if it has rows, else the one with most rows. */
  currency: z.string().regex(/^[A-Z]{3}$/).exactOptional(),
  horizonMonths: z.int().min(1).max(forecastHorizonMonthsMax),
});

/** How soon work is started: what a person waits for at the screen before what may take its time. */
export type JobPriority = "high" | "medium" | "low";

/** The priority of every kind of job a row can have. */
export const jobPriorities: Readonly<Record<Row<"job">["kind"], JobPriority>> = {
  analyze_report: "high",
  send_notification: "high",
  generate_forecast: "medium",
  export_pdf: "medium",
  sync_integration: "low",
};

/** The job kinds a worker is registered for, with the zod type of their parameters. A request for any other kind is refused with a code. */
export const jobKinds = {
  analyze_report: { parameters: analyzeParameters },
  generate_forecast: { parameters: forecastParameters },
} as const;

/** A job kind that can be requested. */
export type JobKind = keyof typeof jobKinds;

/** True when a kind has a registered worker. */
export function isJobKind(kind: string): kind is JobKind {
  return Object.hasOwn(jobKinds, kind);
}
