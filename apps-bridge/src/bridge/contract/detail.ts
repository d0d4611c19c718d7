import { detailReport, figureOfSide, periodChoice, reportDays, rowsBehind } from "@saldo/schema";
import { z } from "zod";
import { read, watch } from "../methods.ts";
import { calendarMonth, currencyCode, minorAmount } from "./money.ts";

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

/** Why a figure is another than before: the parts of it that changed, largest change first, and what models of the cloud say of exactly this change. */
export const changeViewSchema = z.object({
  figure: figureOfSide,
  currency: currencyCode,
  now: reportDays,
  before: reportDays,
  nowMinor: minorAmount,
  beforeMinor: minorAmount,
  parts: z.array(z.object({ kind: z.enum(["category", "counterparty"]), name: z.string().nullable(), nowMinor: minorAmount, beforeMinor: minorAmount, rows: rowsBehind })),
  /** All other parts; they and those above add up to the figure. */
  rest: z.object({ nowMinor: minorAmount, beforeMinor: minorAmount }).nullable(),
  inWords: z.object({ sentences: z.array(z.string()), locale: z.enum(["en", "ru"]) }).nullable(),
});
/** See {@link changeViewSchema}. */
export type ChangeView = z.output<typeof changeViewSchema>;

const detailOf = { period: periodChoice.optional(), currency: currencyCode.optional() };

/** The detail report, live; without a period, of the last complete month, or of the only one there is. */
export const detailMethods = {
  "detail.watch": watch(z.object(detailOf), detailViewSchema),
  /** Null when the books do not reach back to anything to compare with. */
  "detail.why": read(z.object({ ...detailOf, figure: figureOfSide }), changeViewSchema.nullable()),
};
