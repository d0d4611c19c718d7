import { detailReport, periodChoice } from "@saldo/schema";
import { z } from "zod";
import { watch } from "../methods.ts";
import { calendarMonth, currencyCode } from "./money.ts";

/** The detail report of a period as a screen gets it. */
export const detailViewSchema = z.discriminatedUnion("kind", [
  /** No transaction yet. */
  z.object({ kind: z.literal("empty") }),
  z.object({
    kind: z.literal("report"),
    report: detailReport,
    /** The months that have transactions, first and last. */
    months: z.object({ first: calendarMonth, last: calendarMonth }),
    workspaceCurrency: currencyCode,
  }),
]);
/** See {@link detailViewSchema}. */
export type DetailView = z.output<typeof detailViewSchema>;

/** The detail report, live; without a period, of the last complete month, or of the only one there is. */
export const detailMethods = {
  "detail.watch": watch(z.object({ period: periodChoice.optional(), currency: z.string().length(3).optional() }), detailViewSchema),
};
