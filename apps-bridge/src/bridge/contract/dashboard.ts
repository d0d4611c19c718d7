import { dashboardReport, periodChoice } from "@saldo/schema";
import { z } from "zod";
import { watch } from "../methods.ts";
import { calendarMonth } from "./money.ts";

/** The dashboard of a period as a screen gets it. */
export const dashboardViewSchema = z.discriminatedUnion("kind", [
  /** No transaction yet. */
  z.object({ kind: z.literal("empty") }),
  z.object({
    kind: z.literal("report"),
    report: dashboardReport,
    /** The months that have transactions, first and last. */
    months: z.object({ first: calendarMonth, last: calendarMonth }),
  }),
]);
/** See {@link dashboardViewSchema}. */
export type DashboardView = z.output<typeof dashboardViewSchema>;

/** The dashboard, live; without a period, of the last complete one, or of the only one there is. */
export const dashboardMethods = {
  "dashboard.watch": watch(z.object({ period: periodChoice.optional() }), dashboardViewSchema),
};
